// The accelerator: AXI4-Lite registers and an interrupt; streams of parameters, samples and the order of training in, of
// results out. A job: parameters, registers, start, then samples and order at any pace; at its end the interrupt.
`default_nettype none
module skiptune_accelerator #(
    parameter int LANES = 32,
    parameter int RANK = 4,
    parameter int CLASSES = 10,
    parameter int SAMPLES = 1024,
    parameter int BATCH = 32
) (
    input  wire logic        i_clk,
    input  wire logic        i_rst,
    // AXI4-Lite
    input  wire logic        i_control_awvalid,
    output wire logic        o_control_awready,
    input  wire logic [7:0]  i_control_awaddr,
    input  wire logic        i_control_wvalid,
    output wire logic        o_control_wready,
    input  wire logic [31:0] i_control_wdata,
    output wire logic        o_control_bvalid,
    input  wire logic        i_control_bready,
    output wire logic [1:0]  o_control_bresp,
    input  wire logic        i_control_arvalid,
    output wire logic        o_control_arready,
    input  wire logic [7:0]  i_control_araddr,
    output wire logic        o_control_rvalid,
    input  wire logic        i_control_rready,
    output wire logic [31:0] o_control_rdata,
    output wire logic [1:0]  o_control_rresp,
    output wire logic        o_interrupt,
    // AXI4-Stream
    input  wire logic        i_parameter_tvalid,
    output wire logic        o_parameter_tready,
    input  wire logic [31:0] i_parameter_tdata,
    input  wire logic        i_parameter_tlast,
    input  wire logic        i_sample_tvalid,
    output wire logic        o_sample_tready,
    input  wire logic [15:0] i_sample_tdata,
    input  wire logic        i_sample_tlast,
    input  wire logic        i_order_tvalid,
    output wire logic        o_order_tready,
    input  wire logic [31:0] i_order_tdata,
    input  wire logic        i_order_tlast,
    output wire logic        o_result_tvalid,
    input  wire logic        i_result_tready,
    output wire logic [31:0] o_result_tdata,
    output wire logic        o_result_tlast
);
    localparam int WORDS = skiptune_pkg::first_word(skiptune_pkg::LAYERS, LANES);
    localparam int WORD = LANES * skiptune_pkg::LEVEL_BITS + skiptune_pkg::SCALE_BITS;
    localparam int SAMPLE_BITS = $clog2(SAMPLES);
    localparam int DOWN = LANES * RANK * skiptune_pkg::MASTER_BITS;
    localparam int UP = CLASSES * RANK * skiptune_pkg::MASTER_BITS;
    localparam int SUM = skiptune_pkg::SUM_BITS;
    localparam int SLOT = skiptune_pkg::WORD_BITS;
    localparam logic [31:0] CONFIGURATION = {7'd0, 4'($clog2(BATCH)), 4'(SAMPLE_BITS), 5'(CLASSES), 4'(RANK), 8'(LANES)};

    // A job begins with a reset of all that works.
    logic [2:0] clearing;
    logic busy, starts, clear, engine_ended;
    wire logic start, abort, engine_done;
    wire logic [15:0] samples, steps;
    wire logic [SAMPLE_BITS:0] stored;
    wire logic base_busy = busy && stored != samples[SAMPLE_BITS:0];
    wire logic ends = busy && !clear && engine_ended && !base_busy;
    always_ff @(posedge i_clk) begin
        clear <= i_rst || abort || start || clearing != 0;
        starts <= clearing == 1;
        if (i_rst || abort) begin
            clearing <= '0;
            busy <= 1'b0;
            engine_ended <= 1'b0;
        end else if (start) begin
            clearing <= '1;
            busy <= 1'b1;
            engine_ended <= 1'b0;
        end else begin
            clearing <= clearing == 0 ? '0 : clearing - 1'b1;
            if (engine_done)
                engine_ended <= 1'b1;
            if (ends)
                busy <= 1'b0;
        end
    end
    // The engine starts when the reset is over.
    wire logic engine_start;
    delay_line #(.CYCLES(2)) start_later (.i_clk, .i_rst(i_rst || abort), .i_value(starts), .o_value(engine_start));
    wire logic running = busy && !clear;

    wire logic send, order_error, sample_error, parameter_error, issue, waits_samples, waits_order, engine_busy;
    wire logic [19:0] shifts, exponents;
    assign o_control_bresp = 2'b00;
    assign o_control_rresp = 2'b00;
    control_registers #(.CONFIGURATION(CONFIGURATION)) registers (
        .i_clk, .i_rst, .i_awvalid(i_control_awvalid), .o_awready(o_control_awready), .i_awaddr(i_control_awaddr), .i_wvalid(i_control_wvalid),
        .o_wready(o_control_wready), .i_wdata(i_control_wdata), .o_bvalid(o_control_bvalid), .i_bready(i_control_bready),
        .i_arvalid(i_control_arvalid), .o_arready(o_control_arready), .i_araddr(i_control_araddr), .o_rvalid(o_control_rvalid),
        .i_rready(i_control_rready), .o_rdata(o_control_rdata), .o_interrupt, .o_start(start), .o_abort(abort), .o_send(send),
        .o_samples(samples), .o_steps(steps), .o_shifts(shifts), .o_exponents(exponents), .i_busy(busy), .i_done(ends),
        .i_order_error(order_error), .i_sample_error(sample_error), .i_parameter_error(parameter_error), .i_base_busy(base_busy),
        .i_issue(issue), .i_waits_samples(waits_samples), .i_waits_order(waits_order));

    // Parameters.
    wire logic [7:0] parameter_write;
    wire logic [8:0] row;
    wire logic [6*25*8+6*SUM-1:0] first_row;
    wire logic [16*30*8-1:0] weights;
    wire logic [16*SUM-1:0] second_bias_row;
    wire logic [DOWN-1:0] down_in, down_out;
    wire logic [UP-1:0] up_in, up_out;
    logic [6*25*8+6*SUM-1:0] first;
    logic [16*SUM-1:0] second_bias;
    parameter_port #(.DOWN(DOWN), .UP(UP), .CLASSES(CLASSES), .WORDS(WORDS)) parameters (
        .i_clk, .i_rst(i_rst || abort), .i_enable(!busy), .i_valid(i_parameter_tvalid), .i_data(i_parameter_tdata), .i_last(i_parameter_tlast),
        .o_ready(o_parameter_tready), .o_error(parameter_error), .o_write(parameter_write), .o_row(row), .o_first(first_row),
        .o_weights(weights), .o_second_bias(second_bias_row), .o_down(down_in), .o_up(up_in), .i_send(send), .i_down(down_out),
        .i_up(up_out), .o_result_valid(o_result_tvalid), .o_result(o_result_tdata), .o_result_last(o_result_tlast),
        .i_result_ready(i_result_tready));
    always_ff @(posedge i_clk) begin
        if (parameter_write[0])
            first <= first_row;
        if (parameter_write[5])
            second_bias <= second_bias_row;
    end

    // Samples and the frozen network.
    wire logic pixels_valid, pixels_ready, label_write, write, write_last, scores_write;
    wire logic [15:0] pixels;
    wire logic [SAMPLE_BITS-1:0] label_sample, write_sample, scores_sample;
    wire logic [3:0] sample_label;
    wire logic [SLOT-1:0] write_word;
    wire logic [WORD-1:0] write_data;
    wire logic [CLASSES*skiptune_pkg::BASE_SCORE_BITS-1:0] base_scores;
    sample_input #(.SAMPLE_BITS(SAMPLE_BITS)) images (
        .i_clk, .i_rst(clear), .i_enable(running), .i_samples(samples[SAMPLE_BITS:0]), .i_valid(i_sample_tvalid), .i_data(i_sample_tdata),
        .i_last(i_sample_tlast), .o_ready(o_sample_tready), .o_error(sample_error), .o_valid(pixels_valid), .o_pixels(pixels),
        .i_ready(pixels_ready), .o_label_write(label_write), .o_label_sample(label_sample), .o_label(sample_label));
    base_array #(.LANES(LANES), .CLASSES(CLASSES), .SAMPLE_BITS(SAMPLE_BITS)) frozen (
        .i_clk, .i_rst(clear), .i_first_weights(first[6*25*8-1:0]), .i_first_bias(first[6*25*8 +: 6*SUM]), .i_second_bias(second_bias),
        .i_weight_write(parameter_write[4:0]), .i_weight_row(row), .i_weights(weights), .i_shifts(shifts), .i_exponents(exponents),
        .i_valid(pixels_valid), .i_pixels(pixels), .o_ready(pixels_ready), .o_valid(write), .o_index(write_word), .o_sample(write_sample),
        .o_last(write_last), .o_word(write_data), .o_scores_valid(scores_write), .o_scores_sample(scores_sample), .o_scores(base_scores));

    // Adapters.
    wire logic order_ready;
    assign o_order_tready = order_ready && running;
    adapter_engine #(.LANES(LANES), .RANK(RANK), .CLASSES(CLASSES), .SAMPLES(SAMPLES), .BATCH(BATCH)) adapters (
        .i_clk, .i_rst(clear), .i_start(engine_start), .i_steps(steps), .i_samples(samples[SAMPLE_BITS:0]), .o_busy(engine_busy),
        .o_done(engine_done), .o_error(order_error), .o_stored(stored), .o_issue(issue), .o_waits_samples(waits_samples),
        .o_waits_order(waits_order), .i_order_valid(i_order_tvalid && running), .i_order(i_order_tdata), .i_order_last(i_order_tlast),
        .o_order_ready(order_ready), .i_write(write), .i_write_word(write_word), .i_write_sample(write_sample), .i_write_last(write_last),
        .i_write_data(write_data), .i_scores_write(scores_write), .i_scores_sample(scores_sample), .i_scores(base_scores),
        .i_label_write(label_write), .i_label_sample(label_sample), .i_label(sample_label), .i_down_write(parameter_write[6]),
        .i_up_write(parameter_write[7]), .i_row(row[SLOT-1:0]), .i_down(down_in), .i_up(up_in), .o_down(down_out), .o_up(up_out));
    wire unused = &{1'b0, samples, engine_busy, row};
endmodule
`default_nettype wire
