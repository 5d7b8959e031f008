using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>(value - mean) / std, with one mean and std for all values or for each group of values.</summary>
internal sealed class Normalization
{
    private readonly float[] _mean;
    private readonly float[] _std;

    /// <summary>Checks the numbers.</summary>
    /// <param name="format">The mean and std; each empty, one number, or one for each group.</param>
    /// <param name="groups">Channels, or the values of a sample that is no image.</param>
    /// <param name="what">What a group is, for the error.</param>
    public Normalization(SampleFormat format, int groups, string what)
    {
        _mean = Expand(format.Mean, 0, groups, what, "mean");
        _std = Expand(format.Std, 1, groups, what, "std");
        if (_std.AsSpan().Contains(0))
            throw new SkiptuneException("the std has a 0, which nothing can be divided by; give numbers above 0");
        IsIdentity = format.Mean.IsDefaultOrEmpty && format.Std.IsDefaultOrEmpty;
    }

    /// <summary>Whether it changes nothing.</summary>
    public bool IsIdentity { get; }

    /// <summary>The value of a group, normalised.</summary>
    public float Apply(float value, int group) => (value - _mean[_mean.Length == 1 ? 0 : group]) / _std[_std.Length == 1 ? 0 : group];

    private static float[] Expand(ImmutableArray<float> numbers, float neutral, int groups, string what, string name)
    {
        if (numbers.IsDefaultOrEmpty)
            return [neutral];
        if (numbers.Length != 1 && numbers.Length != groups)
            throw new SkiptuneException($"the {name} has {numbers.Length} numbers, but samples have {groups} {what}; give 1 or {groups} numbers");
        float[] copy = [.. numbers];
        if (copy.AsSpan().IndexOfNotFinite() >= 0)
            throw new SkiptuneException($"the {name} has a number that is NaN or infinite; give finite numbers");
        return copy;
    }
}
