using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Skiptune.Hardware.Tests.LongestFirst))]

namespace Skiptune.Hardware.Tests;

/// <summary>
/// Begins with the classes whose simulators take longest to build, so that at the end no processor waits for the other.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] s_first = [nameof(ForwardNetlistTests), nameof(OtherNetlistTests), nameof(AccuracyTests), nameof(JobTests)];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Place(collection.TestCollectionDisplayName))];

    private static int Place(string name)
    {
        int place = Array.FindIndex(s_first, first => name.Contains(first, StringComparison.Ordinal));
        return place < 0 ? s_first.Length : place;
    }
}
