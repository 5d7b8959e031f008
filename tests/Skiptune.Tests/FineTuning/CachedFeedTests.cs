using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Tests.FineTuning;

public class CachedFeedTests
{
    [Theory]
    [InlineData("float32", 1)]
    [InlineData("float32", 2)]
    [InlineData("int4", 1)]
    public void The_rows_of_the_batch_after_are_known_beforehand(string format, int threads)
    {
        const int Batch = 4;
        TensorDataSet data = new(new Tensor(new Shape(11, 1, 28, 28)), new int[11], 10);
        FineTuneOptions options = new() { Cache = CacheFormat.Parse(format), BatchSize = Batch, Threads = threads };
        AdaptedGraph adapted = options.Method.Adapt(ReferenceCnn.Create(1), options.AdapterOptions);
        FrozenSplit split = new(adapted.Graph.EndingAt(adapted.Layer.Output), adapted.Changing.ToHashSet(StringComparer.Ordinal), adapted.BaseOutput);
        CacheLayout layout = new(split.Frontier, options.Cache);
        using Workers workers = new(threads);
        using ProgramContext context = new(KernelSet.Current, workers);
        nint[] located = new nint[data.Count];
        Assert.True(data.TryLocate(located));
        KeyValuePair<string, RowFormat>[] formats = [new(split.SampleName, RowFormat.Float32), .. layout.Segments.Select(segment => KeyValuePair.Create(segment.Name, segment.Format))];
        Trainer trainer = new(options, adapted, split.Tail, data, formats, context);
        using CachedFeed feed = new(split, data, located, layout, ForwardTeam.Compile(split.Trunk!, data.Count, context), Batch, context, options);
        feed.Prepare(TestContext.Current.CancellationToken);
        GraphProgram tail = trainer.Tail(Batch);
        RowBatch[] taps = [.. formats.Select(pair => tail.Rows(pair.Key)).OfType<RowBatch>()];
        Assert.Equal(5, taps.Length);
        int[] order = [7, 3, 10, 0, 5, 1, 2, 9, 8, 6, 4];

        feed.Load(order, 0, tail);
        nint[][] expected = [.. taps.Select(FollowingRows)];
        feed.Load(order, 4, tail);
        Assert.Equal(expected, taps.Select(tap => tap.Addresses.ToArray()));
        expected = [.. taps.Select(FollowingRows)];
        // Three are left after it; of the fourth nothing is known.
        Assert.All(taps, tap => Assert.Equal(0, tap.Following[3]));
        feed.Load(order, 7, tail);
        Assert.Equal(expected.Select(rows => rows[..3]), taps.Select(tap => tap.Addresses[1..]));
        Assert.All(taps, tap => Assert.Equal(new nint[Batch], tap.Following));
    }

    private static nint[] FollowingRows(RowBatch rows) => [.. rows.Addresses.Zip(rows.Following, (address, following) => address + following)];
}
