// Parameters in and masters out, 32 bits at a time through one shift register. In: a packet is a header {memory, 12 zeros, row}
// and then rows of that memory, one after another; a row is written in the cycle after its last word. Out: when i_send is
// given, all rows of A, then of B; a row is read for four cycles, then sent.
`default_nettype none
module parameter_port #(
    parameter int DOWN = 3072,
    parameter int UP = 960,
    parameter int CLASSES = 10,
    parameter int WORDS = 82,
    localparam int FIRST = 6 * 25 * 8 + 6 * skiptune_pkg::SUM_BITS,
    localparam int SECOND = 16 * 30 * 8,
    localparam int BIAS = 16 * skiptune_pkg::SUM_BITS,
    localparam int ROW = skiptune_pkg::index_bits(402)
) (
    input  wire logic              i_clk,
    input  wire logic              i_rst,
    input  wire logic              i_enable,
    input  wire logic              i_valid,
    input  wire logic [31:0]       i_data,
    input  wire logic              i_last,
    output wire logic              o_ready,
    output logic                   o_error,
    // Row o_row of memory n: 0 first convolution with bias, 1 second, 2 .. 4 dense, 5 bias of the second, 6 A, 7 B.
    output logic [7:0]             o_write,
    output logic [ROW-1:0]         o_row,
    output wire logic [FIRST-1:0]  o_first,
    output wire logic [SECOND-1:0] o_weights,
    output wire logic [BIAS-1:0]   o_second_bias,
    output wire logic [DOWN-1:0]   o_down,
    output wire logic [UP-1:0]     o_up,
    // Masters of row o_row, A or B.
    input  wire logic              i_send,
    input  wire logic [DOWN-1:0]   i_down,
    input  wire logic [UP-1:0]     i_up,
    output wire logic              o_result_valid,
    output wire logic [31:0]       o_result,
    output wire logic              o_result_last,
    input  wire logic              i_result_ready
);
    localparam int DENSE1 = 120 * 8;
    localparam int DENSE2 = 28 * 8;
    localparam int DENSE3 = CLASSES * 8;
    localparam int MOST = DOWN > SECOND ? DOWN : SECOND;
    localparam int LINE = (MOST + 31) / 32 * 32;
    localparam int COUNT = $clog2(LINE / 32 + 1);

    function automatic logic [COUNT-1:0] words_of(input logic [2:0] target);
        case (target)
            0: words_of = COUNT'(FIRST / 32);
            1: words_of = COUNT'(SECOND / 32);
            2: words_of = COUNT'(DENSE1 / 32);
            3: words_of = COUNT'(DENSE2 / 32);
            4: words_of = COUNT'((DENSE3 + 31) / 32);
            5: words_of = COUNT'(BIAS / 32);
            6: words_of = COUNT'(DOWN / 32);
            default: words_of = COUNT'((UP + 31) / 32);
        endcase
    endfunction

    localparam logic [2:0] HEADER = 0, BODY = 1, READ = 2, SEND = 3;
    logic [2:0] state;
    logic [2:0] target;
    logic [COUNT-1:0] count;
    logic [2:0] wait_read;
    logic sends_up;
    logic fresh;
    logic [LINE-1:0] line;
    wire logic accept = i_valid && o_ready;
    wire logic row_ends = count == 1;
    wire logic sent = o_result_valid && i_result_ready;
    wire logic rows_end = o_row == (sends_up ? ROW'(skiptune_pkg::LAYERS - 1) : ROW'(WORDS - 1));
    assign o_ready = i_enable && (state == HEADER || state == BODY) && !i_send;
    assign o_result_valid = state == SEND;
    assign o_result = line[31:0];
    assign o_result_last = state == SEND && sends_up && rows_end && row_ends;

    // A row that was received lies at the upper end.
    assign o_first = line[LINE-1 -: FIRST];
    assign o_second_bias = line[LINE-1 -: BIAS];
    assign o_down = line[LINE-1 -: DOWN];
    assign o_up = line[LINE-(UP+31)/32*32 +: UP];
    logic [SECOND-1:0] weights;
    always_comb begin
        weights = line[LINE-1 -: SECOND];
        if (target == 2)
            weights[DENSE1-1:0] = line[LINE-1 -: DENSE1];
        if (target == 3)
            weights[DENSE2-1:0] = line[LINE-1 -: DENSE2];
        if (target == 4)
            weights[DENSE3-1:0] = line[LINE-(DENSE3+31)/32*32 +: DENSE3];
    end
    assign o_weights = weights;

    always_ff @(posedge i_clk) begin
        o_write <= '0;
        o_error <= 1'b0;
        if (i_rst) begin
            state <= HEADER;
            o_row <= '0;
        end else begin
            case (state)
                HEADER: begin
                    if (i_send) begin
                        state <= READ;
                        sends_up <= 1'b0;
                        o_row <= '0;
                        wait_read <= 3'd4;
                    end else if (accept) begin
                        target <= i_data[30:28];
                        o_row <= i_data[ROW-1:0];
                        fresh <= 1'b1;
                        count <= words_of(i_data[30:28]);
                        o_error <= i_last;
                        if (!i_last)
                            state <= BODY;
                    end
                end
                BODY: if (accept) begin
                    // The row of the first is in the header, of the others one more than before.
                    if (count == words_of(target) && !fresh)
                        o_row <= o_row + 1'b1;
                    fresh <= 1'b0;
                    count <= row_ends ? words_of(target) : count - 1'b1;
                    o_write[target] <= row_ends;
                    o_error <= i_last && !row_ends;
                    if (i_last)
                        state <= HEADER;
                end
                READ: begin
                    wait_read <= wait_read - 1'b1;
                    if (wait_read == 0) begin
                        state <= SEND;
                        count <= words_of(sends_up ? 3'd7 : 3'd6);
                    end
                end
                default: if (sent) begin
                    count <= count - 1'b1;
                    if (row_ends) begin
                        state <= rows_end && sends_up ? HEADER : READ;
                        wait_read <= 3'd4;
                        o_row <= rows_end ? '0 : o_row + 1'b1;
                        sends_up <= sends_up || rows_end;
                    end
                end
            endcase
        end
        if (state == READ)
            line <= sends_up ? LINE'(i_up) : LINE'(i_down);
        else if (accept || sent)
            line <= {accept ? i_data : 32'd0, line[LINE-1:32]};
    end
endmodule
`default_nettype wire
