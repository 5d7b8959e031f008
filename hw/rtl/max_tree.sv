// The largest of N unsigned values. One register a level; latency: $clog2(N).
`default_nettype none
module max_tree #(
    parameter int N = 32,
    parameter int WIDTH = 8
) (
    input  wire logic               i_clk,
    input  wire logic [N*WIDTH-1:0] i_values,
    output wire logic [WIDTH-1:0]   o_max
);
    localparam int LEVELS = $clog2(N);
    for (genvar l = 0; l < LEVELS; l++) begin : g_level
        localparam int COUNT = (N + (1 << l) - 1) >> l;
        localparam int HALF = (COUNT + 1) / 2;
        wire logic [COUNT*WIDTH-1:0] values;
        logic [HALF*WIDTH-1:0] largest;
        if (l == 0) begin : g_first
            assign values = i_values;
        end else begin : g_next
            assign values = g_level[l-1].largest;
        end
        for (genvar i = 0; i < HALF; i++) begin : g_pair
            // The last of an odd number meets itself.
            localparam int OTHER = 2 * i + 1 < COUNT ? 2 * i + 1 : 2 * i;
            logic [WIDTH-1:0] left, right;
            assign left = values[2*i*WIDTH +: WIDTH];
            assign right = values[OTHER*WIDTH +: WIDTH];
            always_ff @(posedge i_clk) largest[i*WIDTH +: WIDTH] <= left > right ? left : right;
        end
    end
    if (LEVELS == 0) begin : g_wire
        assign o_max = i_values;
        wire unused = &{1'b0, i_clk};
    end else begin : g_max
        assign o_max = g_level[LEVELS-1].largest;
    end
endmodule
`default_nettype wire
