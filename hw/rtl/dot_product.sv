// One rank's share of a forward word: sum of copy * level over the lanes, times the scale, to Q.16.
// One multiplier a lane and one for the scale. Latency: $clog2(LANES) + 3.
`default_nettype none
module dot_product #(
    parameter int LANES = 32,
    localparam int COPY = skiptune_pkg::COPY_BITS,
    localparam int LEVEL = skiptune_pkg::LEVEL_BITS,
    localparam int SCALE = skiptune_pkg::SCALE_BITS,
    localparam int TERM = COPY + LEVEL,
    localparam int TREE = $clog2(LANES),
    localparam int SUM = TERM + TREE,
    localparam int DROP = skiptune_pkg::COPY_FRACTION + skiptune_pkg::SCALE_FRACTION - skiptune_pkg::HIDDEN_SUM_FRACTION,
    localparam int OUT = SUM + SCALE + 1 - DROP
) (
    input  wire logic                      i_clk,
    input  wire logic                      i_rst,
    input  wire logic [LANES*COPY-1:0]     i_copies,
    input  wire logic [LANES*LEVEL-1:0]    i_levels,
    input  wire logic [SCALE-1:0]          i_scale,
    output logic signed [OUT-1:0]          o_product
);
    logic [LANES*TERM-1:0] terms;
    for (genvar i = 0; i < LANES; i++) begin : g_lane
        logic signed [COPY-1:0] copy;
        logic signed [TERM-1:0] product;
        assign copy = i_copies[i*COPY +: COPY];
        assign terms[i*TERM +: TERM] = product;
        always_ff @(posedge i_clk) product <= copy * $signed({1'b0, i_levels[i*LEVEL +: LEVEL]});
    end
    wire logic signed [SUM-1:0] sum;
    wire logic [SCALE-1:0] scale;
    adder_tree #(.N(LANES), .WIDTH(TERM)) tree (.i_clk, .i_terms(terms), .o_sum(sum));
    delay_line #(.WIDTH(SCALE), .CYCLES(TREE + 1)) held (.i_clk, .i_rst, .i_value(i_scale), .o_value(scale));

    logic signed [SUM+SCALE:0] scaled;
    wire logic signed [SUM+SCALE:0] rounded = (scaled + $signed({{SUM+SCALE+1-DROP{1'b0}}, 1'b1, {DROP-1{1'b0}}})) >>> DROP;
    always_ff @(posedge i_clk) begin
        scaled <= sum * $signed({1'b0, scale});
        o_product <= rounded[OUT-1:0];
    end
    wire unused = &{1'b0, rounded[SUM+SCALE:OUT]};
endmodule
`default_nettype wire
