// The stream of samples: 392 words of two pixels each, then a word with the label, marked as the last. Pixels go on to the
// base array in the same cycle. Ends after the job's samples.
`default_nettype none
module sample_input #(
    parameter int SAMPLE_BITS = 10
) (
    input  wire logic                   i_clk,
    input  wire logic                   i_rst,
    input  wire logic                   i_enable,
    input  wire logic [SAMPLE_BITS:0]   i_samples,
    input  wire logic                   i_valid,
    input  wire logic [15:0]            i_data,
    input  wire logic                   i_last,
    output wire logic                   o_ready,
    output logic                        o_error,
    output wire logic                   o_valid,
    output wire logic [15:0]            o_pixels,
    input  wire logic                   i_ready,
    output wire logic                   o_label_write,
    output wire logic [SAMPLE_BITS-1:0] o_label_sample,
    output wire logic [3:0]             o_label
);
    localparam logic [8:0] WORDS = 9'(skiptune_pkg::TAP0 / 2);
    logic [8:0] word;
    logic [SAMPLE_BITS:0] sample;
    wire logic is_label = word == WORDS;
    wire logic wanted = i_enable && sample != i_samples;
    wire logic accept = i_valid && o_ready;
    assign o_ready = wanted && (is_label || i_ready);
    assign o_valid = wanted && !is_label && i_valid;
    assign o_pixels = i_data;
    assign o_label_write = accept && is_label;
    assign o_label_sample = sample[SAMPLE_BITS-1:0];
    assign o_label = i_data[3:0];
    always_ff @(posedge i_clk) begin
        o_error <= !i_rst && accept && (i_last != is_label);
        if (i_rst) begin
            word <= '0;
            sample <= '0;
        end else if (accept) begin
            word <= is_label ? '0 : word + 1'b1;
            sample <= sample + (SAMPLE_BITS+1)'(is_label);
        end
    end
endmodule
`default_nettype wire
