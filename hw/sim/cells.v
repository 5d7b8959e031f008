// What Yosys leaves as black boxes of the cells that it maps the RTL to, and only as it uses them: a multiplier without any
// of its registers.
module DSP48E2 #(
    parameter ACASCREG = 1, ADREG = 1, ALUMODEREG = 1, AREG = 1, BCASCREG = 1, BREG = 1, CARRYINREG = 1, CARRYINSELREG = 1,
    CREG = 1, DREG = 1, INMODEREG = 1, MREG = 1, OPMODEREG = 1, PREG = 1,
    parameter A_INPUT = "DIRECT", B_INPUT = "DIRECT", AMULTSEL = "A", BMULTSEL = "B", USE_MULT = "MULTIPLY", USE_SIMD = "ONE48"
) (
    input  wire [29:0] A,
    input  wire [17:0] B,
    input  wire [47:0] C,
    input  wire [26:0] D,
    input  wire [29:0] ACIN,
    input  wire [17:0] BCIN,
    input  wire [47:0] PCIN,
    input  wire [4:0]  INMODE,
    input  wire [3:0]  ALUMODE,
    input  wire [8:0]  OPMODE,
    input  wire [2:0]  CARRYINSEL,
    input  wire        CARRYIN,
    output wire [47:0] P
);
    // Any other use gives nothing, so that no test passes with it.
    localparam USED = AREG + BREG + MREG + PREG + ADREG + DREG + CREG + INMODEREG + OPMODEREG + ALUMODEREG == 0;
    wire signed [26:0] a = A[26:0];
    wire signed [17:0] b = B;
    // By itself: beside a value without sign in one expression it would lose its own.
    wire signed [47:0] product = a * b;
    assign P = USED && OPMODE == 9'b000000101 && ALUMODE == 0 && INMODE == 0 && !CARRYIN ? product : 48'bx;
endmodule
