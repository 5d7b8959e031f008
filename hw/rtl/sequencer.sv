// The loop of training. Pass p does the gradient of batch p - 1 and the forward of batch p at the same time: slot j takes word j
// of the gradient, word j - 1 of the forward and layer j of backward, one sample of each batch a cycle. So a word's new masters
// are in the lanes' registers just when the forward needs them. Everything behind it is a pipeline that never waits; only
// the issue of commands does: for samples, for the order, for gradients of scores, and for a write to the cache.
`default_nettype none
module sequencer #(
    parameter int WORDS = 82,
    parameter int SAMPLE_BITS = 10,
    parameter int BATCH_BITS = 5
) (
    input  wire logic                               i_clk,
    input  wire logic                               i_rst,
    input  wire logic                               i_start,
    input  wire logic [15:0]                        i_steps,
    output wire logic                               o_busy,
    output logic                                    o_done,
    // The order.
    input  wire logic                               i_available,
    input  wire logic [BATCH_BITS-1:0]              i_last,
    input  wire logic [skiptune_pkg::RATE_BITS-1:0] i_rate,
    input  wire logic [SAMPLE_BITS-1:0]             i_newest,
    output logic [1:0]                              o_bank,
    output wire logic                               o_begin,
    output wire logic                               o_release,
    // Samples in the cache, gradients of scores of this pass, and a cycle in which nothing may be issued.
    input  wire logic [SAMPLE_BITS:0]               i_samples,
    input  wire logic                               i_gradient,
    input  wire logic                               i_hold,
    // Commands.
    output wire logic                               o_gradient,
    output wire logic                               o_forward,
    output wire logic                               o_backward,
    output wire logic                               o_issue,
    output logic [skiptune_pkg::WORD_BITS-1:0]      o_slot,
    output logic [BATCH_BITS-1:0]                   o_sample,
    output wire logic                               o_first,
    output wire logic                               o_last,
    output logic [1:0]                              o_gradient_bank,
    output logic [1:0]                              o_forward_bank,
    output logic [skiptune_pkg::RATE_BITS-1:0]      o_rate,
    output wire logic                               o_waits_samples,
    output wire logic                               o_waits_order
);
    localparam int SLOT = skiptune_pkg::WORD_BITS;
    // From the last command to the last write of a master.
    localparam int DRAIN = 40;
    localparam logic [1:0] IDLE = 0, WAIT = 1, RUN = 2, END = 3;

    logic [1:0] state;
    logic [15:0] pass;
    logic [BATCH_BITS-1:0] gradient_last, forward_last;
    logic [skiptune_pkg::RATE_BITS-1:0] rate;
    logic [BATCH_BITS:0] gradients;
    logic [5:0] drain;
    wire logic does_forward = pass != i_steps;
    wire logic does_gradient = pass != 0;
    wire logic filled = i_samples > {1'b0, i_newest};
    wire logic begins = state == WAIT && (!does_forward || (i_available && filled));
    assign o_busy = state != IDLE;
    assign o_waits_order = state == WAIT && does_forward && !i_available;
    assign o_waits_samples = state == WAIT && does_forward && i_available && !filled;
    assign o_begin = begins && does_forward;
    // What pass p - 2 trained is free.
    assign o_release = begins && pass > 1;

    wire logic [BATCH_BITS-1:0] longer = does_gradient && (!does_forward || gradient_last > forward_last) ? gradient_last : forward_last;
    wire logic in_gradient = does_gradient && o_sample <= gradient_last;
    wire logic missing = o_slot == 0 && in_gradient && {1'b0, o_sample} >= gradients;
    wire logic slot_ends = o_issue && o_sample == longer;
    wire logic ends = slot_ends && o_slot == (does_forward ? SLOT'(WORDS) : SLOT'(WORDS - 1));
    assign o_issue = state == RUN && !i_hold && !missing;
    assign o_first = o_sample == 0;
    assign o_last = o_sample == longer;
    assign o_gradient = in_gradient && o_slot != SLOT'(WORDS);
    assign o_forward = does_forward && o_slot != 0 && o_sample <= forward_last;
    assign o_backward = in_gradient && o_slot < SLOT'(skiptune_pkg::LAYERS);

    always_ff @(posedge i_clk) begin
        if (i_rst) begin
            state <= IDLE;
            o_done <= 1'b0;
            pass <= '0;
            gradients <= '0;
            o_slot <= '0;
            o_sample <= '0;
            o_bank <= '0;
            o_gradient_bank <= '0;
            o_forward_bank <= '0;
        end else begin
            o_done <= 1'b0;
            case (state)
                IDLE: if (i_start) begin
                    state <= i_steps == 0 ? END : WAIT;
                    pass <= '0;
                end
                WAIT: if (begins)
                    state <= RUN;
                RUN: if (ends) begin
                    pass <= pass + 1'b1;
                    state <= does_forward ? WAIT : END;
                end
                default: if (drain == 0) begin
                    state <= IDLE;
                    o_done <= 1'b1;
                end
            endcase
            if (begins) begin
                o_gradient_bank <= o_forward_bank;
                o_forward_bank <= o_bank;
                if (does_forward)
                    o_bank <= o_bank == 2 ? '0 : o_bank + 1'b1;
            end
            if (o_issue)
                o_sample <= slot_ends ? '0 : o_sample + 1'b1;
            if (slot_ends)
                o_slot <= ends ? '0 : o_slot + 1'b1;
            // Gradients of the last pass are all there when its first slot is over.
            if (slot_ends && o_slot == 0)
                gradients <= '0;
            else if (i_gradient)
                gradients <= gradients + 1'b1;
        end
        drain <= state == END ? drain - 1'b1 : 6'(DRAIN);
        if (begins) begin
            gradient_last <= forward_last;
            forward_last <= i_last;
            rate <= i_rate;
        end
        // The softmax of the last pass is over with its first slot.
        if (slot_ends && o_slot == 0)
            o_rate <= rate;
    end
endmodule
`default_nettype wire
