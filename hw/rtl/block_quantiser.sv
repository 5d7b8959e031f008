// A word of 8-bit activations to a word of the cache: the largest value decides the scale, every value becomes a level 0 .. 15
// of it: level = value * 15 / largest, scale = largest / 15 / 2^exponent in Q2.14. Latency: $clog2(LANES) + 4.
`default_nettype none
module block_quantiser #(
    parameter int LANES = 32,
    parameter int TAG = 1
) (
    input  wire logic                                                                     i_clk,
    input  wire logic                                                                     i_rst,
    input  wire logic                                                                     i_valid,
    input  wire logic [TAG-1:0]                                                           i_tag,
    input  wire logic [3:0]                                                               i_exponent,
    input  wire logic [LANES*8-1:0]                                                       i_values,
    output wire logic                                                                     o_valid,
    output wire logic [TAG-1:0]                                                           o_tag,
    output logic [LANES*skiptune_pkg::LEVEL_BITS+skiptune_pkg::SCALE_BITS-1:0]            o_word
);
    localparam int LEVEL = skiptune_pkg::LEVEL_BITS;
    localparam int SCALE = skiptune_pkg::SCALE_BITS;
    localparam int TREE = $clog2(LANES);
    // 1/15 in Q.16.
    localparam logic [12:0] FIFTEENTH = 13'd4369;

    // 15 * 4096 / largest, rounded.
    logic [15:0] reciprocals [256];
    initial begin
        reciprocals[0] = '0;
        for (int m = 1; m < 256; m++)
            reciprocals[m] = 16'((61440 + m / 2) / m);
    end

    wire logic [7:0] largest;
    wire logic [LANES*8-1:0] values;
    wire logic [3:0] exponent, scale_exponent;
    max_tree #(.N(LANES), .WIDTH(8)) tree (.i_clk, .i_values, .o_max(largest));
    delay_line #(.WIDTH(LANES * 8), .CYCLES(TREE + 1)) held (.i_clk, .i_rst, .i_value(i_values), .o_value(values));
    delay_line #(.WIDTH(4), .CYCLES(TREE + 1)) held_exponent (.i_clk, .i_rst, .i_value(i_exponent), .o_value(exponent));
    delay_line #(.WIDTH(4), .CYCLES(1)) next_exponent (.i_clk, .i_rst, .i_value(exponent), .o_value(scale_exponent));
    delay_line #(.WIDTH(1 + TAG), .CYCLES(TREE + 4)) tag (.i_clk, .i_rst, .i_value({i_valid, i_tag}), .o_value({o_valid, o_tag}));

    logic [15:0] reciprocal;
    logic [7:0] scale_largest;
    logic [20:0] scale_product;
    logic [20:0] scale_shifted;
    wire logic [20:0] scale_rounded = (scale_shifted + 21'd1) >> 1;
    always_ff @(posedge i_clk) begin
        reciprocal <= reciprocals[largest];
        scale_largest <= largest;
        scale_product <= scale_largest * FIFTEENTH;
        // One bit more than the result, which decides the rounding.
        scale_shifted <= scale_product >> (scale_exponent + 4'd1);
        o_word[LANES*LEVEL +: SCALE] <= |scale_rounded[20:SCALE] ? '1 : scale_rounded[SCALE-1:0];
    end
    for (genvar i = 0; i < LANES; i++) begin : g_lane
        logic [23:0] product;
        logic [LEVEL-1:0] level;
        // The scale takes one cycle more than the levels.
        always_ff @(posedge i_clk) begin
            product <= values[i*8 +: 8] * reciprocal;
            level <= LEVEL'((product + 24'd2048) >> 12);
            o_word[i*LEVEL +: LEVEL] <= level;
        end
    end
endmodule
`default_nettype wire
