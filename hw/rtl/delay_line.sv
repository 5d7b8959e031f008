// Delays a value. Latency: CYCLES (0: a wire). Cleared by reset.
`default_nettype none
module delay_line #(
    parameter int WIDTH = 1,
    parameter int CYCLES = 1
) (
    input  wire logic             i_clk,
    input  wire logic             i_rst,
    input  wire logic [WIDTH-1:0] i_value,
    output wire logic [WIDTH-1:0] o_value
);
    if (CYCLES == 0) begin : g_wire
        assign o_value = i_value;
        wire unused = &{1'b0, i_clk, i_rst};
    end else begin : g_line
        logic [WIDTH*CYCLES-1:0] line;
        if (CYCLES == 1) begin : g_one
            always_ff @(posedge i_clk) line <= i_rst ? '0 : i_value;
        end else begin : g_more
            always_ff @(posedge i_clk) line <= i_rst ? '0 : {line[WIDTH*(CYCLES-1)-1:0], i_value};
        end
        assign o_value = line[WIDTH*CYCLES-1 -: WIDTH];
    end
endmodule
`default_nettype wire
