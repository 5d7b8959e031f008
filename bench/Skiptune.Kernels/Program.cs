// Each kernel by itself, in every form: dotnet run -c Release --project bench/Skiptune.Kernels -- --filter '*'
using System.Reflection;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using Skiptune.Kernels;

// In this process: nothing is built anew for each kernel, and the internal kernels stay reachable.
IConfig config = DefaultConfig.Instance
    .AddJob(Job.ShortRun.WithIterationTime(TimeInterval.FromMilliseconds(100)).WithToolchain(InProcessEmitToolchain.Instance))
    .AddColumn(new RateColumn("GFLOP/s", work => work.Flops), new RateColumn("GB/s", work => work.Bytes));
BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args, config);
