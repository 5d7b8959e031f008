// The sum of N signed terms. One register a level; latency: $clog2(N).
`default_nettype none
module adder_tree #(
    parameter int N = 32,
    parameter int WIDTH = 16
) (
    input  wire logic                              i_clk,
    input  wire logic [N*WIDTH-1:0]                i_terms,
    output wire logic signed [WIDTH+$clog2(N)-1:0] o_sum
);
    localparam int LEVELS = $clog2(N);
    for (genvar l = 0; l < LEVELS; l++) begin : g_level
        localparam int COUNT = (N + (1 << l) - 1) >> l;
        localparam int HALF = (COUNT + 1) / 2;
        localparam int W = WIDTH + l;
        wire logic [COUNT*W-1:0] terms;
        logic [HALF*(W+1)-1:0] sums;
        if (l == 0) begin : g_first
            assign terms = i_terms;
        end else begin : g_next
            assign terms = g_level[l-1].sums;
        end
        for (genvar i = 0; i < HALF; i++) begin : g_pair
            logic signed [W-1:0] left;
            logic signed [W:0] sum;
            assign left = terms[2*i*W +: W];
            if (2 * i + 1 < COUNT) begin : g_two
                logic signed [W-1:0] right;
                assign right = terms[(2*i+1)*W +: W];
                assign sum = left + right;
            end else begin : g_one
                assign sum = {left[W-1], left};
            end
            always_ff @(posedge i_clk) sums[i*(W+1) +: W+1] <= sum;
        end
    end
    if (LEVELS == 0) begin : g_wire
        assign o_sum = i_terms;
        wire unused = &{1'b0, i_clk};
    end else begin : g_sum
        assign o_sum = g_level[LEVELS-1].sums;
    end
endmodule
`default_nettype wire
