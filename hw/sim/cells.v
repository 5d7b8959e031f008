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

// What Yosys has models of, in a form that simulates faster: a LUT is a table and not a tree of multiplexers.
module LUT1 #(parameter [1:0] INIT = 0) (output wire O, input wire I0);
    assign O = INIT >> I0;
endmodule
module LUT2 #(parameter [3:0] INIT = 0) (output wire O, input wire I0, I1);
    assign O = INIT >> {I1, I0};
endmodule
module LUT3 #(parameter [7:0] INIT = 0) (output wire O, input wire I0, I1, I2);
    assign O = INIT >> {I2, I1, I0};
endmodule
module LUT4 #(parameter [15:0] INIT = 0) (output wire O, input wire I0, I1, I2, I3);
    assign O = INIT >> {I3, I2, I1, I0};
endmodule
module LUT5 #(parameter [31:0] INIT = 0) (output wire O, input wire I0, I1, I2, I3, I4);
    assign O = INIT >> {I4, I3, I2, I1, I0};
endmodule
module LUT6 #(parameter [63:0] INIT = 0) (output wire O, input wire I0, I1, I2, I3, I4, I5);
    assign O = INIT >> {I5, I4, I3, I2, I1, I0};
endmodule
