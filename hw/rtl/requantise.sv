// A sum divided by 2^shift, halves rounded up, limited to OUT bits: signed, or without sign (ReLU). Advances with i_enable.
// Latency: 2.
`default_nettype none
module requantise #(
    parameter int WIDTH = skiptune_pkg::SUM_BITS,
    parameter int OUT = skiptune_pkg::ACTIVATION_BITS,
    parameter bit SIGNED = 0
) (
    input  wire logic                                i_clk,
    input  wire logic                                i_enable,
    input  wire logic [skiptune_pkg::SHIFT_BITS-1:0] i_shift,
    input  wire logic signed [WIDTH-1:0]             i_sum,
    output logic [OUT-1:0]                           o_value
);
    localparam logic signed [WIDTH:0] MOST = (WIDTH+1)'(SIGNED ? (1 << (OUT - 1)) - 1 : (1 << OUT) - 1);
    localparam logic signed [WIDTH:0] LEAST = SIGNED ? ~MOST : '0;
    // One bit behind the point, which decides the rounding.
    logic signed [WIDTH:0] wide;
    logic signed [WIDTH:0] shifted;
    logic signed [WIDTH:0] rounded;
    assign wide = {i_sum, 1'b0};
    assign rounded = (shifted + $signed({{WIDTH{1'b0}}, 1'b1})) >>> 1;
    always_ff @(posedge i_clk) begin
        if (i_enable) begin
            shifted <= wide >>> i_shift;
            o_value <= rounded < LEAST ? LEAST[OUT-1:0] : rounded > MOST ? MOST[OUT-1:0] : rounded[OUT-1:0];
        end
    end
endmodule
`default_nettype wire
