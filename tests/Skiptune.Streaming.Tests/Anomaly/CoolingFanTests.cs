using CoolingFan;
using CoolingFan.Anomalies;

namespace Skiptune.Streaming.Tests.Anomaly;

/// <summary>The figures of the sample, on recordings of a real fan.</summary>
public sealed class CoolingFanTests
{
    [Fact]
    public void Learning_on_site_tells_the_damaged_fan()
    {
        FanRecordings recordings = new(AssetFiles.Path("cooling_fan"));
        AnomalyRun silent = AnomalyTable.SilentOnly(recordings, fault: 1);
        AnomalyRun onSite = AnomalyTable.OnSite(recordings, fault: 1);
        Assert.InRange(onSite.Auc, 0.95, 1);
        Assert.InRange(silent.Auc, 0.5, onSite.Auc - 0.05);
    }

    [Fact]
    public void The_area_counts_pairs()
    {
        float[] normal = [1, 2, 2, 5];
        float[] damaged = [2, 3, 6];
        double pairs = damaged.Sum(d => normal.Sum(n => d > n ? 1 : d == n ? 0.5 : 0));
        Assert.Equal(pairs / 12, RocCurve.Area(normal, damaged), 1e-12);
    }
}
