// The cache: for each word of a sample a block of SAMPLES addresses, word * SAMPLES + sample. Port A writes or reads for the
// gradient, port B reads for the forward pass. Banks of 4096 words, two or four UltraRAMs wide; the outputs of the banks are
// registered before one is chosen. Latency of a read: 3. While A writes it does not read.
`default_nettype none
module sample_cache #(
    parameter int WIDTH = 144,
    parameter int DEPTH = 82 * 1024,
    localparam int ADDRESS = $clog2(DEPTH)
) (
    input  wire logic               i_clk,
    input  wire logic               i_a_enable,
    input  wire logic               i_a_write,
    input  wire logic [ADDRESS-1:0] i_a_address,
    input  wire logic [WIDTH-1:0]   i_a_data,
    output logic [WIDTH-1:0]        o_a_data,
    input  wire logic               i_b_enable,
    input  wire logic [ADDRESS-1:0] i_b_address,
    output logic [WIDTH-1:0]        o_b_data
);
    localparam int BANK = DEPTH < 4096 ? DEPTH : 4096;
    localparam int BANKS = (DEPTH + 4095) / 4096;
    localparam int PLACE = $clog2(BANK);
    localparam int CHOICE = skiptune_pkg::index_bits(BANKS);

    logic [CHOICE-1:0] a_bank, b_bank, a_bank1, b_bank1, a_bank2, b_bank2;
    logic a_valid1, b_valid1;
    logic [BANKS*WIDTH-1:0] a_out, b_out;
    if (BANKS == 1) begin : g_single
        assign a_bank = '0;
        assign b_bank = '0;
    end else begin : g_several
        assign a_bank = i_a_address[ADDRESS-1:PLACE];
        assign b_bank = i_b_address[ADDRESS-1:PLACE];
    end
    always_ff @(posedge i_clk) begin
        a_bank1 <= a_bank;
        b_bank1 <= b_bank;
        a_valid1 <= i_a_enable && !i_a_write;
        b_valid1 <= i_b_enable;
        a_bank2 <= a_bank1;
        b_bank2 <= b_bank1;
        o_a_data <= a_chosen;
        o_b_data <= b_chosen;
    end
    logic [WIDTH-1:0] a_chosen, b_chosen;
    always_comb begin
        a_chosen = '0;
        b_chosen = '0;
        for (int n = 0; n < BANKS; n++) begin
            a_chosen |= a_bank2 == CHOICE'(n) ? a_out[n*WIDTH +: WIDTH] : '0;
            b_chosen |= b_bank2 == CHOICE'(n) ? b_out[n*WIDTH +: WIDTH] : '0;
        end
    end
    for (genvar n = 0; n < BANKS; n++) begin : g_bank
        // A sample is read only when it is there, so a read never meets a write of the same word.
        (* ram_style = "huge", no_rw_check *)
        logic [WIDTH-1:0] memory [BANK];
        logic [WIDTH-1:0] a_read, b_read;
        wire logic a_here = i_a_enable && a_bank == CHOICE'(n);
        wire logic b_here = i_b_enable && b_bank == CHOICE'(n);
        always_ff @(posedge i_clk) begin
            if (a_here) begin
                if (i_a_write)
                    memory[i_a_address[PLACE-1:0]] <= i_a_data;
                else
                    a_read <= memory[i_a_address[PLACE-1:0]];
            end
        end
        always_ff @(posedge i_clk) begin
            if (b_here)
                b_read <= memory[i_b_address[PLACE-1:0]];
        end
        always_ff @(posedge i_clk) begin
            if (a_valid1 && a_bank1 == CHOICE'(n))
                a_out[n*WIDTH +: WIDTH] <= a_read;
            if (b_valid1 && b_bank1 == CHOICE'(n))
                b_out[n*WIDTH +: WIDTH] <= b_read;
        end
    end
endmodule
`default_nettype wire
