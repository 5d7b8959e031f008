// The registers behind AXI4-Lite: one access at a time, a write takes its address and its data together. Latency: 1 to the
// response. The counters belong to the job that runs or was last.
`default_nettype none
module control_registers #(
    parameter logic [31:0] CONFIGURATION = 0
) (
    input  wire logic        i_clk,
    input  wire logic        i_rst,
    input  wire logic        i_awvalid,
    output wire logic        o_awready,
    input  wire logic [7:0]  i_awaddr,
    input  wire logic        i_wvalid,
    output wire logic        o_wready,
    input  wire logic [31:0] i_wdata,
    output logic             o_bvalid,
    input  wire logic        i_bready,
    input  wire logic        i_arvalid,
    output wire logic        o_arready,
    input  wire logic [7:0]  i_araddr,
    output logic             o_rvalid,
    input  wire logic        i_rready,
    output logic [31:0]      o_rdata,
    output wire logic        o_interrupt,
    // To and from the accelerator.
    output logic             o_start,
    output logic             o_abort,
    output logic             o_send,
    output logic [15:0]      o_samples,
    output logic [15:0]      o_steps,
    output logic [19:0]      o_shifts,
    output logic [19:0]      o_exponents,
    input  wire logic        i_busy,
    input  wire logic        i_done,
    input  wire logic        i_order_error,
    input  wire logic        i_sample_error,
    input  wire logic        i_parameter_error,
    input  wire logic        i_base_busy,
    input  wire logic        i_issue,
    input  wire logic        i_waits_samples,
    input  wire logic        i_waits_order
);
    logic done, sample_error, parameter_error, enable;
    logic [31:0] cycles, cycles_base, cycles_issue, cycles_samples, cycles_order;
    wire logic writes = i_awvalid && i_wvalid && !o_bvalid;
    wire logic reads = i_arvalid && !o_rvalid;
    wire unused = &{1'b0, i_wdata};
    assign o_awready = writes;
    assign o_wready = writes;
    assign o_arready = reads;
    assign o_interrupt = done && enable;

    always_ff @(posedge i_clk) begin
        o_start <= 1'b0;
        o_abort <= 1'b0;
        o_send <= 1'b0;
        if (i_rst) begin
            o_bvalid <= 1'b0;
            o_rvalid <= 1'b0;
            done <= 1'b0;
            sample_error <= 1'b0;
            parameter_error <= 1'b0;
            enable <= 1'b0;
            o_samples <= '0;
            o_steps <= '0;
            o_shifts <= '0;
            o_exponents <= '0;
        end else begin
            o_bvalid <= writes || (o_bvalid && !i_bready);
            o_rvalid <= reads || (o_rvalid && !i_rready);
            done <= done || i_done;
            sample_error <= sample_error || i_sample_error;
            parameter_error <= parameter_error || i_parameter_error;
            if (writes) begin
                case (i_awaddr)
                    skiptune_registers_pkg::CONTROL: begin
                        o_start <= i_wdata[0] && !i_busy;
                        o_abort <= i_wdata[1];
                        o_send <= i_wdata[2] && !i_busy;
                    end
                    skiptune_registers_pkg::STATUS: begin
                        done <= i_done || (done && !i_wdata[1]);
                        sample_error <= i_sample_error || (sample_error && !i_wdata[3]);
                        parameter_error <= i_parameter_error || (parameter_error && !i_wdata[4]);
                    end
                    skiptune_registers_pkg::INTERRUPT_ENABLE: enable <= i_wdata[0];
                    skiptune_registers_pkg::SAMPLES: o_samples <= i_wdata[15:0];
                    skiptune_registers_pkg::STEPS: o_steps <= i_wdata[15:0];
                    skiptune_registers_pkg::SHIFTS: o_shifts <= i_wdata[19:0];
                    skiptune_registers_pkg::EXPONENTS: o_exponents <= i_wdata[19:0];
                    default: ;
                endcase
            end
        end
        if (reads) begin
            case (i_araddr)
                skiptune_registers_pkg::IDENTITY: o_rdata <= skiptune_registers_pkg::IDENTITY_VALUE;
                skiptune_registers_pkg::CONFIGURATION: o_rdata <= CONFIGURATION;
                skiptune_registers_pkg::STATUS: o_rdata <= {27'd0, parameter_error, sample_error, i_order_error, done, i_busy};
                skiptune_registers_pkg::INTERRUPT_ENABLE: o_rdata <= {31'd0, enable};
                skiptune_registers_pkg::SAMPLES: o_rdata <= {16'd0, o_samples};
                skiptune_registers_pkg::STEPS: o_rdata <= {16'd0, o_steps};
                skiptune_registers_pkg::SHIFTS: o_rdata <= {12'd0, o_shifts};
                skiptune_registers_pkg::EXPONENTS: o_rdata <= {12'd0, o_exponents};
                skiptune_registers_pkg::CYCLES: o_rdata <= cycles;
                skiptune_registers_pkg::CYCLES_BASE: o_rdata <= cycles_base;
                skiptune_registers_pkg::CYCLES_ISSUE: o_rdata <= cycles_issue;
                skiptune_registers_pkg::CYCLES_WAIT_SAMPLES: o_rdata <= cycles_samples;
                skiptune_registers_pkg::CYCLES_WAIT_ORDER: o_rdata <= cycles_order;
                default: o_rdata <= '0;
            endcase
        end
        if (i_rst || o_start) begin
            cycles <= '0;
            cycles_base <= '0;
            cycles_issue <= '0;
            cycles_samples <= '0;
            cycles_order <= '0;
        end else begin
            cycles <= cycles + 32'(i_busy);
            cycles_base <= cycles_base + 32'(i_base_busy);
            cycles_issue <= cycles_issue + 32'(i_issue);
            cycles_samples <= cycles_samples + 32'(i_waits_samples);
            cycles_order <= cycles_order + 32'(i_waits_order);
        end
    end
endmodule
`default_nettype wire
