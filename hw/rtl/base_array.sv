// The frozen network: images in, words of the cache and scores out. Its layers work at the same time on different images; the
// slowest takes 500 cycles an image. Words leave in any order of layers; those of a layer in order.
`default_nettype none
module base_array #(
    parameter int LANES = 32,
    parameter int CLASSES = 10,
    parameter int SAMPLE_BITS = 10,
    localparam int WORD = LANES * skiptune_pkg::LEVEL_BITS + skiptune_pkg::SCALE_BITS,
    localparam int SUM = skiptune_pkg::SUM_BITS,
    localparam int SCORE = skiptune_pkg::BASE_SCORE_BITS
) (
    input  wire logic                                   i_clk,
    input  wire logic                                   i_rst,
    // Parameters, see the modules. One data bus; the rows of weights are written one at a time.
    input  wire logic [6*25*8-1:0]                      i_first_weights,
    input  wire logic [6*SUM-1:0]                       i_first_bias,
    input  wire logic [16*SUM-1:0]                      i_second_bias,
    input  wire logic [4:0]                             i_weight_write,
    input  wire logic [8:0]                             i_weight_row,
    input  wire logic [16*30*8-1:0]                     i_weights,
    input  wire logic [5*skiptune_pkg::SHIFT_BITS-1:0]  i_shifts,
    input  wire logic [5*4-1:0]                         i_exponents,
    // Two pixels at a time.
    input  wire logic                                   i_valid,
    input  wire logic [15:0]                            i_pixels,
    output wire logic                                   o_ready,
    // Words for the cache. The last word of a sample's last layer comes after all others of the sample, and not more than 13
    // cycles before its scores, which training reads only after the words of the first layer.
    output wire logic                                   o_valid,
    output wire logic [skiptune_pkg::WORD_BITS-1:0]     o_index,
    output wire logic [SAMPLE_BITS-1:0]                 o_sample,
    output wire logic                                   o_last,
    output wire logic [WORD-1:0]                        o_word,
    // Scores of a sample.
    output logic                                        o_scores_valid,
    output logic [SAMPLE_BITS-1:0]                      o_scores_sample,
    output logic [CLASSES*SCORE-1:0]                    o_scores
);
    localparam int SHIFT = skiptune_pkg::SHIFT_BITS;
    localparam int INDEX = skiptune_pkg::WORD_BITS;

    // Convolutions.
    wire logic room, frame_start, first_valid, second_valid;
    wire logic [47:0] first_place;
    wire logic [127:0] second_place;
    first_convolution first (
        .i_clk, .i_rst, .i_weights(i_first_weights), .i_bias(i_first_bias), .i_shift(i_shifts[0 +: SHIFT]), .i_room(room),
        .i_valid, .i_pixels, .o_ready, .o_frame_start(frame_start), .o_valid(first_valid), .o_place(first_place));
    second_convolution second (
        .i_clk, .i_rst, .i_weight_write(i_weight_write[1]), .i_weight_row(i_weight_row[2:0]), .i_weights, .i_bias(i_second_bias),
        .i_shift(i_shifts[SHIFT +: SHIFT]), .o_room(room), .i_frame_start(frame_start), .i_valid(first_valid), .i_place(first_place),
        .o_valid(second_valid), .o_place(second_place));

    // The 16 channels of a place, one a cycle; they come every 20 cycles.
    logic [127:0] channels;
    logic [4:0] channels_left;
    wire logic channel_ready;
    wire logic channel_valid = channels_left != 0;
    always_ff @(posedge i_clk) begin
        if (i_rst)
            channels_left <= '0;
        else if (second_valid)
            channels_left <= 5'd16;
        else if (channel_valid && channel_ready)
            channels_left <= channels_left - 1'b1;
        if (second_valid)
            channels <= second_place;
        else if (channel_ready)
            channels <= channels >> 8;
    end

    // Dense layers.
    wire logic third_valid, third_ready, fourth_valid, fourth_ready, score_valid;
    wire logic [7:0] third_value, fourth_value;
    wire logic [SCORE-1:0] score;
    dense_layer #(.INPUTS(400), .OUTPUTS(120), .GROUPS(1)) third (
        .i_clk, .i_rst, .i_weight_write(i_weight_write[2]), .i_weight_row(i_weight_row), .i_weights(i_weights[120*8-1:0]),
        .i_shift(i_shifts[2*SHIFT +: SHIFT]), .i_valid(channel_valid), .i_value(channels[7:0]), .o_ready(channel_ready),
        .o_valid(third_valid), .o_value(third_value), .i_ready(third_ready));
    dense_layer #(.INPUTS(120), .OUTPUTS(84), .GROUPS(3)) fourth (
        .i_clk, .i_rst, .i_weight_write(i_weight_write[3]), .i_weight_row(i_weight_row), .i_weights(i_weights[28*8-1:0]),
        .i_shift(i_shifts[3*SHIFT +: SHIFT]), .i_valid(third_valid), .i_value(third_value), .o_ready(third_ready),
        .o_valid(fourth_valid), .o_value(fourth_value), .i_ready(fourth_ready));
    dense_layer #(.INPUTS(84), .OUTPUTS(CLASSES), .GROUPS(1), .OUT(SCORE), .SIGNED(1)) fifth (
        .i_clk, .i_rst, .i_weight_write(i_weight_write[4]), .i_weight_row(i_weight_row[6:0]), .i_weights(i_weights[CLASSES*8-1:0]),
        .i_shift(i_shifts[4*SHIFT +: SHIFT]), .i_valid(fourth_valid), .i_value(fourth_value), .o_ready(fourth_ready),
        .o_valid(score_valid), .o_value(score), .i_ready(1'b1));

    // Scores come one by one.
    logic [4:0] scores_count;
    wire logic scores_end = score_valid && scores_count == 5'(CLASSES - 1);
    always_ff @(posedge i_clk) begin
        if (score_valid)
            o_scores <= (CLASSES*SCORE)'({score, o_scores} >> SCORE);
        if (i_rst) begin
            scores_count <= '0;
            o_scores_valid <= 1'b0;
            o_scores_sample <= '1;
        end else begin
            if (score_valid)
                scores_count <= scores_end ? '0 : scores_count + 1'b1;
            o_scores_valid <= scores_end;
            o_scores_sample <= o_scores_sample + SAMPLE_BITS'(scores_end);
        end
    end

    // Words of the five layers; those that come fastest go first.
    logic [4:0] full, take, last;
    logic [5*LANES*8-1:0] words;
    logic [5*INDEX-1:0] indices;
    logic [5*SAMPLE_BITS-1:0] samples;
    word_packer #(.LANES(LANES), .VALUES(2), .COUNT(784), .SAMPLE_BITS(SAMPLE_BITS)) pack0 (
        .i_clk, .i_rst, .i_valid(i_valid && o_ready), .i_values(i_pixels), .o_valid(full[0]), .o_word(words[0 +: LANES*8]),
        .o_index(indices[0 +: INDEX]), .o_last(last[0]), .o_sample(samples[0 +: SAMPLE_BITS]), .i_take(take[0]));
    word_packer #(.LANES(LANES), .VALUES(6), .COUNT(1176), .SAMPLE_BITS(SAMPLE_BITS)) pack1 (
        .i_clk, .i_rst, .i_valid(first_valid), .i_values(first_place), .o_valid(full[1]), .o_word(words[LANES*8 +: LANES*8]),
        .o_index(indices[INDEX +: INDEX]), .o_last(last[1]), .o_sample(samples[SAMPLE_BITS +: SAMPLE_BITS]), .i_take(take[1]));
    word_packer #(.LANES(LANES), .VALUES(16), .COUNT(400), .SAMPLE_BITS(SAMPLE_BITS)) pack2 (
        .i_clk, .i_rst, .i_valid(second_valid), .i_values(second_place), .o_valid(full[2]), .o_word(words[2*LANES*8 +: LANES*8]),
        .o_index(indices[2*INDEX +: INDEX]), .o_last(last[2]), .o_sample(samples[2*SAMPLE_BITS +: SAMPLE_BITS]), .i_take(take[2]));
    word_packer #(.LANES(LANES), .VALUES(1), .COUNT(120), .SAMPLE_BITS(SAMPLE_BITS)) pack3 (
        .i_clk, .i_rst, .i_valid(third_valid && third_ready), .i_values(third_value), .o_valid(full[3]), .o_word(words[3*LANES*8 +: LANES*8]),
        .o_index(indices[3*INDEX +: INDEX]), .o_last(last[3]), .o_sample(samples[3*SAMPLE_BITS +: SAMPLE_BITS]), .i_take(take[3]));
    word_packer #(.LANES(LANES), .VALUES(1), .COUNT(84), .SAMPLE_BITS(SAMPLE_BITS)) pack4 (
        .i_clk, .i_rst, .i_valid(fourth_valid && fourth_ready), .i_values(fourth_value), .o_valid(full[4]), .o_word(words[4*LANES*8 +: LANES*8]),
        .o_index(indices[4*INDEX +: INDEX]), .o_last(last[4]), .o_sample(samples[4*SAMPLE_BITS +: SAMPLE_BITS]), .i_take(take[4]));

    assign take[1] = full[1];
    assign take[0] = full[0] && !full[1];
    assign take[2] = full[2] && !full[1] && !full[0];
    assign take[3] = full[3] && full[2:0] == 0;
    assign take[4] = full[4] && full[3:0] == 0;

    logic chosen_valid, chosen_last;
    logic [LANES*8-1:0] chosen_word;
    logic [INDEX-1:0] chosen_index;
    logic [SAMPLE_BITS-1:0] chosen_sample;
    logic [3:0] chosen_exponent;
    always_ff @(posedge i_clk) begin
        chosen_valid <= !i_rst && full != 0;
        for (int k = 0; k < 5; k++) begin
            if (take[k]) begin
                chosen_word <= words[k*LANES*8 +: LANES*8];
                chosen_index <= indices[k*INDEX +: INDEX] + INDEX'(skiptune_pkg::first_word(k, LANES));
                chosen_sample <= samples[k*SAMPLE_BITS +: SAMPLE_BITS];
                chosen_exponent <= i_exponents[k*4 +: 4];
                chosen_last <= last[k] && k == 4;
            end
        end
    end
    block_quantiser #(.LANES(LANES), .TAG(INDEX + SAMPLE_BITS + 1)) quantiser (
        .i_clk, .i_rst, .i_valid(chosen_valid), .i_tag({chosen_index, chosen_sample, chosen_last}), .i_exponent(chosen_exponent),
        .i_values(chosen_word), .o_valid, .o_tag({o_index, o_sample, o_last}), .o_word);
    wire unused = &{1'b0, last[3:0], i_weight_write[0]};
endmodule
`default_nettype wire
