// Addresses of the registers. Made from RegisterMap.cs; a test compares the two.
/* verilator lint_off UNUSEDPARAM */
package skiptune_registers_pkg;
    localparam logic [31:0] IDENTITY_VALUE = 32'h534B5431;
    localparam logic [7:0] IDENTITY = 8'h00;
    localparam logic [7:0] CONFIGURATION = 8'h04;
    localparam logic [7:0] CONTROL = 8'h08;
    localparam logic [7:0] STATUS = 8'h0C;
    localparam logic [7:0] INTERRUPT_ENABLE = 8'h10;
    localparam logic [7:0] SAMPLES = 8'h14;
    localparam logic [7:0] STEPS = 8'h18;
    localparam logic [7:0] SHIFTS = 8'h1C;
    localparam logic [7:0] EXPONENTS = 8'h20;
    localparam logic [7:0] CYCLES = 8'h24;
    localparam logic [7:0] CYCLES_BASE = 8'h28;
    localparam logic [7:0] CYCLES_ISSUE = 8'h2C;
    localparam logic [7:0] CYCLES_WAIT_SAMPLES = 8'h30;
    localparam logic [7:0] CYCLES_WAIT_ORDER = 8'h34;
endpackage
/* verilator lint_on UNUSEDPARAM */
