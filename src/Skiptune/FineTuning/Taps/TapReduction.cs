using System.Globalization;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>How a tapped value becomes a vector an adapter reads: as it is, or smaller first.</summary>
public sealed record TapReduction
{
    private readonly int _height;
    private readonly int _width;

    private TapReduction(string name, int height = 0, int width = 0)
    {
        Name = name;
        _height = height;
        _width = width;
    }

    /// <summary>All values, one after the other.</summary>
    public static TapReduction Flatten { get; } = new("flatten");

    /// <summary>The mean of each plane of C x H x W: C values.</summary>
    public static TapReduction GlobalAverage { get; } = new("global-avgpool");

    /// <summary>The mean over the tokens of T x D: D values.</summary>
    public static TapReduction MeanToken { get; } = new("mean-token");

    /// <summary>The last token of T x D: D values.</summary>
    public static TapReduction LastToken { get; } = new("last-token");

    /// <summary>The name on the command line and in adapter files.</summary>
    public string Name { get; }

    /// <summary>
    /// The means of the cells of a grid laid over each plane of C x H x W. Cells are of one size, so a plane that they do
    /// not divide evenly has smaller ones at its end, and perhaps fewer of them.
    /// </summary>
    /// <param name="height">Rows of the grid, at least 1.</param>
    /// <param name="width">Columns of the grid, at least 1.</param>
    public static TapReduction Average(int height, int width) =>
        height >= 1 && width >= 1
            ? new TapReduction(string.Create(CultureInfo.InvariantCulture, $"avgpool:{height}x{width}"), height, width)
            : throw new SkiptuneException($"a grid of {height}x{width} has no cells");

    /// <summary>Reads a reduction.</summary>
    /// <param name="text">flatten, global-avgpool, avgpool:HxW, mean-token or last-token.</param>
    /// <exception cref="SkiptuneException">The text is none of them.</exception>
    public static TapReduction Parse(string text)
    {
        if (Array.Find([Flatten, GlobalAverage, MeanToken, LastToken], one => one.Name == text) is { } plain)
            return plain;
        string[] parts = text.StartsWith("avgpool:", StringComparison.Ordinal) ? text["avgpool:".Length..].Split('x') : [];
        if (parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int height)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int width))
        {
            return Average(height, width);
        }
        throw new SkiptuneException($"'{text}' is not a reduction of a tap; choose flatten, global-avgpool, avgpool:HxW, mean-token or last-token");
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The reduction that leaves at most that many values, keeping as much as it can; null if none does.</summary>
    /// <param name="sample">One sample's shape.</param>
    /// <param name="most">The most values.</param>
    /// <param name="tokens">Whether a value of two axes is T x D, as a layer on the last axis reads it, or C x L, as a convolution does.</param>
    internal static TapReduction? Fit(Shape sample, int most, bool tokens)
    {
        if (sample.Count <= most)
            return Flatten;
        if (sample.Rank == 2)
            return sample[tokens ? 1 : 0] > most ? null : tokens ? MeanToken : GlobalAverage;
        if (sample.Rank != 3 || sample[0] > most)
            return null;
        int side = (int)Math.Sqrt((double)most / sample[0]);
        return side > 1 ? Average(Math.Min(side, sample[1]), Math.Min(side, sample[2])) : GlobalAverage;
    }

    /// <summary>The values left of one sample.</summary>
    internal int CountOf(Shape sample) => this == Flatten ? sample.Count : Op(sample).InferShapes([sample.Prepend(1)])[0].RowCount;

    /// <summary>The operator that reduces; not for <see cref="Flatten"/>, which the adapter does itself.</summary>
    internal Op Op(Shape sample)
    {
        if (this == MeanToken || this == LastToken)
        {
            Require(sample.Rank == 2, "TxD", sample);
            return this == MeanToken
                ? new Reduce(Reduction.Mean, [1], KeepDims: false)
                : new Slice([new SliceRange(1, -1, int.MaxValue)]);
        }
        if (this == GlobalAverage)
        {
            Require(sample.Rank >= 2, "CxHxW or CxL", sample);
            return new GlobalAveragePool();
        }
        Require(sample.Rank == 3, "CxHxW", sample);
        return new AveragePool(Grid(sample[1], sample[2]));
    }

    private void Require(bool fits, string wanted, Shape sample)
    {
        if (!fits)
            throw new SkiptuneException($"{Name} takes values of {wanted}, not {sample}");
    }

    private Window Grid(int height, int width)
    {
        (int cellHeight, int cellWidth) = ((height + _height - 1) / _height, (width + _width - 1) / _width);
        return new Window(cellHeight, cellWidth)
        {
            StrideY = cellHeight,
            StrideX = cellWidth,
            PadBottom = (cellHeight - height % cellHeight) % cellHeight,
            PadRight = (cellWidth - width % cellWidth) % cellWidth,
        };
    }
}
