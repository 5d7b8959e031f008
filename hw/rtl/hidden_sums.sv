// Adds the words of a layer up for each sample of a batch and rounds the layer's h to Q8.8. Samples may repeat in every
// cycle. Latency from the layer's last word: 2.
`default_nettype none
module hidden_sums #(
    parameter int RANK = 4,
    parameter int TERM = 32,
    parameter int BATCH_BITS = 5,
    localparam int SUM = skiptune_pkg::HIDDEN_SUM_BITS,
    localparam int HIDDEN = skiptune_pkg::HIDDEN_BITS
) (
    input  wire logic                  i_clk,
    input  wire logic                  i_valid,
    input  wire logic                  i_first,
    input  wire logic [BATCH_BITS-1:0] i_sample,
    input  wire logic [RANK*TERM-1:0]  i_terms,
    output wire logic [RANK*HIDDEN-1:0] o_hidden
);
    logic [RANK*SUM-1:0] sums [1 << BATCH_BITS];
    logic [RANK*SUM-1:0] next, total;
    wire logic [RANK*SUM-1:0] sum_before = sums[i_sample];
    for (genvar r = 0; r < RANK; r++) begin : g_rank
        logic signed [TERM-1:0] term;
        assign term = i_terms[r*TERM +: TERM];
        assign next[r*SUM +: SUM] = (i_first ? '0 : sum_before[r*SUM +: SUM]) + {{SUM-TERM{term[TERM-1]}}, term};
        saturate #(.WIDTH(SUM), .DROP(skiptune_pkg::HIDDEN_SUM_FRACTION - skiptune_pkg::HIDDEN_FRACTION), .OUT(HIDDEN)) half_up (
            .i_clk, .i_value(total[r*SUM +: SUM]), .o_value(o_hidden[r*HIDDEN +: HIDDEN]));
    end
    always_ff @(posedge i_clk) begin
        total <= next;
        if (i_valid)
            sums[i_sample] <= next;
    end
endmodule
`default_nettype wire
