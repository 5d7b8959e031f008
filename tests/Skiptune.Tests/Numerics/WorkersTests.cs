using Skiptune.Numerics;

namespace Skiptune.Tests.Numerics;

public class WorkersTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public Task Every_item_is_handled_once(int threads) => Patiently(() =>
    {
        using Workers workers = new(threads);
        foreach (int grain in new[] { 1, 16 })
        {
            for (int total = 0; total <= 100; total++)
            {
                int[] handled = new int[total];
                int[] ran = new int[threads];
                workers.Run(member =>
                {
                    Interlocked.Increment(ref ran[member]);
                    (int start, int end) = workers.Share(handled.Length, member, grain);
                    Assert.True(start == handled.Length || start % grain == 0);
                    for (int i = start; i < end; i++)
                        Interlocked.Increment(ref handled[i]);
                });
                Assert.All(handled, times => Assert.Equal(1, times));
                Assert.All(ran, times => Assert.Equal(1, times));
            }
        }
    });

    [Theory]
    [InlineData(2, 20_000)]
    // More threads than a small machine has processors take turns, about a millisecond for each run.
    [InlineData(5, 2_000)]
    public Task Many_quick_runs_in_a_row(int threads, int runs) => Patiently(() =>
    {
        int calls = 0;
        using Workers workers = new(threads);
        for (int run = 0; run < runs; run++)
            workers.Run(_ => Interlocked.Increment(ref calls));
        Assert.Equal(runs * threads, calls);
    });

    // The members fall asleep between the runs, so that every run has to wake them all; there are more of them
    // than processors, so that some wake late.
    [Fact]
    public Task Sleeping_members_all_wake() => Patiently(() =>
    {
        int calls = 0;
        using Workers workers = new(8);
        for (int run = 0; run < 600; run++)
        {
            workers.Run(_ => Interlocked.Increment(ref calls));
            Thread.Sleep(run % 2);
        }
        Assert.Equal(600 * 8, calls);
    });

    [Fact]
    public void A_failure_of_a_member_surfaces_once()
    {
        using Workers workers = new(3);
        for (int failing = 0; failing < 3; failing++)
        {
            int who = failing;
            Exception? caught = Record.Exception(() => workers.Run(member =>
            {
                if (member == who)
                    throw new FormatException("member " + member);
            }));
            FormatException cause = Assert.IsType<FormatException>(caught);
            Assert.Equal("member " + who, cause.Message);
            workers.Run(_ => { });
        }
    }

    [Fact]
    public void A_failure_of_all_members_is_over_with_its_run()
    {
        using Workers workers = new(3);
        Assert.NotNull(Record.Exception(() => workers.Run(_ => throw new FormatException("all"))));
        workers.Run(_ => { });
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        using Workers workers = new(3);
        int calls = 0;
        Action<int> work = _ => Interlocked.Increment(ref calls);
        for (int run = 0; run < 100; run++)
            workers.Run(work);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int run = 0; run < 1000; run++)
            workers.Run(work);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(3300, calls);
    }

    // The second team has the first one's threads, unless tests beside this one took them.
    [Fact]
    public Task Teams_come_and_go() => Patiently(() =>
    {
        for (int team = 0; team < 300; team++)
        {
            int threads = 2 + team / 3 % 3;
            using Workers first = new(threads);
            using Workers second = new(threads);
            int calls = 0;
            first.Run(_ => second.Run(_ => Interlocked.Increment(ref calls)), cost: 0);
            second.Run(_ => Interlocked.Increment(ref calls));
            Assert.Equal(threads * threads + threads, calls);
        }
    });

    [Fact]
    public void An_ended_team_does_no_more()
    {
        Workers workers = new(2);
        workers.Dispose();
        workers.Dispose();
        Assert.Throws<ObjectDisposedException>(() => workers.Run(_ => { }));
    }

    [Fact]
    public void No_number_means_one_for_each_processor()
    {
        using Workers workers = new();
        Assert.Equal(Environment.ProcessorCount, workers.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Workers(-1));
    }

    /// <summary>Fails, instead of waiting for ever, if the work hangs.</summary>
    private static async Task Patiently(Action work) =>
        await Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(Patience);
}
