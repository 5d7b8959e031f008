// Skip-LoRA on cached samples: the cache, A and B with their gradients, and the loop that trains them. What passes through
// after a command was issued, in cycles (T is $clog2 of LANES, CLASSES or RANK):
//   backward: 0 reads g, h, B; TC+3 writes the gradient of h; 5 writes B
//   gradient: TC+1 looks the sample up; +4 the word is there; +6 lanes; +10 the new A is in the lanes' registers
//   forward:  TC+6 looks the sample up; +4 the word is there; +7+TL sums; +9+TL h; +12+TL+TR scores; 2TC+19 later g
`default_nettype none
module adapter_engine #(
    parameter int LANES = 32,
    parameter int RANK = 4,
    parameter int CLASSES = 10,
    parameter int SAMPLES = 1024,
    parameter int BATCH = 32,
    localparam int WORDS = skiptune_pkg::first_word(skiptune_pkg::LAYERS, LANES),
    localparam int WORD = LANES * skiptune_pkg::LEVEL_BITS + skiptune_pkg::SCALE_BITS,
    localparam int SAMPLE_BITS = $clog2(SAMPLES),
    localparam int MASTER = skiptune_pkg::MASTER_BITS,
    localparam int BASE = skiptune_pkg::BASE_SCORE_BITS,
    localparam int DOWN = LANES * RANK * MASTER,
    localparam int UP = CLASSES * RANK * MASTER,
    localparam int SLOT = skiptune_pkg::WORD_BITS,
    localparam int LAYER = skiptune_pkg::LAYER_BITS
) (
    input  wire logic                   i_clk,
    input  wire logic                   i_rst,
    input  wire logic                   i_start,
    input  wire logic [15:0]            i_steps,
    input  wire logic [SAMPLE_BITS:0]   i_samples,
    output wire logic                   o_busy,
    output wire logic                   o_done,
    output wire logic                   o_error,
    output logic [SAMPLE_BITS:0]        o_stored,
    // What the sequencer does in this cycle, for counters.
    output wire logic                   o_issue,
    output wire logic                   o_waits_samples,
    output wire logic                   o_waits_order,
    // The order of training.
    input  wire logic                   i_order_valid,
    input  wire logic [31:0]            i_order,
    input  wire logic                   i_order_last,
    output wire logic                   o_order_ready,
    // From the base array.
    input  wire logic                   i_write,
    input  wire logic [SLOT-1:0]        i_write_word,
    input  wire logic [SAMPLE_BITS-1:0] i_write_sample,
    input  wire logic                   i_write_last,
    input  wire logic [WORD-1:0]        i_write_data,
    input  wire logic                   i_scores_write,
    input  wire logic [SAMPLE_BITS-1:0] i_scores_sample,
    input  wire logic [CLASSES*BASE-1:0] i_scores,
    input  wire logic                   i_label_write,
    input  wire logic [SAMPLE_BITS-1:0] i_label_sample,
    input  wire logic [3:0]             i_label,
    // Masters, while the engine is idle. A read of A takes three cycles, of B two.
    input  wire logic                   i_down_write,
    input  wire logic                   i_up_write,
    input  wire logic [SLOT-1:0]        i_row,
    input  wire logic [DOWN-1:0]        i_down,
    input  wire logic [UP-1:0]          i_up,
    output wire logic [DOWN-1:0]        o_down,
    output wire logic [UP-1:0]          o_up
);
    localparam int BATCH_BITS = $clog2(BATCH);
    localparam int COPY = skiptune_pkg::COPY_BITS;
    localparam int LEVELS = LANES * skiptune_pkg::LEVEL_BITS;
    localparam int SCALE = skiptune_pkg::SCALE_BITS;
    localparam int HIDDEN = skiptune_pkg::HIDDEN_BITS;
    localparam int GRADIENT = skiptune_pkg::GRADIENT_BITS;
    localparam int BLOCK = skiptune_pkg::BLOCK_GRADIENT_BITS;
    localparam int SCORE = skiptune_pkg::SCORE_BITS;
    localparam int ROW_BITS = $clog2(WORDS);
    localparam int ADDRESS = $clog2(WORDS * SAMPLES);
    localparam int TL = $clog2(LANES);
    localparam int TC = $clog2(CLASSES);
    localparam int TR = $clog2(RANK);
    localparam int TERM = COPY + skiptune_pkg::LEVEL_BITS + TL + SCALE + 1
        - (skiptune_pkg::COPY_FRACTION + skiptune_pkg::SCALE_FRACTION - skiptune_pkg::HIDDEN_SUM_FRACTION);

    // Stages, in cycles after a command was issued.
    localparam int GRADIENT_LOOKUP = TC + 1;
    localparam int GRADIENT_WORD = GRADIENT_LOOKUP + 4;
    localparam int GRADIENT_LANES = GRADIENT_WORD + 2;
    localparam int DOWN_WRITE = GRADIENT_LANES + 4;
    localparam int FORWARD_LOOKUP = GRADIENT_LOOKUP + 5;
    localparam int FORWARD_WORD = FORWARD_LOOKUP + 4;
    localparam int HIDDEN_ADD = FORWARD_WORD + TL + 3;
    localparam int HIDDEN_THERE = HIDDEN_ADD + 2;
    localparam int SCORES_THERE = HIDDEN_THERE + TR + 3;

    // The layer of a word; whether it is the layer's first or last.
    function automatic logic [LAYER+1:0] place_of(input logic [SLOT-1:0] word);
        place_of = '0;
        for (int k = 0; k < skiptune_pkg::LAYERS; k++) begin
            if (word >= SLOT'(skiptune_pkg::first_word(k, LANES)))
                place_of[LAYER+1:2] = LAYER'(k);
            if (word == SLOT'(skiptune_pkg::first_word(k, LANES)))
                place_of[1] = 1'b1;
            if (word == SLOT'(skiptune_pkg::first_word(k + 1, LANES) - 1))
                place_of[0] = 1'b1;
        end
    endfunction

    // Sequencer and order.
    wire logic available, begins, releases, released, got_gradient;
    wire logic does_gradient, does_forward, does_backward, first, last;
    wire logic [BATCH_BITS-1:0] batch_last, sample;
    wire logic [skiptune_pkg::RATE_BITS-1:0] batch_rate, rate;
    wire logic [SAMPLE_BITS-1:0] newest, gradient_sample, forward_sample;
    wire logic [1:0] bank, gradient_bank, forward_bank, gradient_lookup_bank, forward_lookup_bank;
    wire logic [BATCH_BITS-1:0] gradient_place, forward_place;
    wire logic [SLOT-1:0] slot;
    sequencer #(.WORDS(WORDS), .SAMPLE_BITS(SAMPLE_BITS), .BATCH_BITS(BATCH_BITS)) control (
        .i_clk, .i_rst, .i_start, .i_steps, .o_busy, .o_done, .i_available(available), .i_last(batch_last), .i_rate(batch_rate),
        .i_newest(newest), .o_bank(bank), .o_begin(begins), .o_release(releases), .i_samples(o_stored), .i_gradient(got_gradient),
        .i_hold(i_write), .o_gradient(does_gradient), .o_forward(does_forward), .o_backward(does_backward), .o_issue,
        .o_slot(slot), .o_sample(sample), .o_first(first), .o_last(last), .o_gradient_bank(gradient_bank),
        .o_forward_bank(forward_bank), .o_rate(rate), .o_waits_samples, .o_waits_order);
    order_reader #(.SAMPLE_BITS(SAMPLE_BITS), .BATCH_BITS(BATCH_BITS)) order (
        .i_clk, .i_rst, .i_valid(i_order_valid), .i_entry(i_order), .i_last(i_order_last), .o_ready(o_order_ready), .i_samples,
        .o_error, .o_available(available), .i_bank(bank), .o_last(batch_last), .o_rate(batch_rate), .o_newest(newest),
        .i_begin(begins), .i_release(released), .i_a_bank(gradient_lookup_bank), .i_a_place(gradient_place), .o_a_sample(gradient_sample),
        .i_b_bank(forward_lookup_bank), .i_b_place(forward_place), .o_b_sample(forward_sample));

    // The last look-ups of a batch come when the next pass may have begun.
    delay_line #(.CYCLES(FORWARD_LOOKUP + 1)) release_later (.i_clk, .i_rst, .i_value(releases), .o_value(released));

    // Commands on their way.
    wire logic lanes_issue = o_issue && slot != SLOT'(WORDS);
    wire logic [SLOT-1:0] forward_slot = slot - 1'b1;
    wire logic [LAYER+1:0] gradient_at = place_of(slot);
    wire logic [LAYER+1:0] forward_at = place_of(forward_slot);

    wire logic gradient_read, forward_read;
    wire logic [SLOT-1:0] gradient_word, forward_word;
    delay_line #(.WIDTH(1 + SLOT + 2 + BATCH_BITS), .CYCLES(GRADIENT_LOOKUP)) gradient_lookup (
        .i_clk, .i_rst, .i_value({o_issue && does_gradient, slot, gradient_bank, sample}),
        .o_value({gradient_read, gradient_word, gradient_lookup_bank, gradient_place}));
    delay_line #(.WIDTH(1 + SLOT + 2 + BATCH_BITS), .CYCLES(FORWARD_LOOKUP)) forward_lookup (
        .i_clk, .i_rst, .i_value({o_issue && does_forward, forward_slot, forward_bank, sample}),
        .o_value({forward_read, forward_word, forward_lookup_bank, forward_place}));

    // The cache: a write comes GRADIENT_LOOKUP + 1 cycles after it was announced, into the gap that it made.
    wire logic write, write_last;
    wire logic [SLOT-1:0] write_word;
    wire logic [SAMPLE_BITS-1:0] write_sample;
    wire logic [WORD-1:0] write_data, gradient_data, forward_data;
    logic gradient_enable, forward_enable;
    logic [SAMPLE_BITS+SLOT-1:0] gradient_address, forward_address;
    wire logic [SAMPLE_BITS+SLOT-1:0] a_address = write ? {write_word, write_sample} : gradient_address;
    delay_line #(.CYCLES(GRADIENT_LOOKUP + 1)) write_gap (.i_clk, .i_rst, .i_value(i_write), .o_value(write));
    delay_line #(.WIDTH(1 + SLOT + SAMPLE_BITS + WORD), .CYCLES(GRADIENT_LOOKUP + 1), .RESET(0)) write_content (
        .i_clk, .i_rst, .i_value({i_write_last, i_write_word, i_write_sample, i_write_data}), .o_value({write_last, write_word, write_sample, write_data}));
    always_ff @(posedge i_clk) begin
        gradient_enable <= gradient_read;
        gradient_address <= {gradient_word, gradient_sample};
        forward_enable <= forward_read;
        forward_address <= {forward_word, forward_sample};
        if (i_rst || i_start)
            o_stored <= '0;
        else if (write && write_last)
            o_stored <= o_stored + 1'b1;
    end
    sample_cache #(.WIDTH(WORD), .DEPTH(WORDS * SAMPLES)) cache (
        .i_clk, .i_a_enable(write || gradient_enable), .i_a_write(write), .i_a_address(a_address[ADDRESS-1:0]), .i_a_data(write_data),
        .o_a_data(gradient_data), .i_b_enable(forward_enable), .i_b_address(forward_address[ADDRESS-1:0]), .o_b_data(forward_data));

    // Backward.
    wire logic [RANK*GRADIENT-1:0] new_hidden_gradient;
    wire logic [CLASSES*GRADIENT-1:0] new_gradient;
    wire logic [BATCH_BITS-1:0] new_gradient_sample, hidden_gradient_sample;
    wire logic [LAYER-1:0] hidden_gradient_layer, up_layer, up_write_layer, copy_layer;
    wire logic hidden_gradient_write, up_write;
    wire logic [UP-1:0] new_up;
    wire logic hidden_write;
    wire logic [LAYER-1:0] hidden_layer;
    wire logic [BATCH_BITS-1:0] hidden_sample;
    wire logic [RANK*HIDDEN-1:0] new_hidden;
    logic [UP-1:0] ups [8];
    logic [CLASSES*GRADIENT-1:0] gradients [1 << BATCH_BITS];
    logic [RANK*HIDDEN-1:0] hiddens [8 << BATCH_BITS];
    logic [RANK*GRADIENT-1:0] hidden_gradients [8 << BATCH_BITS];
    logic back_valid, back_first, back_last;
    logic [CLASSES*GRADIENT-1:0] back_gradient;
    logic [RANK*HIDDEN-1:0] back_hidden;
    logic [CLASSES*RANK*COPY-1:0] back_copies, score_copies;
    logic [UP-1:0] back_masters;
    wire logic [UP-1:0] back_up = ups[slot[LAYER-1:0]];
    wire logic [UP-1:0] score_up = ups[copy_layer];
    always_ff @(posedge i_clk) begin
        back_valid <= !i_rst && o_issue && does_backward;
        back_first <= first;
        back_last <= last;
        back_gradient <= does_backward ? gradients[sample] : '0;
        back_hidden <= hiddens[{slot[LAYER-1:0], sample}];
        back_masters <= ups[o_busy ? up_layer : i_row[LAYER-1:0]];
        if (got_gradient)
            gradients[new_gradient_sample] <= new_gradient;
        if (hidden_write)
            hiddens[{hidden_layer, hidden_sample}] <= new_hidden;
        if (hidden_gradient_write)
            hidden_gradients[{hidden_gradient_layer, hidden_gradient_sample}] <= new_hidden_gradient;
        if (up_write || i_up_write)
            ups[up_write ? up_write_layer : i_row[LAYER-1:0]] <= up_write ? new_up : i_up;
    end
    for (genvar e = 0; e < CLASSES * RANK; e++) begin : g_copy
        always_ff @(posedge i_clk) begin
            back_copies[e*COPY +: COPY] <= back_up[e*MASTER+MASTER-COPY +: COPY];
            score_copies[e*COPY +: COPY] <= score_up[e*MASTER+MASTER-COPY +: COPY];
        end
    end
    // A slot of layers goes on to the last of the longer batch; what is beyond a batch counts as zero.
    logic back_slot;
    always_ff @(posedge i_clk) back_slot <= !i_rst && o_issue && slot < SLOT'(skiptune_pkg::LAYERS) && o_busy;
    backward #(.RANK(RANK), .CLASSES(CLASSES)) back (
        .i_clk, .i_rst, .i_valid(back_slot), .i_first(back_first), .i_last(back_last), .i_gradient(back_gradient), .i_hidden(back_hidden),
        .i_copies(back_copies), .i_masters(back_masters), .o_hidden_gradient(new_hidden_gradient), .o_write(up_write), .o_masters(new_up));
    delay_line #(.WIDTH(LAYER), .CYCLES(2)) up_read (.i_clk, .i_rst, .i_value(slot[LAYER-1:0]), .o_value(up_layer));
    delay_line #(.WIDTH(LAYER), .CYCLES(3)) up_written (.i_clk, .i_rst, .i_value(up_layer), .o_value(up_write_layer));
    delay_line #(.WIDTH(1), .CYCLES(TC + 2)) hidden_gradient_valid (.i_clk, .i_rst, .i_value(back_valid), .o_value(hidden_gradient_write));
    delay_line #(.WIDTH(LAYER + BATCH_BITS), .CYCLES(TC + 3)) hidden_gradient_place (
        .i_clk, .i_rst, .i_value({slot[LAYER-1:0], sample}), .o_value({hidden_gradient_layer, hidden_gradient_sample}));

    // Gradient and step of A.
    wire logic word_gradient, lanes_valid, lanes_first, lanes_last, down_write;
    wire logic [LAYER-1:0] word_layer;
    wire logic [BATCH_BITS-1:0] word_sample;
    wire logic [SLOT-1:0] lanes_word, down_word;
    wire logic [LEVELS-1:0] lanes_levels;
    logic [RANK*GRADIENT-1:0] word_hidden_gradient;
    delay_line #(.WIDTH(1 + LAYER + BATCH_BITS), .CYCLES(GRADIENT_WORD - 1)) gradient_at_word (
        .i_clk, .i_rst, .i_value({o_issue && does_gradient, gradient_at[LAYER+1:2], sample}), .o_value({word_gradient, word_layer, word_sample}));
    delay_line #(.WIDTH(3 + SLOT), .CYCLES(GRADIENT_LANES)) gradient_at_lanes (
        .i_clk, .i_rst, .i_value({lanes_issue, first, last, slot}), .o_value({lanes_valid, lanes_first, lanes_last, lanes_word}));
    delay_line #(.WIDTH(1 + SLOT), .CYCLES(DOWN_WRITE - GRADIENT_LANES)) gradient_at_write (
        .i_clk, .i_rst, .i_value({lanes_valid && lanes_last, lanes_word}), .o_value({down_write, down_word}));
    delay_line #(.WIDTH(LEVELS), .CYCLES(2), .RESET(0)) held_levels (
        .i_clk, .i_rst, .i_value(gradient_data[LEVELS-1:0]), .o_value(lanes_levels));
    wire logic [RANK*GRADIENT-1:0] read_hidden_gradient = hidden_gradients[{word_layer, word_sample}];
    always_ff @(posedge i_clk) word_hidden_gradient <= word_gradient ? read_hidden_gradient : '0;

    wire logic [DOWN-1:0] masters, new_masters;
    master_memory #(.WIDTH(DOWN), .DEPTH(WORDS)) down (
        .i_clk, .i_write(down_write || i_down_write), .i_write_row(down_write ? down_word[ROW_BITS-1:0] : i_row[ROW_BITS-1:0]),
        .i_write_data(down_write ? new_masters : i_down), .i_read_row(o_busy ? lanes_word[ROW_BITS-1:0] : i_row[ROW_BITS-1:0]), .o_read_data(masters));
    assign o_down = masters;
    assign o_up = back_masters;

    // Forward.
    wire logic [RANK*TERM-1:0] terms;
    for (genvar r = 0; r < RANK; r++) begin : g_rank
        wire logic signed [GRADIENT-1:0] hidden_gradient = word_hidden_gradient[r*GRADIENT +: GRADIENT];
        logic signed [GRADIENT+SCALE:0] scaled;
        wire logic signed [BLOCK-1:0] block_gradient;
        always_ff @(posedge i_clk) scaled <= hidden_gradient * $signed({1'b0, gradient_data[LEVELS +: SCALE]});
        saturate #(.WIDTH(GRADIENT + SCALE + 1), .DROP(skiptune_pkg::SCALE_FRACTION), .OUT(BLOCK)) limit (
            .i_clk, .i_value(scaled), .o_value(block_gradient));
        gradient_lanes #(.LANES(LANES)) lanes (
            .i_clk, .i_rst, .i_valid(lanes_valid), .i_first(lanes_first), .i_last(lanes_last), .i_gradient(block_gradient), .i_levels(lanes_levels),
            .i_masters(masters[r*LANES*MASTER +: LANES*MASTER]), .o_masters(new_masters[r*LANES*MASTER +: LANES*MASTER]));

        wire logic [LANES*COPY-1:0] copies;
        for (genvar i = 0; i < LANES; i++) begin : g_lane
            assign copies[i*COPY +: COPY] = new_masters[(r*LANES+i)*MASTER+MASTER-COPY +: COPY];
        end
        dot_product #(.LANES(LANES)) dot (
            .i_clk, .i_rst, .i_copies(copies), .i_levels(forward_data[LEVELS-1:0]), .i_scale(forward_data[LEVELS +: SCALE]), .o_product(terms[r*TERM +: TERM]));
    end

    wire logic add, add_first, add_last;
    wire logic [LAYER-1:0] add_layer;
    wire logic [BATCH_BITS-1:0] add_sample;
    delay_line #(.WIDTH(1 + LAYER + 2 + BATCH_BITS), .CYCLES(HIDDEN_ADD)) forward_at_sum (
        .i_clk, .i_rst, .i_value({o_issue && does_forward, forward_at, sample}), .o_value({add, add_layer, add_first, add_last, add_sample}));
    delay_line #(.WIDTH(1 + LAYER + BATCH_BITS), .CYCLES(2)) forward_at_hidden (
        .i_clk, .i_rst, .i_value({add && add_last, add_layer, add_sample}), .o_value({hidden_write, hidden_layer, hidden_sample}));
    delay_line #(.WIDTH(LAYER), .CYCLES(1)) forward_at_copies (.i_clk, .i_rst, .i_value(add_layer), .o_value(copy_layer));
    hidden_sums #(.RANK(RANK), .TERM(TERM), .BATCH_BITS(BATCH_BITS)) add_words (
        .i_clk, .i_valid(add), .i_first(add_first), .i_sample(add_sample), .i_terms(terms), .o_hidden(new_hidden));

    // Scores of the base and labels.
    logic [CLASSES*BASE-1:0] base_memory [SAMPLES];
    logic [3:0] label_memory [SAMPLES];
    logic [CLASSES*BASE-1:0] base_read, base_scores;
    logic [3:0] label_read, label_there, score_label;
    wire logic [SAMPLE_BITS-1:0] base_sample;
    delay_line #(.WIDTH(SAMPLE_BITS), .CYCLES(HIDDEN_THERE + TR - FORWARD_LOOKUP)) sample_at_scores (
        .i_clk, .i_rst, .i_value(forward_sample), .o_value(base_sample));
    always_ff @(posedge i_clk) begin
        if (i_scores_write)
            base_memory[i_scores_sample] <= i_scores;
        if (i_label_write)
            label_memory[i_label_sample] <= i_label;
        base_read <= base_memory[base_sample];
        base_scores <= base_read;
        label_read <= label_memory[base_sample];
        label_there <= label_read;
        score_label <= label_there;
    end

    wire logic [CLASSES*SCORE-1:0] new_scores;
    wire logic scores_there;
    wire logic [BATCH_BITS-1:0] scores_sample;
    scores #(.RANK(RANK), .CLASSES(CLASSES), .BATCH_BITS(BATCH_BITS)) add_up (
        .i_clk, .i_rst, .i_valid(hidden_write), .i_first(hidden_layer == 0), .i_sample(hidden_sample), .i_copies(score_copies), .i_hidden(new_hidden),
        .i_base(base_scores), .o_scores(new_scores));
    delay_line #(.WIDTH(1 + BATCH_BITS), .CYCLES(SCORES_THERE - HIDDEN_THERE)) forward_at_scores (
        .i_clk, .i_rst, .i_value({hidden_write && hidden_layer == LAYER'(skiptune_pkg::LAYERS - 1), hidden_sample}), .o_value({scores_there, scores_sample}));
    softmax #(.CLASSES(CLASSES), .TAG(BATCH_BITS)) loss (
        .i_clk, .i_rst, .i_valid(scores_there), .i_tag(scores_sample), .i_scores(new_scores), .i_label(score_label), .i_rate(rate),
        .o_valid(got_gradient), .o_tag(new_gradient_sample), .o_gradient(new_gradient));

    wire unused = &{1'b0, gradient_at[1:0], a_address, forward_address, back_up, score_up, i_row, down_word};
`ifdef ASSERT
    always_ff @(posedge i_clk) begin
        assert (i_rst || !(write && gradient_enable)) else $error("a write met a read of the gradient");
        assert (i_rst || !(o_busy && (i_down_write || i_up_write))) else $error("masters were written during a job");
    end
`endif
endmodule
`default_nettype wire
