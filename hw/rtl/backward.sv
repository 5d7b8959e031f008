// The gradient of scores, one layer of one sample a cycle: of h, which the gradient of A takes (B^T g, Q.22), and of B (g h^T),
// added up over the samples of a batch; with the last of them B takes its step. Latency: of h, $clog2(CLASSES) + 2; from the
// last sample to the new B, 4.
`default_nettype none
module backward #(
    parameter int RANK = 4,
    parameter int CLASSES = 10,
    localparam int MASTER = skiptune_pkg::MASTER_BITS,
    localparam int COPY = skiptune_pkg::COPY_BITS,
    localparam int HIDDEN = skiptune_pkg::HIDDEN_BITS,
    localparam int GRADIENT = skiptune_pkg::GRADIENT_BITS
) (
    input  wire logic                             i_clk,
    input  wire logic                             i_rst,
    input  wire logic                             i_valid,
    input  wire logic                             i_first,
    input  wire logic                             i_last,
    input  wire logic [CLASSES*GRADIENT-1:0]      i_gradient,
    input  wire logic [RANK*HIDDEN-1:0]           i_hidden,
    // The layer's B: the bits that are multiplied, and two cycles later the masters, [class][column].
    input  wire logic [CLASSES*RANK*COPY-1:0]     i_copies,
    input  wire logic [CLASSES*RANK*MASTER-1:0]   i_masters,
    output wire logic [RANK*GRADIENT-1:0]         o_hidden_gradient,
    output wire logic                             o_write,
    output wire logic [CLASSES*RANK*MASTER-1:0]   o_masters
);
    localparam int PRODUCT = COPY + GRADIENT;
    localparam int TERM = HIDDEN + GRADIENT;
    // Up to 32 samples.
    localparam int SUM = TERM + 5;
    localparam int DROP = skiptune_pkg::GRADIENT_FRACTION + skiptune_pkg::HIDDEN_FRACTION - skiptune_pkg::MASTER_FRACTION;
    localparam int WIDE = MASTER + DROP + 6;
    localparam int STEPPED = WIDE - DROP;

    // h: for each column the sum over the classes.
    for (genvar r = 0; r < RANK; r++) begin : g_column
        logic [CLASSES*PRODUCT-1:0] products;
        for (genvar c = 0; c < CLASSES; c++) begin : g_class
            logic signed [COPY-1:0] copy;
            logic signed [GRADIENT-1:0] gradient;
            logic signed [PRODUCT-1:0] product;
            assign copy = i_copies[(c*RANK+r)*COPY +: COPY];
            assign gradient = i_gradient[c*GRADIENT +: GRADIENT];
            assign products[c*PRODUCT +: PRODUCT] = product;
            always_ff @(posedge i_clk) product <= copy * gradient;
        end
        wire logic signed [PRODUCT+$clog2(CLASSES)-1:0] sum;
        adder_tree #(.N(CLASSES), .WIDTH(PRODUCT)) tree (.i_clk, .i_terms(products), .o_sum(sum));
        saturate #(.WIDTH(PRODUCT + $clog2(CLASSES)), .DROP(skiptune_pkg::COPY_FRACTION), .OUT(GRADIENT)) limit (
            .i_clk, .i_value(sum), .o_value(o_hidden_gradient[r*GRADIENT +: GRADIENT]));
    end

    // B: master - (sum + half) >> DROP, in one subtraction.
    wire logic valid, first;
    delay_line #(.WIDTH(2), .CYCLES(1)) begins (.i_clk, .i_rst, .i_value({i_valid, i_first}), .o_value({valid, first}));
    delay_line #(.CYCLES(4)) ends (.i_clk, .i_rst, .i_value(i_valid && i_last), .o_value(o_write));
    for (genvar e = 0; e < CLASSES * RANK; e++) begin : g_entry
        logic signed [GRADIENT-1:0] gradient;
        logic signed [HIDDEN-1:0] hidden;
        logic signed [TERM-1:0] term;
        logic signed [SUM-1:0] sum;
        logic signed [MASTER-1:0] master, next;
        logic signed [WIDE-1:0] difference;
        wire logic signed [STEPPED-1:0] stepped = difference[WIDE-1:DROP];
        wire logic fits = stepped[STEPPED-1:MASTER-1] == '0 || &stepped[STEPPED-1:MASTER-1];
        assign gradient = i_gradient[(e/RANK)*GRADIENT +: GRADIENT];
        assign hidden = i_hidden[(e%RANK)*HIDDEN +: HIDDEN];
        assign master = i_masters[e*MASTER +: MASTER];
        assign o_masters[e*MASTER +: MASTER] = next;
        always_ff @(posedge i_clk) begin
            term <= gradient * hidden;
            if (valid)
                sum <= (first ? '0 : sum) + {{SUM-TERM{term[TERM-1]}}, term};
            difference <= {{WIDE-MASTER-DROP{master[MASTER-1]}}, master, DROP'((1 << (DROP - 1)) - 1)} - {{WIDE-SUM{sum[SUM-1]}}, sum};
            next <= fits ? stepped[MASTER-1:0] : {stepped[STEPPED-1], {MASTER-1{!stepped[STEPPED-1]}}};
        end
        wire unused = &{1'b0, difference[DROP-1:0]};
    end
endmodule
`default_nettype wire
