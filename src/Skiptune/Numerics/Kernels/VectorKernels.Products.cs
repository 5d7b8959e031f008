using System.Runtime.CompilerServices;

namespace Skiptune.Numerics;

internal sealed partial class VectorKernels<V>
{
    // From this many rows on, a product with a transposed right side is computed as the transpose of a product, with
    // the rows along the vectors: only the left side then has to be turned.
    private const int RowsAlongVectors = 16;

    private const int TallestTile = 8;

    // Floats that stay in a second-level cache beside others: 256 KiB.
    private const int NearFloats = 1 << 16;

    internal override void MultiplyAdd(int rows, int columns, int depth, Matrix left, Matrix right, Span<float> destination, int stride)
    {
        left.Check(rows, depth);
        right.Check(depth, columns);
        CheckDestination(rows, columns, destination, stride);
        if (rows == 0 || columns == 0 || depth == 0)
            return;
        if (right.ColumnStride != 1 && rows >= RowsAlongVectors)
            MultiplyAddTransposed(rows, columns, depth, left, right, destination, stride);
        else if (right.ColumnStride != 1)
            MultiplyAddPacked(rows, columns, depth, left, right, destination, stride);
        else
            MultiplyAddInPlace(rows, columns, depth, left, right, destination, stride);
    }

    // destination^T += right^T left^T
    private static void MultiplyAddTransposed(int rows, int columns, int depth, Matrix left, Matrix right, Span<float> destination, int stride)
    {
        Span<float> lines = Scratch.Get(Scratch.Purpose.Panel, depth * rows);
        Transpose(rows, depth, left, lines, rows);
        Span<float> sums = Scratch.Get(Scratch.Purpose.Output, columns * rows);
        Transpose(rows, columns, new Matrix(destination, stride), sums, rows);
        MultiplyAddInPlace(columns, rows, depth, right.Transposed, new Matrix(lines, rows), sums, rows);
        Transpose(columns, rows, new Matrix(sums, rows), destination, stride);
    }

    // A strip of columns at a time is copied side by side.
    private static void MultiplyAddPacked(int rows, int columns, int depth, Matrix left, Matrix right, Span<float> destination, int stride)
    {
        int most = 3 * V.Width;
        Span<float> panel = Scratch.Get(Scratch.Purpose.Panel, depth * most);
        for (int column = 0; column < columns; column += most)
        {
            int count = Math.Min(most, columns - column);
            Transpose(count, depth, new Matrix(right.Values[(column * right.ColumnStride)..], right.ColumnStride, right.RowStride), panel, count);
            MultiplyAddInPlace(rows, count, depth, left, new Matrix(panel, count), destination[column..], stride);
        }
    }

    private static void MultiplyAddInPlace(int rows, int columns, int depth, Matrix left, Matrix right, Span<float> destination, int stride)
    {
        Product<Scalar> product = new(rows, depth, left, ref Start(right.Values), ref Scratch.Multiples(depth, right.RowStride)[0])
        {
            Output = ref Start(destination),
            OutputStride = stride,
        };
        product.Columns(0, columns / V.Width);
        int rest = columns % V.Width;
        if (rest > 0)
            LastColumns(product, columns - rest, rest, destination, stride);
    }

    // What is less than a vector goes through copies.
    private static void LastColumns(Product<Scalar> product, int column, int count, Span<float> destination, int stride)
    {
        Span<float> panel = Scratch.Get(Scratch.Purpose.Line, product.Depth * V.Width);
        Span<float> sums = Scratch.Get(Scratch.Purpose.Row, product.Rows * V.Width);
        product.CopyLines(column, count, panel);
        for (int row = 0; row < product.Rows; row++)
            destination.Slice(row * stride + column, count).CopyTo(sums[(row * V.Width)..]);
        product.Lines = ref Start(panel);
        product.Places = ref Scratch.Multiples(product.Depth, V.Width)[0];
        product.Output = ref Start(sums);
        product.OutputStride = V.Width;
        product.Columns(0, 1);
        for (int row = 0; row < product.Rows; row++)
            sums.Slice(row * V.Width, count).CopyTo(destination[(row * stride + column)..]);
    }

    /// <summary>
    /// sums (rows x columns) = left (rows x depth) * lines (depth x columns), where the lines lie anywhere: those of a
    /// matrix, or the cells of an image that each weight of a convolution meets. A factor of the left is a value, or a
    /// vector for lanes that have weights of their own.
    /// </summary>
    private ref struct Product<TLeft>(int rows, int depth, Matrix left, ref float lines, ref int places)
        where TLeft : struct, ILeft
    {
        private readonly ref float _left = ref Start(left.Values);
        private readonly nuint _rowStride = (nuint)left.RowStride;
        private readonly nuint _columnStride = (nuint)left.ColumnStride;

        public readonly int Rows => rows;

        public readonly int Depth => depth;

        /// <summary>What the places count from.</summary>
        public ref float Lines = ref lines;

        /// <summary>Where each line starts.</summary>
        public ref int Places = ref places;

        public ref float Output;

        public int OutputStride;

        /// <summary>What each row starts from; none to add to the output.</summary>
        public ref float Bias;

        public Epilogue Epilogue = Epilogue.None;

        /// <summary>From a line to the one below, for windows.</summary>
        public int Below;

        /// <summary>Computes that many vectors of every row from a column on.</summary>
        public readonly void Columns(int column, int vectors)
        {
            // All rows read the lines again: only so many at a time, that they stay near.
            int most = Math.Max(3, NearFloats / (depth * V.Width) / 3 * 3);
            for (; vectors > most + 1; vectors -= most, column += most * V.Width)
                AllRows<Three>(column, most / 3);
            if (rows == 1)
            {
                // A single row must be wide, or each sum would wait for itself.
                int eights = vectors / 8;
                AllRows<Beside<Four>>(column, eights);
                column += 8 * eights * V.Width;
                vectors -= 8 * eights;
            }
            if (rows == 6 && V.Registers >= 32)
            {
                // Six rows leave registers for a fourth vector.
                int fours = vectors / 4;
                AllRows<Four>(column, fours);
                column += 4 * fours * V.Width;
                vectors -= 4 * fours;
            }
            // Three vectors wide, without leaving a single one to the end.
            int threes = vectors % 3 == 1 && vectors > 1 ? vectors / 3 - 1 : vectors / 3;
            int twos = (vectors - 3 * threes) / 2;
            AllRows<Three>(column, threes);
            AllRows<Two>(column + 3 * threes * V.Width, twos);
            AllRows<One>(column + (3 * threes + 2 * twos) * V.Width, vectors - 3 * threes - 2 * twos);
        }

        /// <summary>Computes the largest of each of that many windows of two by two, side by side.</summary>
        public readonly void Squares(int count) => AllRows<PooledSquare>(0, count);

        /// <summary>Copies columns of all lines side by side, a vector apart, zeros behind.</summary>
        public readonly void CopyLines(int column, int count, Span<float> panel)
        {
            panel.Clear();
            for (int k = 0; k < depth; k++)
            {
                ref float line = ref Unsafe.Add(ref Lines, Unsafe.Add(ref Places, k) + column);
                for (int j = 0; j < count; j++)
                    panel[k * V.Width + j] = Unsafe.Add(ref line, j);
            }
        }

        private readonly void AllRows<TRow>(int column, int strips)
            where TRow : struct, IRow<TRow>
        {
            if (strips == 0)
                return;
            int row = 0;
            if (V.Registers >= 32)
            {
                // Eight rows of four vectors would leave no register for what they are made of.
                for (; TRow.Vectors <= 3 && row <= rows - 8; row += 8)
                    Tiles<Stacked<Rows4<TRow>, Rows4<TRow>, TRow>, TRow>(row, column, strips);
                if (rows - row is 6 or 7)
                {
                    Tiles<Stacked<Rows4<TRow>, Rows2<TRow>, TRow>, TRow>(row, column, strips);
                    row += 6;
                }
            }
            // Sixteen registers hold twelve sums and what they are made of.
            for (; (V.Registers >= 32 || TRow.Vectors <= 3) && row <= rows - 4; row += 4)
                Tiles<Rows4<TRow>, TRow>(row, column, strips);
            for (; row <= rows - 2; row += 2)
                Tiles<Rows2<TRow>, TRow>(row, column, strips);
            if (row < rows)
                Tiles<Rows1<TRow>, TRow>(row, column, strips);
        }

        private readonly void Tiles<TTile, TRow>(int row, int column, int strips)
            where TTile : struct, ITile<TTile, TRow>
            where TRow : struct, IRow<TRow>
        {
            ref float output = ref Unsafe.Add(ref Output, row * OutputStride + column);
            ref float bias = ref Unsafe.IsNullRef(ref Bias) ? ref Bias : ref Unsafe.Add(ref Bias, row * TLeft.Values);
            ref float factors = ref Unsafe.Add(ref _left, (nuint)row * _rowStride);
            Compute<TTile, TRow, TLeft>(
                strips, depth, ref factors, _rowStride, _columnStride, ref Unsafe.Add(ref Lines, column), ref Places, ref output, (nuint)OutputStride, ref bias, Epilogue, (nuint)Below);
        }
    }

    // Tiles side by side. Nothing may be called in here: vectors do not survive a call in registers.
    [MethodImpl(KernelCode.Optimized)]
    private static void Compute<TTile, TRow, TLeft>(
        int strips,
        int depth,
        ref float left,
        nuint rowStride,
        nuint columnStride,
        ref float lines,
        ref int places,
        ref float output,
        nuint stride,
        ref float bias,
        Epilogue epilogue,
        nuint below)
        where TTile : struct, ITile<TTile, TRow>
        where TRow : struct, IRow<TRow>
        where TLeft : struct, ILeft
    {
        bool clamps = epilogue.Clamps || TRow.Results < TRow.Vectors;
        for (; strips > 0; strips--)
        {
            ref float factor = ref left;
            TTile sums = Unsafe.IsNullRef(ref bias) ? TTile.Load(ref output, stride) : TTile.Broadcast<TLeft>(ref bias, (nuint)TLeft.Values);
            for (int k = 0; k < depth; k++)
            {
                TRow right = TRow.Load(ref Unsafe.Add(ref lines, Unsafe.Add(ref places, k)), below);
                TTile.MultiplyAdd<TLeft>(ref sums, ref factor, rowStride, right);
                factor = ref Unsafe.Add(ref factor, columnStride);
            }
            if (clamps)
                sums = TTile.Clamp(sums, V.Broadcast(epilogue.Low), V.Broadcast(epilogue.High));
            TTile.Store(sums, ref output, stride);
            lines = ref Unsafe.Add(ref lines, TRow.Across * V.Width);
            output = ref Unsafe.Add(ref output, TRow.Results * V.Width);
        }
    }
}
