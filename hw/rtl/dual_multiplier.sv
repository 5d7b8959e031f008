// Two signed weights times one unsigned activation in one 27x18 multiplier. The second weight is multiplied as an unsigned
// number, which cannot reach into the first product, and corrected after it: b = u - 256 * (b < 0). Latency: 2.
`default_nettype none
module dual_multiplier (
    input  wire logic              i_clk,
    input  wire logic signed [7:0] i_a,
    input  wire logic signed [7:0] i_b,
    input  wire logic [7:0]        i_x,
    output logic signed [15:0]     o_a,
    output logic signed [15:0]     o_b
);
    logic signed [26:0] weights;
    logic signed [17:0] activation;
    logic signed [34:0] product;
    logic [7:0] correction;
    assign weights = {i_a[7], i_a, 10'd0, i_b};
    assign activation = {10'd0, i_x};
    always_ff @(posedge i_clk) begin
        product <= weights * activation;
        correction <= i_b[7] ? i_x : 8'd0;
        o_a <= product[33:18];
        o_b <= {product[15:8] - correction, product[7:0]};
    end
    wire unused = &{1'b0, product[34], product[17:16]};
endmodule
`default_nettype wire
