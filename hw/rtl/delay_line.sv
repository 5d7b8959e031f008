// Delays a value. Latency: CYCLES (0: a wire). With RESET cleared by reset; data without it may become shift registers.
`default_nettype none
module delay_line #(
    parameter int WIDTH = 1,
    parameter int CYCLES = 1,
    parameter bit RESET = 1
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
        wire logic [WIDTH*CYCLES-1:0] next = (WIDTH*CYCLES)'({line, i_value});
        if (RESET) begin : g_reset
            always_ff @(posedge i_clk) line <= i_rst ? '0 : next;
        end else begin : g_data
            always_ff @(posedge i_clk) line <= next;
            wire unused = i_rst;
        end
        assign o_value = line[WIDTH*CYCLES-1 -: WIDTH];
    end
endmodule
`default_nettype wire
