// One rank's share of a gradient word: block gradient * level, added up over the samples of a batch for every lane; then the
// masters' step. i_first begins a new sum, i_last ends it. Latency from the last sample to the new masters: 4; they stay
// until the next word's.
`default_nettype none
module gradient_lanes #(
    parameter int LANES = 32,
    localparam int MASTER = skiptune_pkg::MASTER_BITS,
    localparam int GRADIENT = skiptune_pkg::BLOCK_GRADIENT_BITS,
    localparam int LEVEL = skiptune_pkg::LEVEL_BITS
) (
    input  wire logic                       i_clk,
    input  wire logic                       i_rst,
    input  wire logic                       i_valid,
    input  wire logic                       i_first,
    input  wire logic                       i_last,
    input  wire logic signed [GRADIENT-1:0] i_gradient,
    input  wire logic [LANES*LEVEL-1:0]     i_levels,
    // The word's masters, two cycles after the last sample.
    input  wire logic [LANES*MASTER-1:0]    i_masters,
    output logic [LANES*MASTER-1:0]         o_masters
);
    localparam int DROP = skiptune_pkg::GRADIENT_FRACTION - skiptune_pkg::MASTER_FRACTION;
    localparam int PRODUCT = GRADIENT + LEVEL;
    // Up to 32 samples.
    localparam int SUM = PRODUCT + 5;
    localparam int WIDE = MASTER + DROP + 2;
    localparam int STEPPED = WIDE - DROP;

    wire logic valid, first, update;
    delay_line #(.WIDTH(2), .CYCLES(1)) begins (.i_clk, .i_rst, .i_value({i_valid, i_first}), .o_value({valid, first}));
    delay_line #(.CYCLES(3)) ends (.i_clk, .i_rst, .i_value(i_valid && i_last), .o_value(update));
    for (genvar i = 0; i < LANES; i++) begin : g_lane
        logic signed [PRODUCT-1:0] product;
        logic signed [SUM-1:0] sum;
        logic signed [WIDE-1:0] difference;
        logic signed [MASTER-1:0] master;
        wire logic signed [STEPPED-1:0] stepped = difference[WIDE-1:DROP];
        wire logic fits = stepped[STEPPED-1:MASTER-1] == '0 || &stepped[STEPPED-1:MASTER-1];
        assign master = i_masters[i*MASTER +: MASTER];
        always_ff @(posedge i_clk) begin
            product <= i_gradient * $signed({1'b0, i_levels[i*LEVEL +: LEVEL]});
            if (valid)
                sum <= (first ? '0 : sum) + {{SUM-PRODUCT{product[PRODUCT-1]}}, product};
            // master - ((sum + half) >> DROP), in one subtraction.
            difference <= {{2{master[MASTER-1]}}, master, DROP'((1 << (DROP - 1)) - 1)} - {{WIDE-SUM{sum[SUM-1]}}, sum};
            if (update)
                o_masters[i*MASTER +: MASTER] <= fits ? stepped[MASTER-1:0] : {stepped[STEPPED-1], {MASTER-1{!stepped[STEPPED-1]}}};
        end
        wire unused = &{1'b0, difference[DROP-1:0]};
    end
endmodule
`default_nettype wire
