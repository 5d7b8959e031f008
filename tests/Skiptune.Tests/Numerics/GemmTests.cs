using Skiptune.Numerics;

namespace Skiptune.Tests.Numerics;

/// <summary>The matrix product over many extents and views.</summary>
[Trait("Category", "Kernels")]
public class GemmTests
{
    private const int RandomProducts = 400;

    public static TheoryData<string, Edge> AllAtBothEdges => Forms.AllAtBothEdges;

    [Theory]
    [MemberData(nameof(AllAtBothEdges))]
    public void Every_form_gives_the_same_bits(string name, Edge edge)
    {
        KernelSet form = Forms.Get(name);
        using Buffers expected = new(Edge.End);
        using Buffers actual = new(edge);
        foreach (Product product in Products())
            Forms.Compare(form, expected, actual, product.Run, product.GetHashCode(), product.ToString());
    }

    [Fact]
    public void The_scalar_form_is_the_sum_of_products()
    {
        foreach (Product product in Products())
            product.CheckScalar();
    }

    private static IEnumerable<Product> Products()
    {
        SeededRandom random = new(7);
        for (int i = 0; i < RandomProducts; i++)
            yield return Random(random.NextInt32(21), random.NextInt32(71), random.NextInt32(51));
        foreach (int rows in new[] { 1, 5, 6, 7, 12, 13 })
        {
            foreach (int columns in new[] { 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 65 })
                yield return Random(rows, columns, 1 + random.NextInt32(3));
        }
        yield return Random(120, 400, 20);
        yield return Random(6, 784, 25);
        yield return Random(31, 97, 301);

        Product Random(int rows, int columns, int depth) => new(
            rows, columns, depth, random.NextInt32(2) == 1, random.NextInt32(2) == 1, random.NextInt32(4), random.NextInt32(4), random.NextInt32(4));
    }

    /// <summary>One product: its extents, which sides are transposed views, and what each stride has beyond the extent.</summary>
    private sealed record Product(
        int Rows, int Columns, int Depth, bool LeftTransposed, bool RightTransposed, int LeftGap, int RightGap, int Gap)
    {
        private int Stride => Columns + Gap;

        public void Run(KernelSet kernels, Buffers buffers)
        {
            Matrix left = View(buffers, Rows, Depth, LeftTransposed, LeftGap);
            Matrix right = View(buffers, Depth, Columns, RightTransposed, RightGap);
            kernels.MultiplyAdd(Rows, Columns, Depth, left, right, buffers.Floats(Size(Rows, Columns, Stride)), Stride);
        }

        public void CheckScalar()
        {
            using Buffers buffers = new(Edge.End);
            Matrix left = View(buffers, Rows, Depth, LeftTransposed, LeftGap);
            Matrix right = View(buffers, Depth, Columns, RightTransposed, RightGap);
            Span<float> destination = buffers.Floats(Size(Rows, Columns, Stride));
            float[] before = destination.ToArray();
            Forms.Scalar.MultiplyAdd(Rows, Columns, Depth, left, right, destination, Stride);
            for (int at = 0; at < before.Length; at++)
            {
                if (at % Stride >= Columns)
                {
                    Assert.Equal(before[at], destination[at]);
                    continue;
                }
                Sum sum = new(before[at]);
                for (int k = 0; k < Depth; k++)
                    sum.Add((double)left[at / Stride, k] * right[k, at % Stride]);
                sum.AssertNear(destination[at], ToString());
            }
        }

        private static int Size(int rows, int columns, int stride) => rows == 0 || columns == 0 ? 0 : (rows - 1) * stride + columns;

        private static Matrix View(Buffers buffers, int rows, int columns, bool transposed, int gap) => transposed
            ? new Matrix(buffers.Floats(Size(columns, rows, rows + gap)), rows + gap).Transposed
            : new Matrix(buffers.Floats(Size(rows, columns, columns + gap)), columns + gap);
    }
}
