using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Tests.Onnx;

namespace Skiptune.Tests.Networks;

/// <summary>Every operator that moves data against the definition of one element.</summary>
[Trait("Category", "Kernels")]
public class MovementTests
{
    private delegate float Definition(int[] at, Func<int, int[], float> input);

    private static readonly Dictionary<string, (Op Op, Shape[] Inputs, Shape Output, Definition Definition)> s_cases = new(StringComparer.Ordinal)
    {
        ["transpose"] = (new Transpose([3, 1, 0, 2]), [new(2, 3, 4, 5)], new(5, 3, 2, 4), (at, x) => x(0, [at[2], at[1], at[3], at[0]])),
        ["transpose of inner blocks"] = (new Transpose([0, 2, 1, 3]), [new(2, 3, 4, 8)], new(2, 4, 3, 8), (at, x) => x(0, [at[0], at[2], at[1], at[3]])),
        ["slice with steps both ways"] = (
            new Slice([new(0, -1, -int.MaxValue, -1), new(1, 7, 1, -3), new(2, -3, int.MaxValue, 2)]),
            [new(3, 9, 5)], new(3, 2, 2), (at, x) => x(0, [2 - at[0], 7 - 3 * at[1], 2 + 2 * at[2]])),
        ["slice beyond the ends"] = (new Slice([new(1, -99, 99, 1)]), [new(3, 4)], new(3, 4), (at, x) => x(0, at)),
        ["slice with a step beyond the end"] = (new Slice([new(1, 2, 99, int.MaxValue)]), [new(3, 4)], new(3, 1), (at, x) => x(0, [at[0], 2])),
        ["concat"] = (new Concat(1), [new(2, 3, 2), new(2, 1, 2), new(2, 2, 2)], new(2, 6, 2), (at, x) =>
            at[1] < 3 ? x(0, at) : at[1] < 4 ? x(1, [at[0], at[1] - 3, at[2]]) : x(2, [at[0], at[1] - 4, at[2]])),
        ["concat along the first axis"] = (new Concat(0), [new(2, 3), new(1, 3)], new(3, 3), (at, x) => at[0] < 2 ? x(0, at) : x(1, [at[0] - 2, at[1]])),
        ["pad with a value"] = (new Pad([1, 0, 2], [0, 3, 1], Value: -7), [new(2, 2, 3)], new(3, 5, 6), (at, x) =>
            at[0] < 1 || at[1] > 1 || at[2] is < 2 or > 4 ? -7 : x(0, [at[0] - 1, at[1], at[2] - 2])),
        ["pad that crops"] = (new Pad([-1, 1], [0, -2], Value: 9), [new(3, 4)], new(2, 3), (at, x) => at[1] < 1 ? 9 : x(0, [at[0] + 1, at[1] - 1])),
        ["pad that mirrors"] = (new Pad([0, 2], [0, 2], PadMode.Reflect), [new(2, 3)], new(2, 7), (at, x) => x(0, [at[0], new[] { 2, 1, 0, 1, 2, 1, 0 }[at[1]]])),
        ["pad with the edge"] = (new Pad([2, 0], [1, 0], PadMode.Edge), [new(2, 3)], new(5, 3), (at, x) => x(0, [Math.Clamp(at[0] - 2, 0, 1), at[1]])),
        ["pad from the other end"] = (new Pad([0, 4], [0, 1], PadMode.Wrap), [new(2, 3)], new(2, 8), (at, x) => x(0, [at[0], (at[1] + 2) % 3])),
        ["expand"] = (new Expand([2, 3, 1, 5]), [new(3, 4, 1)], new(2, 3, 4, 5), (at, x) => x(0, [at[1], at[2], 0])),
        ["resize to the nearest, twice"] = (
            new Resize([1, 1, 2, 2], [], Coordinates: ResizeCoordinates.Asymmetric, Rounding: ResizeRounding.Floor),
            [new(1, 2, 2, 3)], new(1, 2, 4, 6), (at, x) => x(0, [at[0], at[1], at[2] / 2, at[3] / 2])),
        ["resize to half"] = (new Resize([1, 0.5f], [], Coordinates: ResizeCoordinates.Asymmetric, Rounding: ResizeRounding.Floor), [new(2, 8)], new(2, 4), (at, x) => x(0, [at[0], 2 * at[1]])),
        ["resize with halves up"] = (new Resize([], [0, 4], Rounding: ResizeRounding.RoundPreferCeil), [new(1, 2)], new(1, 4), (at, x) => x(0, [0, at[1] / 2])),
        ["resize, corners on corners"] = (
            new Resize([], [0, 5], ResizeMode.Linear, ResizeCoordinates.AlignCorners), [new(2, 3)], new(2, 5),
            (at, x) => (x(0, [at[0], at[1] / 2]) + x(0, [at[0], (at[1] + 1) / 2])) / 2),
        // ONNX's own example: 1 2 3 4 in a square become 1, 1.25, 1.75, 2, ... .
        ["resize, linear, twice"] = (new Resize([1, 1, 2, 2], [], ResizeMode.Linear), [new(1, 1, 2, 2)], new(1, 1, 4, 4), (at, _) =>
            1 + new[] { 0, 0.25f, 0.75f, 1 }[at[3]] + 2 * new[] { 0, 0.25f, 0.75f, 1 }[at[2]]),
        ["where"] = (new Where(), [new(3, 1), new(4), new(2, 3, 4)], new(2, 3, 4), (at, x) => x(1, [at[2]])),
        ["compare"] = (new Compare(Relation.Less), [new(3, 1), new(1, 3)], new(3, 3), (at, x) => at[0] < at[1] ? 1 : 0),
    };

    public static TheoryData<string> Names => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_element_is_where_the_definition_says(string name)
    {
        (Op op, Shape[] shapes, Shape expected, Definition definition) = s_cases[name];
        Tensor[] inputs = [.. shapes.Select(shape => Programs.Counting([.. shape.Extents]))];
        Tensor output = Run(op, inputs);
        Assert.Equal(expected, output.Shape);
        int[] at = new int[expected.Rank];
        for (int i = 0; i < expected.Count; i++)
        {
            for (int axis = expected.Rank - 1, rest = i; axis >= 0; axis--)
                (rest, at[axis]) = Math.DivRem(rest, expected[axis]);
            Assert.Equal(definition(at, (input, position) => inputs[input].Span[Offset(shapes[input], position)]), output.Span[i], 1e-5f);
        }
    }

    [Fact]
    public void Gather_takes_entries_from_both_ends()
    {
        Tensor rows = Run(new Gather(1), Programs.Counting(2, 3, 2), new Tensor(new Shape(2, 2), [0, -1, 2, 1]));
        Assert.Equal(new Shape(2, 2, 2, 2), rows.Shape);
        Assert.Equal([1, 2, 5, 6, 5, 6, 3, 4, 7, 8, 11, 12, 11, 12, 9, 10], rows.Span.ToArray());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-4)]
    [InlineData(float.NaN)]
    public void Gather_refuses_an_index_outside(float index) =>
        Assert.Throws<SkiptuneException>(() => Run(new Gather(0), Programs.Counting(3, 2), new Tensor(new Shape(1), [index])));

    [Fact]
    public void Split_gives_all_parts()
    {
        Node node = new("op", new Split(1, [1, 3]), ["x"], ["a", "b"]);
        Tensor[] parts = Programs.Run(new Graph("case", [new GraphInput("x", new Shape(4))], [node], ImmutableDictionary<string, Tensor>.Empty, ["a", "b"]), batch: 2);
        Assert.Equal([1, 5], parts[0].Span.ToArray());
        Assert.Equal([2, 3, 4, 6, 7, 8], parts[1].Span.ToArray());
    }

    [Fact]
    public void Casts_cut_off_fractions_or_ask_for_zero()
    {
        Tensor x = new(new Shape(4), [-1.5f, -0.5f, 0, 2.9f]);
        Assert.Equal([-1, 0, 0, 2], Run(new Cast(CastTarget.Integer), x).Span.ToArray());
        Assert.Equal([1, 1, 0, 1], Run(new Cast(CastTarget.Boolean), x).Span.ToArray());
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        (Op Op, Shape[] Inputs)[] cases =
        [
            (new Transpose([0, 0]), [new(2, 3)]), (new Transpose([0]), [new(2, 3)]), (new Concat(2), [new(2, 3)]), (new Concat(0), [new(2, 3), new(2, 4)]),
            (new Split(1, [1, 1]), [new(2, 3)]), (new Split(1, [3, 0]), [new(2, 3)]), (new Slice([new(2, 0, 1)]), [new(2, 3)]),
            (new Slice([new(1, 0, 1), new(1, 0, 1)]), [new(2, 3)]), (new Slice([new(1, 0, 1, 0)]), [new(2, 3)]), (new Pad([1], [1]), [new(2, 3)]),
            (new Pad([0, 3], [0, 0], PadMode.Reflect), [new(2, 3)]), (new Expand([4]), [new(2, 3)]), (new Squeeze([1]), [new(2, 3)]),
            (new Unsqueeze([3]), [new(2)]), (new Unsqueeze([0, 0]), [new(2)]), (new Gather(2), [new(2, 3), new(1)]), (new Where(), [new(2), new(3), new(1)]),
            (new Resize([1], []), [new(2, 3)]), (new Resize([1, float.NaN], []), [new(2, 3)]), (new Resize([1, -2], []), [new(2, 3)]),
        ];
        foreach ((Op op, Shape[] shapes) in cases)
            Assert.Throws<SkiptuneException>(() => op.InferShapes([.. shapes]));
        Graph empty = Graphs.Of(new Slice([new(1, 2, 2)]), new Shape(3));
        Assert.Contains("is empty", Assert.Throws<SkiptuneException>(() => ShapeInference.Infer(empty, 1)).Message);
    }

    private static Tensor Run(Op op, params Tensor[] inputs)
    {
        ImmutableDictionary<string, Tensor> constants = inputs.Select((input, i) => KeyValuePair.Create($"x{i}", input)).ToImmutableDictionary();
        return Programs.Run(new Graph("case", [], [new Node("op", op, [.. inputs.Select((_, i) => $"x{i}")], ["y"])], constants, ["y"]))[0];
    }

    private static int Offset(Shape shape, int[] at) => Enumerable.Range(0, shape.Rank).Aggregate(0, (sum, axis) => sum * shape[axis] + at[axis]);
}
