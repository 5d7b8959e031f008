using System.Reflection;
using Skiptune.FineTuning;
using Skiptune.Networks;

namespace Skiptune.Tests.FineTuning;

/// <summary>No option that a run's values depend on is missing in its settings.</summary>
public class RunSettingsTests
{
    // They change how a run is done, never a bit of what it gives.
    private static readonly string[] WithoutEffect = ["Fill", "Threads", "CachePath", "CacheLimit", "Checkpoint"];

    private static readonly Dictionary<string, Func<FineTuneOptions, FineTuneOptions>> Changes = new(StringComparer.Ordinal)
    {
        ["Method"] = options => options with { Method = FineTuneMethod.LoraAll, Cache = CacheFormat.Int4 },
        ["Rank"] = options => options with { Rank = 5 },
        ["Alpha"] = options => options with { Alpha = 4.0000005f },
        ["Epochs"] = options => options with { Epochs = 11 },
        ["BatchSize"] = options => options with { BatchSize = 21 },
        ["Optimizer"] = options => options with { Optimizer = new AdamW { WeightDecay = 0 } },
        ["Schedule"] = options => options with { Schedule = Schedule.Constant },
        ["Tail"] = options => options with { Tail = TailBatch.Keep },
        ["Cache"] = options => options with { Cache = CacheFormat.Int3 },
        ["Taps"] = options => options with { Taps = TapRule.Parse("conv*") },
        ["Output"] = options => options with { Output = "logits" },
        ["Classes"] = options => options with { Classes = 5 },
        ["HeadStart"] = options => options with { HeadStart = HeadStart.Zero },
        ["Seed"] = options => options with { Seed = 1 },
        ["Start"] = options => options with { Start = SmallRuns.Fit(new FineTuneOptions { Epochs = 1 }).Adapter },
    };

    [Fact]
    public void Every_option_is_among_the_settings_or_known_to_change_nothing()
    {
        FineTuneOptions plain = new();
        string[] options = [.. typeof(FineTuneOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name)];
        Assert.Equal(options.Order(StringComparer.Ordinal), WithoutEffect.Concat(Changes.Keys).Order(StringComparer.Ordinal));
        foreach ((string option, Func<FineTuneOptions, FineTuneOptions> change) in Changes)
            Assert.True(Differ(plain, change(plain)), option);
        Assert.False(Differ(plain, plain with { Threads = 7, Fill = CacheFill.Lazy, CachePath = "rows", CacheLimit = 9 }));
    }

    [Fact]
    public void Every_number_of_optimizers_and_schedules_is_among_the_settings()
    {
        foreach (Optimizer optimizer in (Optimizer[])[new Adam(), new AdamW(), new Sgd(), new Sgd { Momentum = 0.5f }])
        {
            foreach (PropertyInfo property in Numbers(optimizer))
            {
                Optimizer other = optimizer with { };
                property.SetValue(other, 0.25f);
                Assert.True(Differ(new FineTuneOptions { Optimizer = optimizer }, new FineTuneOptions { Optimizer = other }), $"{optimizer.Name} {property.Name}");
            }
        }
        Assert.Equal(["WarmupSteps"], typeof(Schedule).GetProperties().Where(property => property.CanWrite).Select(property => property.Name));
        Assert.True(Differ(new FineTuneOptions(), new FineTuneOptions { Schedule = Schedule.Cosine with { WarmupSteps = 1 } }));
    }

    [Fact]
    public void What_is_written_out_as_default_is_the_same_as_the_default()
    {
        FineTuneOptions plain = new();
        Assert.False(Differ(plain, plain with { Alpha = plain.Rank, Cache = CacheFormat.Int4, Optimizer = new Adam { LearningRate = 0.01f } }));
    }

    private static PropertyInfo[] Numbers(Optimizer optimizer)
    {
        PropertyInfo[] writable = [.. optimizer.GetType().GetProperties().Where(property => property.CanWrite)];
        Assert.All(writable, property => Assert.Contains(property.PropertyType, (Type[])[typeof(float), typeof(float?)]));
        return writable;
    }

    private static bool Differ(FineTuneOptions one, FineTuneOptions other) => !RunSettings.Of(one).SequenceEqual(RunSettings.Of(other));
}
