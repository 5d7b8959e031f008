// Convolution 5x5 of 14x14x6 to 16 channels, then the largest of each 2x2 outputs, bias, ReLU. 480 products a cycle: one
// kernel row of 5 pixels by 6 channels for all 16 outputs; 100 places by 5 kernel rows = 500 cycles a frame. Frames are kept
// twice, so that one is received while the other is read. Latency from the last cycle of a place: 14.
`default_nettype none
module second_convolution (
    input  wire logic                                     i_clk,
    input  wire logic                                     i_rst,
    // Weights of kernel row i_weight_row: [output][kernel column][channel].
    input  wire logic                                     i_weight_write,
    input  wire logic [2:0]                               i_weight_row,
    input  wire logic [16*30*8-1:0]                       i_weights,
    input  wire logic [16*skiptune_pkg::SUM_BITS-1:0]     i_bias,
    input  wire logic [skiptune_pkg::SHIFT_BITS-1:0]      i_shift,
    // A frame is announced, then its places come in rows from left to right.
    output wire logic                                     o_room,
    input  wire logic                                     i_frame_start,
    input  wire logic                                     i_valid,
    input  wire logic [47:0]                              i_place,
    // A place after pooling, 16 channels.
    output wire logic                                     o_valid,
    output wire logic [127:0]                             o_place
);
    localparam int EDGE = 14;
    localparam int LINE = EDGE * 48;
    localparam int TAPS = 30;
    localparam int PRODUCT = 16;
    localparam int SUM = PRODUCT + 5;
    localparam int WIDE = skiptune_pkg::SUM_BITS;

    // Receiving: a row is written when its last place is there.
    logic [LINE-1:0] frames [32];
    logic [LINE-49:0] line;
    logic [3:0] in_column, in_row;
    logic in_frame;
    wire logic in_row_ends = i_valid && in_column == 4'(EDGE - 1);
    wire logic in_frame_ends = in_row_ends && in_row == 4'(EDGE - 1);
    always_ff @(posedge i_clk) begin
        if (i_valid)
            line <= {i_place, line[LINE-49:48]};
        if (in_row_ends)
            frames[{in_frame, in_row}] <= {i_place, line};
        if (i_rst) begin
            in_column <= '0;
            in_row <= '0;
            in_frame <= '0;
        end else if (i_valid) begin
            in_column <= in_row_ends ? '0 : in_column + 1'b1;
            if (in_row_ends)
                in_row <= in_frame_ends ? '0 : in_row + 1'b1;
            if (in_frame_ends)
                in_frame <= !in_frame;
        end
    end

    // Reading: pooled row and column, corner of the pool, kernel row.
    logic [1:0] announced, complete;
    logic frame, running;
    logic [2:0] y, x, kernel_row;
    logic [1:0] corner;
    wire logic place_ends = kernel_row == 4;
    wire logic pool_ends = place_ends && corner == 3;
    wire logic frame_ends = running && pool_ends && x == 4 && y == 4;
    assign o_room = announced < 2;
    always_ff @(posedge i_clk) begin
        if (i_rst) begin
            announced <= '0;
            complete <= '0;
            frame <= '0;
            running <= '0;
            {y, x, corner, kernel_row} <= '0;
        end else begin
            announced <= announced + {1'b0, i_frame_start} - {1'b0, frame_ends};
            complete <= complete + {1'b0, in_frame_ends} - {1'b0, frame_ends};
            running <= running && !frame_ends ? 1'b1 : complete > {1'b0, frame_ends};
            if (running) begin
                kernel_row <= place_ends ? '0 : kernel_row + 1'b1;
                if (place_ends)
                    corner <= corner + 1'b1;
                if (pool_ends)
                    x <= x == 4 ? '0 : x + 1'b1;
                if (pool_ends && x == 4)
                    y <= y == 4 ? '0 : y + 1'b1;
            end
            if (frame_ends)
                frame <= !frame;
        end
    end

    // The row, then five pixels of it and the weights of the kernel row.
    wire logic [3:0] read_row = {y, corner[1]} + {1'b0, kernel_row};
    logic [LINE-1:0] read_line;
    logic [3:0] read_column;
    logic [2:0] read_kernel_row;
    logic [TAPS*8-1:0] pixels;
    logic [16*TAPS*8-1:0] weights;
    logic [16*TAPS*8-1:0] weight_rows [8];
    logic [TAPS*8-1:0] read_pixels;
    always_comb begin
        read_pixels = '0;
        for (int n = 0; n < EDGE - 4; n++)
            read_pixels |= read_column == 4'(n) ? read_line[n*48 +: TAPS*8] : '0;
    end
    always_ff @(posedge i_clk) begin
        if (i_weight_write)
            weight_rows[i_weight_row] <= i_weights;
        read_line <= frames[{frame, read_row}];
        read_column <= {x, corner[0]};
        read_kernel_row <= kernel_row;
        pixels <= read_pixels;
        weights <= weight_rows[read_kernel_row];
    end

    // Sums of 30 products for each of 16 outputs.
    logic [16*TAPS*PRODUCT-1:0] products;
    logic [16*SUM-1:0] sums;
    for (genvar o = 0; o < 16; o++) begin : g_output
        if (o % 2 == 0) begin : g_pair
            for (genvar t = 0; t < TAPS; t++) begin : g_tap
                dual_multiplier multiplier (
                    .i_clk,
                    .i_a(weights[(o*TAPS+t)*8 +: 8]),
                    .i_b(weights[((o+1)*TAPS+t)*8 +: 8]),
                    .i_x(pixels[t*8 +: 8]),
                    .o_a(products[(o*TAPS+t)*PRODUCT +: PRODUCT]),
                    .o_b(products[((o+1)*TAPS+t)*PRODUCT +: PRODUCT]));
            end
        end
        adder_tree #(.N(TAPS), .WIDTH(PRODUCT)) tree (
            .i_clk, .i_terms(products[o*TAPS*PRODUCT +: TAPS*PRODUCT]), .o_sum(sums[o*SUM +: SUM]));
    end
    wire logic sum_valid, sum_first, sum_last;
    wire logic [1:0] sum_corner;
    delay_line #(.WIDTH(5), .CYCLES(2 + 2 + 5)) tag (
        .i_clk, .i_rst,
        .i_value({running, kernel_row == 0, place_ends, corner}),
        .o_value({sum_valid, sum_first, sum_last, sum_corner}));

    // Kernel rows added, corners compared, bias, ReLU.
    logic place_valid, pool_valid, biased_valid;
    logic [1:0] place_corner;
    always_ff @(posedge i_clk) begin
        place_valid <= !i_rst && sum_valid && sum_last;
        place_corner <= sum_corner;
        pool_valid <= !i_rst && place_valid && place_corner == 3;
        biased_valid <= !i_rst && pool_valid;
    end
    for (genvar o = 0; o < 16; o++) begin : g_pool
        logic signed [SUM-1:0] sum;
        logic signed [WIDE-1:0] total, best, bias, biased;
        assign sum = sums[o*SUM +: SUM];
        assign bias = i_bias[o*WIDE +: WIDE];
        always_ff @(posedge i_clk) begin
            if (sum_valid)
                total <= (sum_first ? '0 : total) + {{WIDE-SUM{sum[SUM-1]}}, sum};
            if (place_valid)
                best <= place_corner == 0 || total > best ? total : best;
            biased <= best + bias;
        end
        requantise scaled (.i_clk, .i_enable(1'b1), .i_shift, .i_sum(biased), .o_value(o_place[o*8 +: 8]));
    end
    delay_line #(.CYCLES(2)) out_valid (.i_clk, .i_rst, .i_value(biased_valid), .o_value(o_valid));
endmodule
`default_nettype wire
