// The masters of A, a word of all lanes and ranks in a row. Latency of a read: 2.
`default_nettype none
module master_memory #(
    parameter int WIDTH = 3072,
    parameter int DEPTH = 82,
    localparam int ADDRESS = $clog2(DEPTH)
) (
    input  wire logic               i_clk,
    input  wire logic               i_write,
    input  wire logic [ADDRESS-1:0] i_write_row,
    input  wire logic [WIDTH-1:0]   i_write_data,
    input  wire logic [ADDRESS-1:0] i_read_row,
    output logic [WIDTH-1:0]        o_read_data
);
    (* ram_style = "block", no_rw_check *)
    // Rows up to a power of two: a row that is not there may be read while nobody listens, and a block has them anyway.
    logic [WIDTH-1:0] memory [2**ADDRESS];
    logic [WIDTH-1:0] read;
    always_ff @(posedge i_clk) begin
        if (i_write)
            memory[i_write_row] <= i_write_data;
        read <= memory[i_read_row];
        o_read_data <= read;
    end
endmodule
`default_nettype wire
