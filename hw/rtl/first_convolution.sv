// Convolution 5x5, padding 2, of 28x28x1 to 6 channels, then the largest of each 2x2 outputs, bias, ReLU.
// Two pixels come and two places are computed in a cycle; five rows of 28 pixels lie in rings that turn by two. A frame
// takes 31 rows of 14 cycles = 434 cycles: 28 rows of pixels, three rows of zeros that end this frame and begin the next.
// Latency from a pair of pixels to the place it completes: two rows and 13 cycles.
`default_nettype none
module first_convolution #(
    parameter int CHANNELS = 6
) (
    input  wire logic                                         i_clk,
    input  wire logic                                         i_rst,
    // weight [channel][kernel row][kernel column]
    input  wire logic [CHANNELS*25*8-1:0]                     i_weights,
    input  wire logic [CHANNELS*skiptune_pkg::SUM_BITS-1:0]   i_bias,
    input  wire logic [skiptune_pkg::SHIFT_BITS-1:0]          i_shift,
    // The next frame may begin.
    input  wire logic                                         i_room,
    input  wire logic                                         i_valid,
    input  wire logic [15:0]                                  i_pixels,
    output wire logic                                         o_ready,
    output wire logic                                         o_frame_start,
    // A place after pooling, in rows from left to right.
    output wire logic                                         o_valid,
    output wire logic [CHANNELS*8-1:0]                        o_place
);
    localparam int EDGE = 28;
    localparam int PAIRS = EDGE / 2;
    localparam int ROWS = EDGE + 3;
    localparam int RING = EDGE * 8;
    localparam int PRODUCT = 16;
    localparam int SUM = PRODUCT + 5;
    localparam int LATENCY = 2 + 5;

    // Rows and pairs of pixels: what is being received, three rows ahead of what is computed.
    logic [4:0] row;
    logic [3:0] pair;
    wire logic zeros = row >= 5'(EDGE);
    wire logic begins = row == 0 && pair == 0;
    wire logic advance = zeros || (i_valid && o_ready);
    wire logic ends = pair == 4'(PAIRS - 1);
    assign o_ready = !zeros && (!begins || i_room);
    assign o_frame_start = begins && advance;
    always_ff @(posedge i_clk) begin
        if (i_rst) begin
            row <= '0;
            pair <= '0;
        end else if (advance) begin
            pair <= ends ? '0 : pair + 1'b1;
            if (ends)
                row <= row == 5'(ROWS - 1) ? '0 : row + 1'b1;
        end
    end

    // Rings: 0 is the oldest row. The pair at hand lies lowest. The next row is being received.
    logic [5*RING-1:0] rings, turned;
    logic [RING-17:0] received;
    wire logic [RING-1:0] receiving = {zeros ? 16'd0 : i_pixels, received};
    for (genvar r = 0; r < 5; r++) begin : g_turn
        assign turned[r*RING +: RING] = {rings[r*RING +: 16], rings[r*RING+16 +: RING-16]};
    end
    always_ff @(posedge i_clk) begin
        if (i_rst) begin
            rings <= '0;
        end else if (advance) begin
            rings <= ends ? {receiving, turned[RING +: 4*RING]} : turned;
            received <= receiving[RING-1:16];
        end
    end

    // Five rows of six pixels: two left of the pair, the pair, two right of it.
    logic [5*6*8-1:0] window;
    logic window_valid;
    logic window_odd;
    logic [3:0] window_pair;
    for (genvar r = 0; r < 5; r++) begin : g_window
        always_ff @(posedge i_clk) begin
            if (advance) begin
                window[r*48 +: 48] <= {
                    ends ? 16'd0 : rings[r*RING+16 +: 16],
                    rings[r*RING +: 16],
                    pair == 0 ? 16'd0 : rings[r*RING+RING-16 +: 16]};
            end
        end
    end
    always_ff @(posedge i_clk) begin
        window_valid <= !i_rst && advance && row >= 3;
        window_odd <= !row[0];
        window_pair <= pair;
    end

    // Two places, each the sum of 25 products for each channel.
    logic [2*CHANNELS*SUM-1:0] sums;
    for (genvar place = 0; place < 2; place++) begin : g_place
        logic [CHANNELS*25*PRODUCT-1:0] products;
        for (genvar c = 0; c < CHANNELS; c += 2) begin : g_channels
            for (genvar t = 0; t < 25; t++) begin : g_tap
                dual_multiplier multiplier (
                    .i_clk,
                    .i_a(i_weights[(c*25+t)*8 +: 8]),
                    .i_b(i_weights[((c+1)*25+t)*8 +: 8]),
                    .i_x(window[(t/5)*48+(t%5+place)*8 +: 8]),
                    .o_a(products[(c*25+t)*PRODUCT +: PRODUCT]),
                    .o_b(products[((c+1)*25+t)*PRODUCT +: PRODUCT]));
            end
        end
        for (genvar c = 0; c < CHANNELS; c++) begin : g_sum
            adder_tree #(.N(25), .WIDTH(PRODUCT)) tree (
                .i_clk, .i_terms(products[c*25*PRODUCT +: 25*PRODUCT]), .o_sum(sums[(place*CHANNELS+c)*SUM +: SUM]));
        end
    end

    wire logic sum_valid, sum_odd;
    wire logic [3:0] sum_pair;
    delay_line #(.WIDTH(6), .CYCLES(LATENCY)) tag (
        .i_clk, .i_rst, .i_value({window_valid, window_odd, window_pair}), .o_value({sum_valid, sum_odd, sum_pair}));

    // The larger of the two, then of the row above's.
    logic across_valid, across_odd, down_valid, biased_valid;
    logic [3:0] across_pair;
    logic [CHANNELS*SUM-1:0] across, above, down;
    logic [CHANNELS*SUM-1:0] line [16];
    assign above = line[across_pair];
    always_ff @(posedge i_clk) begin
        across_valid <= !i_rst && sum_valid;
        across_odd <= sum_odd;
        across_pair <= sum_pair;
        down_valid <= !i_rst && across_valid && across_odd;
        biased_valid <= !i_rst && down_valid;
        if (across_valid && !across_odd)
            line[across_pair] <= across;
    end
    for (genvar c = 0; c < CHANNELS; c++) begin : g_pool
        logic signed [SUM-1:0] left, right, upper, lower, best;
        logic signed [skiptune_pkg::SUM_BITS-1:0] bias, biased;
        assign left = sums[c*SUM +: SUM];
        assign right = sums[(CHANNELS+c)*SUM +: SUM];
        assign upper = above[c*SUM +: SUM];
        assign lower = across[c*SUM +: SUM];
        assign best = down[c*SUM +: SUM];
        assign bias = i_bias[c*skiptune_pkg::SUM_BITS +: skiptune_pkg::SUM_BITS];
        always_ff @(posedge i_clk) begin
            across[c*SUM +: SUM] <= left > right ? left : right;
            down[c*SUM +: SUM] <= upper > lower ? upper : lower;
            biased <= {{skiptune_pkg::SUM_BITS-SUM{best[SUM-1]}}, best} + bias;
        end
        requantise scaled (.i_clk, .i_enable(1'b1), .i_shift, .i_sum(biased), .o_value(o_place[c*8 +: 8]));
    end
    delay_line #(.CYCLES(2)) out_valid (.i_clk, .i_rst, .i_value(biased_valid), .o_value(o_valid));
endmodule
`default_nettype wire
