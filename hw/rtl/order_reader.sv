// The order of training: a stream of {rate, sample}, the last of a batch marked. Three batches are kept, so that one is read
// while the two that are being trained stay. Samples are looked up without a clock edge.
`default_nettype none
module order_reader #(
    parameter int SAMPLE_BITS = 10,
    parameter int BATCH_BITS = 5,
    localparam int RATE = skiptune_pkg::RATE_BITS
) (
    input  wire logic                   i_clk,
    input  wire logic                   i_rst,
    input  wire logic                   i_valid,
    input  wire logic [31:0]            i_entry,
    input  wire logic                   i_last,
    output wire logic                   o_ready,
    // The number of samples of the job; entries beyond it, and batches that are too large, are errors.
    input  wire logic [SAMPLE_BITS:0]   i_samples,
    output logic                        o_error,
    // The next batch: there, and what it is.
    output wire logic                   o_available,
    input  wire logic [1:0]             i_bank,
    output wire logic [BATCH_BITS-1:0]  o_last,
    output wire logic [RATE-1:0]        o_rate,
    output wire logic [SAMPLE_BITS-1:0] o_newest,
    input  wire logic                   i_begin,
    input  wire logic                   i_release,
    // Two look-ups.
    input  wire logic [1:0]             i_a_bank,
    input  wire logic [BATCH_BITS-1:0]  i_a_place,
    output wire logic [SAMPLE_BITS-1:0] o_a_sample,
    input  wire logic [1:0]             i_b_bank,
    input  wire logic [BATCH_BITS-1:0]  i_b_place,
    output wire logic [SAMPLE_BITS-1:0] o_b_sample
);
    logic [SAMPLE_BITS-1:0] entries [4 << BATCH_BITS];
    logic [BATCH_BITS-1:0] lasts [4];
    logic [RATE-1:0] rates [4];
    logic [SAMPLE_BITS-1:0] newests [4];

    logic [1:0] bank, kept, available;
    logic [BATCH_BITS-1:0] place;
    logic [SAMPLE_BITS-1:0] newest;
    wire logic [SAMPLE_BITS-1:0] sample = i_entry[SAMPLE_BITS-1:0];
    wire logic [SAMPLE_BITS-1:0] newer = place != 0 && newest > sample ? newest : sample;
    wire logic accept = i_valid && o_ready;
    wire logic full = &place;
    wire logic ends = accept && (i_last || full);
    assign o_ready = kept < 3;
    assign o_available = available != 0;
    assign o_last = lasts[i_bank];
    assign o_rate = rates[i_bank];
    assign o_newest = newests[i_bank];
    assign o_a_sample = entries[{i_a_bank, i_a_place}];
    assign o_b_sample = entries[{i_b_bank, i_b_place}];
    always_ff @(posedge i_clk) begin
        if (accept) begin
            entries[{bank, place}] <= sample;
            newest <= newer;
        end
        if (ends) begin
            lasts[bank] <= place;
            rates[bank] <= i_entry[31:16];
            newests[bank] <= newer;
        end
        if (i_rst) begin
            bank <= '0;
            place <= '0;
            kept <= '0;
            available <= '0;
            o_error <= 1'b0;
        end else begin
            if (accept)
                place <= ends ? '0 : place + 1'b1;
            if (ends)
                bank <= bank == 2 ? '0 : bank + 1'b1;
            kept <= kept + {1'b0, ends} - {1'b0, i_release};
            available <= available + {1'b0, ends} - {1'b0, i_begin};
            if (accept && ((full && !i_last) || i_entry[15:0] >= 16'(i_samples)))
                o_error <= 1'b1;
        end
    end
endmodule
`default_nettype wire
