// A signed value, divided by 2^DROP, halves rounded up, limited to OUT bits. Latency: 1.
`default_nettype none
module saturate #(
    parameter int WIDTH = 40,
    parameter int DROP = 8,
    parameter int OUT = 16
) (
    input  wire logic                    i_clk,
    input  wire logic signed [WIDTH-1:0] i_value,
    output logic signed [OUT-1:0]        o_value
);
    localparam int KEPT = WIDTH + 1 - DROP;
    wire logic signed [WIDTH:0] rounded = {i_value[WIDTH-1], i_value} + $signed({{KEPT{1'b0}}, 1'b1, {DROP-1{1'b0}}});
    wire logic signed [KEPT-1:0] kept = rounded[WIDTH:DROP];
    if (KEPT > OUT) begin : g_limit
        wire logic fits = kept[KEPT-1:OUT-1] == '0 || &kept[KEPT-1:OUT-1];
        always_ff @(posedge i_clk) o_value <= fits ? kept[OUT-1:0] : {kept[KEPT-1], {OUT-1{!kept[KEPT-1]}}};
    end else begin : g_extend
        always_ff @(posedge i_clk) o_value <= {{OUT-KEPT+1{kept[KEPT-1]}}, kept[KEPT-2:0]};
    end
    wire unused = &{1'b0, rounded[DROP-1:0]};
endmodule
`default_nettype wire
