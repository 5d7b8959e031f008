using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>How a resized axis is filled.</summary>
public enum ResizeMode
{
    /// <summary>With the nearest element.</summary>
    Nearest,

    /// <summary>With the mean of the two neighbours, weighted by closeness.</summary>
    Linear,
}

/// <summary>Where an element of the output lies on the input's axis.</summary>
public enum ResizeCoordinates
{
    /// <summary>(i + 0.5) / scale - 0.5.</summary>
    HalfPixel,

    /// <summary>As <see cref="HalfPixel"/>, but 0 on an axis of one element.</summary>
    PytorchHalfPixel,

    /// <summary>i (input - 1) / (output - 1): first on first, last on last.</summary>
    AlignCorners,

    /// <summary>i / scale.</summary>
    Asymmetric,

    /// <summary>(i + 0.5) / scale, for <see cref="ResizeMode.Nearest"/>.</summary>
    TfHalfPixelForNn,
}

/// <summary>How a place between two elements is rounded.</summary>
public enum ResizeRounding
{
    /// <summary>To the nearest, halves down.</summary>
    RoundPreferFloor,

    /// <summary>To the nearest, halves up.</summary>
    RoundPreferCeil,

    /// <summary>Down.</summary>
    Floor,

    /// <summary>Up.</summary>
    Ceil,
}

/// <summary>Images (or anything else) with other extents, nearest or linear. ONNX Resize and Upsample.</summary>
/// <param name="Scales">The factor of each axis; empty if the sizes are given.</param>
/// <param name="Sizes">The extent of each axis, 0 for the input's; empty if the scales are given.</param>
/// <param name="Mode">How to fill.</param>
/// <param name="Coordinates">Where the elements lie.</param>
/// <param name="Rounding">How <see cref="ResizeMode.Nearest"/> rounds.</param>
public sealed record Resize(
    ValueList<float> Scales,
    ValueList<int> Sizes,
    ResizeMode Mode = ResizeMode.Nearest,
    ResizeCoordinates Coordinates = ResizeCoordinates.HalfPixel,
    ResizeRounding Rounding = ResizeRounding.RoundPreferFloor) : MovementOp
{
    // 2^axes boxes are added for linear interpolation.
    private const int MostLinearAxes = 4;

    /// <inheritdoc/>
    public override string Type => "Resize";

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        Shape x = inputs[0];
        if (Scales.Count + Sizes.Count != x.Rank || (Scales.Count > 0 && Sizes.Count > 0))
            throw new SkiptuneException($"Resize has {Scales.Count} scales and {Sizes.Count} sizes for an input of {x}");
        int[] extents = new int[x.Rank];
        for (int axis = 0; axis < extents.Length; axis++)
        {
            if (Scales.Count > 0 && !(Scales[axis] > 0 && Scales[axis] * x[axis] < Shape.MaxElements))
                throw new SkiptuneException($"Resize cannot scale axis {axis} of {x} by {Scales[axis]}");
            extents[axis] = Scales.Count > 0 ? (int)MathF.Floor(Scales[axis] * x[axis]) : Sizes[axis] == 0 ? x[axis] : Sizes[axis];
        }
        Shape y = new(extents);
        if (Mode == ResizeMode.Linear && Enumerable.Range(0, x.Rank).Count(axis => Changes(axis, x, y)) > MostLinearAxes)
            throw new SkiptuneException($"Resize interpolates {MostLinearAxes} axes at most");
        return [y];
    }

    internal override ImmutableArray<CopyPiece> Plan(ImmutableArray<Shape> inputs, ImmutableArray<Shape> outputs)
    {
        (Shape x, Shape y) = (inputs[0], outputs[0]);
        List<AxisMap[]> sources = [[.. AxisMaps.Whole(x)]];
        for (int axis = 0; axis < x.Rank; axis++)
        {
            if (!Changes(axis, x, y))
                continue;
            double[] places = [.. Enumerable.Range(0, y[axis]).Select(i => Place(i, axis, x[axis], y[axis]))];
            int last = x[axis] - 1;
            if (Mode == ResizeMode.Nearest)
            {
                Vary(sources, axis, ([.. places.Select(place => Math.Clamp(Round(place), 0, last))], null));
                continue;
            }
            double[] inside = [.. places.Select(place => Math.Clamp(place, 0, last))];
            int[] lower = [.. inside.Select(place => (int)Math.Floor(place))];
            float[] share = [.. inside.Select((place, i) => (float)(place - lower[i]))];
            Vary(sources, axis, (lower, [.. share.Select(part => 1 - part)]), ([.. lower.Select(at => Math.Min(at + 1, last))], share));
        }
        return [.. sources.Select(source => new CopyPiece(0, 0, [.. source], AxisMaps.Whole(y)))];
    }

    // Each box so far becomes one for each way to read the axis.
    private static void Vary(List<AxisMap[]> sources, int axis, params (int[] Positions, float[]? Weights)[] ways)
    {
        AxisMap[][] before = [.. sources];
        sources.Clear();
        foreach (AxisMap[] source in before)
        {
            foreach ((int[] positions, float[]? weights) in ways)
            {
                AxisMap[] copy = [.. source];
                copy[axis] = source[axis].Pick(positions, weights);
                sources.Add(copy);
            }
        }
    }

    private bool Changes(int axis, Shape x, Shape y) => x[axis] != y[axis] || (Scales.Count > 0 && Scales[axis] != 1);

    private double Place(int i, int axis, int from, int to)
    {
        double scale = Scales.Count > 0 ? Scales[axis] : (double)to / from;
        return Coordinates switch
        {
            ResizeCoordinates.AlignCorners => to == 1 ? 0 : (double)i * (from - 1) / (to - 1),
            ResizeCoordinates.Asymmetric => i / scale,
            ResizeCoordinates.TfHalfPixelForNn => (i + 0.5) / scale,
            ResizeCoordinates.PytorchHalfPixel when to == 1 => 0,
            _ => (i + 0.5) / scale - 0.5,
        };
    }

    private int Round(double place) => (int)(Rounding switch
    {
        ResizeRounding.RoundPreferFloor => Math.Ceiling(place - 0.5),
        ResizeRounding.RoundPreferCeil => Math.Floor(place + 0.5),
        ResizeRounding.Floor => Math.Floor(place),
        _ => Math.Ceiling(place),
    });
}
