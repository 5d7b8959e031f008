// A dense layer: one input, then GROUPS cycles in which OUTPUTS / GROUPS products are added to their sums. A frame begins by
// itself with its first input; the first two rows of weights are the bias, multiplied with 128 and 1. The results leave one
// at a time, rounded; they have to be gone before the next frame ends. Latency from the last input: 6, then one a cycle.
`default_nettype none
module dense_layer #(
    parameter int INPUTS = 120,
    parameter int OUTPUTS = 84,
    parameter int GROUPS = 3,
    parameter int OUT = skiptune_pkg::ACTIVATION_BITS,
    parameter bit SIGNED = 0,
    localparam int UNITS = OUTPUTS / GROUPS,
    localparam int DEPTH = (INPUTS + 2) * GROUPS,
    localparam int ADDRESS = $clog2(DEPTH)
) (
    input  wire logic                                i_clk,
    input  wire logic                                i_rst,
    // Row (input + 2) * GROUPS + group holds the weights of outputs group * UNITS .. + UNITS - 1.
    input  wire logic                                i_weight_write,
    input  wire logic [ADDRESS-1:0]                  i_weight_row,
    input  wire logic [UNITS*8-1:0]                  i_weights,
    input  wire logic [skiptune_pkg::SHIFT_BITS-1:0] i_shift,
    input  wire logic                                i_valid,
    input  wire logic [7:0]                          i_value,
    output wire logic                                o_ready,
    output wire logic                                o_valid,
    output wire logic [OUT-1:0]                      o_value,
    input  wire logic                                i_ready
);
    localparam int GROUP_BITS = skiptune_pkg::index_bits(GROUPS);
    localparam int PAIRS = (UNITS + 1) / 2;
    localparam int SUM = skiptune_pkg::SUM_BITS;
    localparam int COUNT = skiptune_pkg::index_bits(OUTPUTS + 1);

    // Rows in order, group by group; the two bias rows wait for the first input, too.
    logic [ADDRESS-1:0] row;
    logic [GROUP_BITS-1:0] group;
    logic bias_high, bias_low;
    wire logic group_ends = group == GROUP_BITS'(GROUPS - 1);
    wire logic ends = row == ADDRESS'(DEPTH - 1);
    assign o_ready = !bias_high && !bias_low && group_ends;
    always_ff @(posedge i_clk) begin
        if (i_rst) begin
            row <= '0;
            group <= '0;
            bias_high <= 1'b1;
            bias_low <= 1'b0;
        end else if (i_valid) begin
            row <= ends ? '0 : row + 1'b1;
            group <= group_ends ? '0 : group + 1'b1;
            if (group_ends) begin
                bias_high <= ends;
                bias_low <= bias_high;
            end
        end
    end

    // Weights (two cycles) and the value that meets them.
    logic [PAIRS*16-1:0] weight_read, weights;
    logic [UNITS*8-1:0] memory [DEPTH];
    logic [7:0] value_read, value;
    always_ff @(posedge i_clk) begin
        if (i_weight_write)
            memory[i_weight_row] <= i_weights;
        weight_read <= (PAIRS*16)'(memory[row]);
        weights <= weight_read;
        value_read <= bias_high ? 8'd128 : bias_low ? 8'd1 : i_value;
        value <= value_read;
    end

    wire logic add, add_first, add_ends;
    delay_line #(.WIDTH(3), .CYCLES(4)) tag (
        .i_clk, .i_rst, .i_value({i_valid, bias_high, i_valid && ends}), .o_value({add, add_first, add_ends}));

    // Sums turn in a ring of GROUPS.
    logic [OUTPUTS*SUM-1:0] sums;
    for (genvar p = 0; p < PAIRS; p++) begin : g_pair
        logic [31:0] products;
        dual_multiplier multiplier (
            .i_clk, .i_a(weights[p*16 +: 8]), .i_b(weights[p*16+8 +: 8]), .i_x(value), .o_a(products[15:0]), .o_b(products[31:16]));
        for (genvar h = 0; h < 2; h++) begin : g_unit
            if (2 * p + h < UNITS) begin : g_used
                localparam int U = 2 * p + h;
                logic signed [15:0] product;
                logic signed [SUM-1:0] next;
                logic [GROUPS*SUM-1:0] ring;
                assign product = products[h*16 +: 16];
                assign next = (add_first ? '0 : $signed(ring[0 +: SUM])) + {{SUM-16{product[15]}}, product};
                if (GROUPS == 1) begin : g_single
                    always_ff @(posedge i_clk) if (add) ring <= next;
                end else begin : g_turning
                    always_ff @(posedge i_clk) if (add) ring <= {next, ring[GROUPS*SUM-1:SUM]};
                end
                for (genvar g = 0; g < GROUPS; g++) begin : g_sum
                    assign sums[(g*UNITS+U)*SUM +: SUM] = ring[g*SUM +: SUM];
                end
            end else begin : g_unused
                wire unused = &{1'b0, products[h*16 +: 16]};
            end
        end
    end

    // Results: a register that shifts, then the rounding; all wait for the reader.
    logic take;
    logic [OUTPUTS*SUM-1:0] results;
    logic [COUNT-1:0] left;
    logic [1:0] filled;
    wire logic advance = i_ready || !filled[1];
    always_ff @(posedge i_clk) begin
        take <= !i_rst && add_ends;
        if (take)
            results <= sums;
        else if (advance)
            results <= results >> SUM;
        if (i_rst) begin
            left <= '0;
            filled <= '0;
        end else begin
            if (take)
                left <= COUNT'(OUTPUTS);
            else if (advance && left != 0)
                left <= left - 1'b1;
            if (advance)
                filled <= {filled[0], left != 0};
        end
    end
    requantise #(.OUT(OUT), .SIGNED(SIGNED)) scaled (
        .i_clk, .i_enable(advance), .i_shift, .i_sum(results[SUM-1:0]), .o_value);
    assign o_valid = filled[1];
`ifdef ASSERT
    always_ff @(posedge i_clk) assert (i_rst || !take || left == 0) else $error("results were not read before the next");
`endif
endmodule
`default_nettype wire
