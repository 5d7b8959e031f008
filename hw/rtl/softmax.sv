// The gradient of cross-entropy, times the rate: g = (softmax(y) - onehot) * rate, Q.22. The largest score is subtracted;
// e^-d = 2^-(d log2 e) from a table of 64 fractions and a shift; one reciprocal a sample. A sample a cycle.
// Latency: 2 * $clog2(CLASSES) + 19.
`default_nettype none
module softmax #(
    parameter int CLASSES = 10,
    parameter int TAG = 1,
    localparam int SCORE = skiptune_pkg::SCORE_BITS,
    localparam int GRADIENT = skiptune_pkg::GRADIENT_BITS,
    localparam int TREE = $clog2(CLASSES),
    localparam int LATENCY = 2 * TREE + 19
) (
    input  wire logic                               i_clk,
    input  wire logic                               i_rst,
    input  wire logic                               i_valid,
    input  wire logic [TAG-1:0]                     i_tag,
    input  wire logic [CLASSES*SCORE-1:0]           i_scores,
    input  wire logic [3:0]                         i_label,
    // Q.18, the same for all samples that are on their way.
    input  wire logic [skiptune_pkg::RATE_BITS-1:0] i_rate,
    output wire logic                               o_valid,
    output wire logic [TAG-1:0]                     o_tag,
    output wire logic [CLASSES*GRADIENT-1:0]        o_gradient
);
    localparam int DISTANCE = skiptune_pkg::DISTANCE_BITS;
    localparam int FRACTION = skiptune_pkg::EXPONENT_FRACTION;
    localparam int PROBABILITY = skiptune_pkg::PROBABILITY_FRACTION;
    localparam int RATE = skiptune_pkg::RATE_BITS;
    localparam logic [10:0] LOG2E = 11'd1477;

    // 2^-i/64 in Q.16, at most 65535.
    logic [15:0] powers [64];
    initial begin
        powers[0] = 16'd65535;
        powers[1] = 16'd64830;
        powers[2] = 16'd64132;
        powers[3] = 16'd63441;
        powers[4] = 16'd62757;
        powers[5] = 16'd62081;
        powers[6] = 16'd61413;
        powers[7] = 16'd60751;
        powers[8] = 16'd60097;
        powers[9] = 16'd59449;
        powers[10] = 16'd58809;
        powers[11] = 16'd58176;
        powers[12] = 16'd57549;
        powers[13] = 16'd56929;
        powers[14] = 16'd56316;
        powers[15] = 16'd55709;
        powers[16] = 16'd55109;
        powers[17] = 16'd54515;
        powers[18] = 16'd53928;
        powers[19] = 16'd53347;
        powers[20] = 16'd52773;
        powers[21] = 16'd52204;
        powers[22] = 16'd51642;
        powers[23] = 16'd51085;
        powers[24] = 16'd50535;
        powers[25] = 16'd49991;
        powers[26] = 16'd49452;
        powers[27] = 16'd48920;
        powers[28] = 16'd48393;
        powers[29] = 16'd47871;
        powers[30] = 16'd47356;
        powers[31] = 16'd46846;
        powers[32] = 16'd46341;
        powers[33] = 16'd45842;
        powers[34] = 16'd45348;
        powers[35] = 16'd44859;
        powers[36] = 16'd44376;
        powers[37] = 16'd43898;
        powers[38] = 16'd43425;
        powers[39] = 16'd42958;
        powers[40] = 16'd42495;
        powers[41] = 16'd42037;
        powers[42] = 16'd41584;
        powers[43] = 16'd41136;
        powers[44] = 16'd40693;
        powers[45] = 16'd40255;
        powers[46] = 16'd39821;
        powers[47] = 16'd39392;
        powers[48] = 16'd38968;
        powers[49] = 16'd38548;
        powers[50] = 16'd38133;
        powers[51] = 16'd37722;
        powers[52] = 16'd37316;
        powers[53] = 16'd36914;
        powers[54] = 16'd36516;
        powers[55] = 16'd36123;
        powers[56] = 16'd35734;
        powers[57] = 16'd35349;
        powers[58] = 16'd34968;
        powers[59] = 16'd34591;
        powers[60] = 16'd34219;
        powers[61] = 16'd33850;
        powers[62] = 16'd33486;
        powers[63] = 16'd33125;
    end

    delay_line #(.WIDTH(1 + TAG), .CYCLES(LATENCY)) tag (.i_clk, .i_rst, .i_value({i_valid, i_tag}), .o_value({o_valid, o_tag}));
    wire logic [3:0] class_of;
    delay_line #(.WIDTH(4), .CYCLES(2 * TREE + 16), .RESET(0)) held_label (.i_clk, .i_rst, .i_value(i_label), .o_value(class_of));

    // Offset binary compares without sign.
    logic [CLASSES*SCORE-1:0] offsets;
    wire logic [CLASSES*SCORE-1:0] scores;
    wire logic [SCORE-1:0] largest;
    max_tree #(.N(CLASSES), .WIDTH(SCORE)) most (.i_clk, .i_values(offsets), .o_max(largest));
    delay_line #(.WIDTH(CLASSES * SCORE), .CYCLES(TREE), .RESET(0)) held_scores (.i_clk, .i_rst, .i_value(offsets), .o_value(scores));

    logic [CLASSES*17-1:0] exponentials;
    wire logic [CLASSES*17-1:0] numerators;
    wire logic signed [16+TREE:0] sum;
    wire logic [17:0] inverse;
    adder_tree #(.N(CLASSES), .WIDTH(17)) adder (.i_clk, .i_terms(exponentials), .o_sum(sum));
    reciprocal #(.WIDTH(17 + TREE)) divider (.i_clk, .i_divisor(sum), .o_quotient(inverse));
    delay_line #(.WIDTH(CLASSES * 17), .CYCLES(TREE + 9), .RESET(0)) held (.i_clk, .i_rst, .i_value(exponentials), .o_value(numerators));

    for (genvar c = 0; c < CLASSES; c++) begin : g_class
        assign offsets[c*SCORE +: SCORE] = {!i_scores[c*SCORE+SCORE-1], i_scores[c*SCORE +: SCORE-1]};

        // e^-d
        logic [SCORE-1:0] distance;
        logic [DISTANCE-1:0] limited;
        logic [DISTANCE+10:0] product;
        logic [10:0] exponent;
        logic [15:0] power;
        logic [4:0] whole;
        wire logic [DISTANCE+10:0] rounded = product + (DISTANCE+11)'(1 << 15);
        logic [15:0] exponential;
        assign exponentials[c*17 +: 17] = {1'b0, exponential};
        always_ff @(posedge i_clk) begin
            distance <= largest - scores[c*SCORE +: SCORE];
            limited <= |distance[SCORE-1:DISTANCE] ? '1 : distance[DISTANCE-1:0];
            product <= limited * LOG2E;
            exponent <= rounded[DISTANCE+10:16];
            power <= powers[exponent[FRACTION-1:0]];
            whole <= exponent[10:FRACTION];
            exponential <= power >> whole;
        end
        wire unused = &{1'b0, rounded[15:0]};

        // Its share, less one for the sample's class, times the rate.
        logic signed [34:0] share;
        logic signed [PROBABILITY+1:0] difference;
        logic signed [PROBABILITY+RATE+2:0] scaled;
        always_ff @(posedge i_clk) begin
            share <= $signed({1'b0, numerators[c*17 +: 16]}) * $signed({1'b0, inverse});
            difference <= {1'b0, share[33:17]} - (class_of == 4'(c) ? (PROBABILITY+2)'(1 << PROBABILITY) : '0);
            scaled <= difference * $signed({1'b0, i_rate});
        end
        saturate #(
            .WIDTH(PROBABILITY + RATE + 3),
            .DROP(PROBABILITY + skiptune_pkg::RATE_FRACTION - skiptune_pkg::GRADIENT_FRACTION),
            .OUT(GRADIENT)
        ) limit (.i_clk, .i_value(scaled), .o_value(o_gradient[c*GRADIENT +: GRADIENT]));
        wire unused_share = &{1'b0, share[34], share[16:0], numerators[c*17+16]};
    end
endmodule
`default_nettype wire
