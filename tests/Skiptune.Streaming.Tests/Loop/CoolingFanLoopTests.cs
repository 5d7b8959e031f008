using CoolingFan;
using CoolingFan.Adaptation;

namespace Skiptune.Streaming.Tests.Loop;

/// <summary>The loop on real recordings; the sample prints all five seeds.</summary>
public sealed class CoolingFanLoopTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AClassifierOfTheSilentRoomsAdaptsToTheNoisyOne()
    {
        FanRecordings recordings = new(AssetFiles.Path("cooling_fan"));
        AdaptationRun run = AdaptationRun.Of(recordings, fault: 1, seed: 0, _folder.Path);
        Assert.Equal(0, run.FalseAlarms);
        Assert.InRange(run.DriftDelay, 1, 100);
        Assert.InRange(run.Before, 0.3, 0.7);
        Assert.InRange(run.After, 0.95, 1);
        Assert.True(run.Answers > 0);
    }
}
