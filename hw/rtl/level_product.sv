// A signed 16-bit value times a level 0 .. 15, as a sum of two gated halves in logic. Latency: 1.
`default_nettype none
module level_product (
    input  wire logic               i_clk,
    input  wire logic signed [15:0] i_value,
    input  wire logic [3:0]         i_level,
    output logic signed [19:0]      o_product
);
    wire logic signed [17:0] one = i_level[0] ? {{2{i_value[15]}}, i_value} : '0;
    wire logic signed [17:0] two = i_level[1] ? {i_value[15], i_value, 1'b0} : '0;
    wire logic signed [17:0] four = i_level[2] ? {{2{i_value[15]}}, i_value} : '0;
    wire logic signed [17:0] eight = i_level[3] ? {i_value[15], i_value, 1'b0} : '0;
    wire logic signed [17:0] low = one + two;
    wire logic signed [17:0] high = four + eight;
    always_ff @(posedge i_clk) o_product <= {{2{low[17]}}, low} + {high, 2'b00};
endmodule
`default_nettype wire
