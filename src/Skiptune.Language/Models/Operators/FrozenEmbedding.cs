using System.Collections.Immutable;
using Skiptune.Language.Weights;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Language.Models.Operators;

/// <summary>The rows of a table, in the format of its file, that token ids name. Input: ids (n x T); a negative one, which fills a sequence up, names a row of zeros.</summary>
/// <param name="Table">Vocabulary x width.</param>
internal sealed record FrozenEmbedding(WeightMatrix Table) : Op
{
    /// <inheritdoc/>
    public override string Type => "FrozenEmbedding";

    /// <inheritdoc/>
    public override bool IsLookup => true;

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <inheritdoc/>
    public override bool PassesGradient(int input) => false;

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs) => [new Shape([.. inputs[0].Extents, Table.Columns])];

    internal override BoundOp Bind(BindContext context) => new Bound(Table, context);

    private sealed class Bound(WeightMatrix table, BindContext context) : BoundOp
    {
        public override void Forward()
        {
            ReadOnlySpan<float> tokens = context.Input(0).Span;
            Span<float> output = context.Outputs[0].Span;
            for (int i = 0; i < tokens.Length; i++)
            {
                Span<float> row = output.Slice(i * table.Columns, table.Columns);
                // Negated, so that NaN fails.
                if (!(tokens[i] < table.Rows))
                    throw new SkiptuneException($"there is no token {tokens[i]}: the vocabulary has {table.Rows}");
                if (tokens[i] < 0)
                    row.Clear();
                else
                    table.Decode((int)tokens[i], row);
            }
        }

        public override void Backward()
        {
        }
    }
}
