// Values, VALUES at a time, to words of LANES bytes; the last word of a sample is filled with zeros. A word has to be taken
// before the next is complete. Latency: 1 from the values that complete a word.
`default_nettype none
module word_packer #(
    parameter int LANES = 32,
    parameter int VALUES = 6,
    parameter int COUNT = 1176,
    parameter int SAMPLE_BITS = 10
) (
    input  wire logic                               i_clk,
    input  wire logic                               i_rst,
    input  wire logic                               i_valid,
    input  wire logic [VALUES*8-1:0]                i_values,
    output logic                                    o_valid,
    output logic [LANES*8-1:0]                      o_word,
    output logic [skiptune_pkg::WORD_BITS-1:0]      o_index,
    output logic                                    o_last,
    output logic [SAMPLE_BITS-1:0]                  o_sample,
    input  wire logic                               i_take
);
    // Places in the word are counted in units that divide both the word and what comes at once.
    localparam int GRAIN = VALUES % 16 == 0 ? 16 : VALUES % 2 == 0 ? 2 : 1;
    localparam int UNITS = LANES / GRAIN;
    localparam int STEP = VALUES / GRAIN;
    localparam int BUFFER = LANES + VALUES - GRAIN;
    localparam int TIMES = COUNT / VALUES;
    localparam int TIME_BITS = $clog2(TIMES);
    localparam int FILL_BITS = $clog2(UNITS + STEP + 1);

    logic [BUFFER*8-1:0] kept;
    logic [FILL_BITS-1:0] fill;
    logic [TIME_BITS-1:0] times;
    logic [skiptune_pkg::WORD_BITS-1:0] index;
    logic [SAMPLE_BITS-1:0] sample;
    wire logic [BUFFER*8-1:0] merged = kept | ((BUFFER*8)'(i_values) << (fill * GRAIN * 8));
    wire logic [FILL_BITS-1:0] filled = fill + FILL_BITS'(STEP);
    wire logic last = times == TIME_BITS'(TIMES - 1);
    wire logic whole = filled >= FILL_BITS'(UNITS);

    always_ff @(posedge i_clk) begin
        if (i_rst) begin
            kept <= '0;
            fill <= '0;
            times <= '0;
            index <= '0;
            sample <= '0;
            o_valid <= '0;
        end else begin
            if (i_take)
                o_valid <= 1'b0;
            if (i_valid) begin
                times <= last ? '0 : times + 1'b1;
                kept <= last ? '0 : whole ? merged >> (LANES * 8) : merged;
                fill <= last ? '0 : whole ? filled - FILL_BITS'(UNITS) : filled;
                if (whole || last) begin
                    o_valid <= 1'b1;
                    o_word <= merged[LANES*8-1:0];
                    o_index <= index;
                    o_last <= last;
                    o_sample <= sample;
                    index <= last ? '0 : index + 1'b1;
                    sample <= sample + SAMPLE_BITS'(last);
                end
            end
        end
    end
`ifdef ASSERT
    always_ff @(posedge i_clk) begin
        assert (i_rst || !(i_valid && (whole || last) && o_valid && !i_take)) else $error("a word was not taken before the next");
        assert (i_rst || !(i_valid && last && filled > FILL_BITS'(UNITS))) else $error("the last values make two words");
    end
`endif
endmodule
`default_nettype wire
