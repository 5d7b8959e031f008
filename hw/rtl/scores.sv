// Adds B h of one layer after another to the scores of each sample of a batch: y = base + sum of B_k h_k, Q.12.
// The base's scores come with the first layer, in cycle LEAD. Latency: $clog2(RANK) + 3.
`default_nettype none
module scores #(
    parameter int RANK = 4,
    parameter int CLASSES = 10,
    parameter int BATCH_BITS = 5,
    localparam int COPY = skiptune_pkg::COPY_BITS,
    localparam int HIDDEN = skiptune_pkg::HIDDEN_BITS,
    localparam int SCORE = skiptune_pkg::SCORE_BITS,
    localparam int BASE = skiptune_pkg::BASE_SCORE_BITS,
    localparam int TREE = $clog2(RANK)
) (
    input  wire logic                            i_clk,
    input  wire logic                            i_rst,
    input  wire logic                            i_valid,
    input  wire logic                            i_first,
    input  wire logic [BATCH_BITS-1:0]           i_sample,
    input  wire logic [CLASSES*RANK*COPY-1:0]    i_copies,
    input  wire logic [RANK*HIDDEN-1:0]          i_hidden,
    // The base's scores, $clog2(RANK) + 2 cycles after the rest.
    input  wire logic [CLASSES*BASE-1:0]         i_base,
    output logic [CLASSES*SCORE-1:0]             o_scores
);
    localparam int PRODUCT = COPY + HIDDEN;
    localparam int SUM = PRODUCT + TREE;
    localparam int DROP = skiptune_pkg::COPY_FRACTION + skiptune_pkg::HIDDEN_FRACTION - skiptune_pkg::SCORE_FRACTION;
    localparam int LIFT = skiptune_pkg::SCORE_FRACTION - skiptune_pkg::BASE_SCORE_FRACTION;

    wire logic valid, first;
    wire logic [BATCH_BITS-1:0] sample;
    delay_line #(.WIDTH(2 + BATCH_BITS), .CYCLES(TREE + 2)) tag (
        .i_clk, .i_rst, .i_value({i_valid, i_first, i_sample}), .o_value({valid, first, sample}));

    logic [CLASSES*SCORE-1:0] sums [1 << BATCH_BITS];
    logic [CLASSES*SCORE-1:0] next;
    wire logic [CLASSES*SCORE-1:0] sum_before = sums[sample];
    for (genvar c = 0; c < CLASSES; c++) begin : g_class
        logic [RANK*PRODUCT-1:0] products;
        for (genvar r = 0; r < RANK; r++) begin : g_rank
            logic signed [COPY-1:0] copy;
            logic signed [HIDDEN-1:0] hidden;
            logic signed [PRODUCT-1:0] product;
            assign copy = i_copies[(c*RANK+r)*COPY +: COPY];
            assign hidden = i_hidden[r*HIDDEN +: HIDDEN];
            assign products[r*PRODUCT +: PRODUCT] = product;
            always_ff @(posedge i_clk) product <= copy * hidden;
        end
        wire logic signed [SUM-1:0] sum;
        logic signed [SCORE-1:0] term;
        logic signed [BASE-1:0] base;
        adder_tree #(.N(RANK), .WIDTH(PRODUCT)) tree (.i_clk, .i_terms(products), .o_sum(sum));
        saturate #(.WIDTH(SUM), .DROP(DROP), .OUT(SCORE)) half_up (.i_clk, .i_value(sum), .o_value(term));
        assign base = i_base[c*BASE +: BASE];
        assign next[c*SCORE +: SCORE] = (first ? {{SCORE-BASE-LIFT{base[BASE-1]}}, base, {LIFT{1'b0}}} : sum_before[c*SCORE +: SCORE]) + term;
    end
    always_ff @(posedge i_clk) begin
        o_scores <= next;
        if (valid)
            sums[sample] <= next;
    end
endmodule
`default_nettype wire
