// floor(2^33 / divisor) of a divisor of at least 2^15 + 1, by restoring division, two bits of the quotient a stage. Latency: 9.
`default_nettype none
module reciprocal #(
    parameter int WIDTH = 20,
    localparam int OUT = 18
) (
    input  wire logic             i_clk,
    input  wire logic [WIDTH-1:0] i_divisor,
    output wire logic [OUT-1:0]   o_quotient
);
    localparam int STAGES = OUT / 2;
    localparam int START = skiptune_pkg::RECIPROCAL_FRACTION - OUT;
    logic [(STAGES+1)*WIDTH-1:0] divisors, remainders;
    logic [(STAGES+1)*OUT-1:0] quotients;
    assign divisors[0 +: WIDTH] = i_divisor;
    assign remainders[0 +: WIDTH] = WIDTH'(1 << START);
    assign quotients[0 +: OUT] = '0;
    for (genvar n = 0; n < STAGES; n++) begin : g_stage
        wire logic [WIDTH-1:0] divisor = divisors[n*WIDTH +: WIDTH];
        wire logic [WIDTH:0] twice = {remainders[n*WIDTH +: WIDTH], 1'b0};
        wire logic [WIDTH+1:0] less = {1'b0, twice} - {2'b0, divisor};
        wire logic [WIDTH-1:0] rest = less[WIDTH+1] ? twice[WIDTH-1:0] : less[WIDTH-1:0];
        wire logic [WIDTH:0] fourfold = {rest, 1'b0};
        wire logic [WIDTH+1:0] lesser = {1'b0, fourfold} - {2'b0, divisor};
        logic [WIDTH-1:0] next_divisor, next_remainder;
        logic [OUT-1:0] next_quotient;
        assign divisors[(n+1)*WIDTH +: WIDTH] = next_divisor;
        assign remainders[(n+1)*WIDTH +: WIDTH] = next_remainder;
        assign quotients[(n+1)*OUT +: OUT] = next_quotient;
        always_ff @(posedge i_clk) begin
            next_divisor <= divisor;
            next_remainder <= lesser[WIDTH+1] ? fourfold[WIDTH-1:0] : lesser[WIDTH-1:0];
            next_quotient <= {quotients[n*OUT +: OUT-2], !less[WIDTH+1], !lesser[WIDTH+1]};
        end
        wire unused = &{1'b0, less[WIDTH], lesser[WIDTH], quotients[n*OUT+OUT-2 +: 2]};
    end
    assign o_quotient = quotients[STAGES*OUT +: OUT];
    wire unused = &{1'b0, divisors[STAGES*WIDTH +: WIDTH], remainders[STAGES*WIDTH +: WIDTH]};
endmodule
`default_nettype wire
