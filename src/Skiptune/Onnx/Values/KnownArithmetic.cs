using System.Collections.Frozen;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Onnx;

/// <summary>The arithmetic of values known at import: one line an operator.</summary>
internal static class KnownArithmetic
{
    private static readonly FrozenDictionary<string, Func<double, double>> s_unary = new Dictionary<string, Func<double, double>>(StringComparer.Ordinal)
    {
        ["Abs"] = Math.Abs,
        ["Ceil"] = Math.Ceiling,
        ["Floor"] = Math.Floor,
        ["Neg"] = value => -value,
        ["Not"] = value => value == 0 ? 1 : 0,
        ["Round"] = value => Math.Round(value, MidpointRounding.ToEven),
        ["Sqrt"] = Math.Sqrt,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, (Func<double, double, double> Apply, bool IsCondition)> s_binary =
        new Dictionary<string, (Func<double, double, double>, bool)>(StringComparer.Ordinal)
        {
            ["Add"] = ((a, b) => a + b, false),
            ["And"] = ((a, b) => a != 0 && b != 0 ? 1 : 0, true),
            ["Div"] = ((a, b) => a / b, false),
            ["Equal"] = ((a, b) => a == b ? 1 : 0, true),
            ["Greater"] = ((a, b) => a > b ? 1 : 0, true),
            ["GreaterOrEqual"] = ((a, b) => a >= b ? 1 : 0, true),
            ["Less"] = ((a, b) => a < b ? 1 : 0, true),
            ["LessOrEqual"] = ((a, b) => a <= b ? 1 : 0, true),
            ["Max"] = (Math.Max, false),
            ["Min"] = (Math.Min, false),
            // The sign of the divisor, as in Python.
            ["Mod"] = ((a, b) => a - Math.Floor(a / b) * b, false),
            ["Mul"] = ((a, b) => a * b, false),
            ["Or"] = ((a, b) => a != 0 || b != 0 ? 1 : 0, true),
            ["Pow"] = (Math.Pow, false),
            ["Sub"] = ((a, b) => a - b, false),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>True if the operator is one of these.</summary>
    public static bool Knows(string op) => s_unary.ContainsKey(op) || s_binary.ContainsKey(op) || op == "Where";

    /// <summary>The result for one batch size.</summary>
    public static KnownTensor Apply(string op, int type, KnownTensor[] inputs)
    {
        Shape shape = Broadcasting.Join(op, [.. inputs.Select(input => input.Shape)]);
        if (shape.Count > KnownValue.MaxElements)
            throw new SkiptuneException($"a constant of {shape} is too large to be computed at import");
        double[] values = new double[shape.Count];
        for (int i = 0; i < values.Length; i++)
        {
            double value = op switch
            {
                "Where" => inputs[inputs[0].At(shape, i) != 0 ? 1 : 2].At(shape, i),
                _ when s_unary.TryGetValue(op, out Func<double, double>? unary) => unary(inputs[0].At(shape, i)),
                _ => inputs.Skip(1).Aggregate(inputs[0].At(shape, i), (sum, input) => s_binary[op].Apply(sum, input.At(shape, i))),
            };
            values[i] = InType(type, value);
        }
        return new KnownTensor(shape, values);
    }

    /// <summary>The element type of the result.</summary>
    public static int TypeOf(string op, int[] inputs) =>
        s_binary.TryGetValue(op, out (Func<double, double, double>, bool IsCondition) binary) && binary.IsCondition ? ElementType.Bool : inputs[op == "Where" ? 1 : 0];

    /// <summary>A number as the type holds it: integers lose their fraction, float32 is rounded.</summary>
    public static double InType(int type, double value)
    {
        if (type == ElementType.Bool)
            return value != 0 ? 1 : 0;
        if (type == ElementType.Float64)
            return value;
        if (ElementType.IsFloat(type))
            return (float)value;
        if (!double.IsFinite(value))
            throw new SkiptuneException("a division by 0 in the computation of a shape");
        return Math.Truncate(value);
    }
}
