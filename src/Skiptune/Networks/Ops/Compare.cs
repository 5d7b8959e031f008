using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>What a <see cref="Compare"/> asks.</summary>
public enum Comparison
{
    /// <summary>a = b.</summary>
    Equal,

    /// <summary>a &gt; b.</summary>
    Greater,

    /// <summary>a &gt;= b.</summary>
    GreaterOrEqual,

    /// <summary>a &lt; b.</summary>
    Less,

    /// <summary>a &lt;= b.</summary>
    LessOrEqual,
}

/// <summary>1 where a comparison of two values (broadcast) holds, 0 elsewhere. No gradient passes. ONNX Equal, Greater, ...</summary>
/// <param name="Comparison">What is asked.</param>
public sealed record Compare(Comparison Comparison) : Op
{
    /// <inheritdoc/>
    public override string Type => Comparison.ToString();

    /// <inheritdoc/>
    public override bool PassesGradient(int input) => false;

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => true;

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs) => [Broadcasting.Infer(Type, inputs[0], inputs[1])];

    internal bool Holds(double a, double b) => Comparison switch
    {
        Comparison.Equal => a == b,
        Comparison.Greater => a > b,
        Comparison.GreaterOrEqual => a >= b,
        Comparison.Less => a < b,
        _ => a <= b,
    };

    internal override BoundOp Bind(BindContext context) => new Bound(this, context);

    private sealed class Bound(Compare op, BindContext context) : BoundOp
    {
        private readonly BroadcastRows _rows = new(context);

        public override void Forward()
        {
            ReadOnlySpan<float> a = context.Input(0).Span;
            ReadOnlySpan<float> b = context.Input(1).Span;
            Span<float> output = context.Outputs[0].Span;
            for (int at = 0; at < output.Length; at++)
                output[at] = op.Holds(a[_rows.At(0, at)], b[_rows.At(1, at)]) ? 1 : 0;
        }

        public override void Backward()
        {
        }
    }
}
