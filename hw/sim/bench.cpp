// Any verilated module behind one small C ABI: its inputs and outputs are two vectors of 32-bit words (bench.sv, which is
// written for each module, packs the ports into them).
#include "Vbench.h"
#include "verilated.h"
#if VM_TRACE
#include "verilated_fst_c.h"
#endif

namespace {
struct Bench {
    VerilatedContext context;
    Vbench model{&context};
#if VM_TRACE
    VerilatedFstC trace;
    bool tracing = false;
#endif

    void eval(bool clock) {
        model.clk = clock;
        model.eval();
#if VM_TRACE
        if (tracing) trace.dump(context.time());
#endif
        context.timeInc(1);
    }
};
}  // namespace

extern "C" {
void* bench_create() {
    Bench* bench = new Bench;
#if VM_TRACE
    bench->context.traceEverOn(true);
    bench->model.trace(&bench->trace, 99);
#endif
    bench->eval(false);
    return bench;
}

void bench_destroy(void* bench) {
    Verilated::threadContextp(&static_cast<Bench*>(bench)->context);
    static_cast<Bench*>(bench)->model.final();
    delete static_cast<Bench*>(bench);
}

uint32_t* bench_inputs(void* bench) { return &static_cast<Bench*>(bench)->model.in[0]; }

uint32_t* bench_outputs(void* bench) { return &static_cast<Bench*>(bench)->model.out[0]; }

// Clock cycles with the inputs as they are; the outputs are then those after the last edge.
void bench_step(void* bench, uint32_t cycles) {
    // This thread may have run another bench before, which is gone.
    Verilated::threadContextp(&static_cast<Bench*>(bench)->context);
    for (uint32_t i = 0; i < cycles; i++) {
        static_cast<Bench*>(bench)->eval(true);
        static_cast<Bench*>(bench)->eval(false);
    }
}

// Outputs that follow inputs without a clock edge.
void bench_settle(void* bench) { static_cast<Bench*>(bench)->model.eval(); }

int bench_failed(void* bench) { return static_cast<Bench*>(bench)->context.gotFinish() || static_cast<Bench*>(bench)->context.gotError(); }

int bench_trace(void* bench, const char* path) {
#if VM_TRACE
    Bench* self = static_cast<Bench*>(bench);
    if (self->tracing) self->trace.close();
    self->tracing = path != nullptr;
    if (path) self->trace.open(path);
    return 1;
#else
    (void)bench;
    (void)path;
    return 0;
#endif
}
}
