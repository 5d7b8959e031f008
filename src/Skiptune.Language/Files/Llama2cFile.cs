using System.Buffers.Binary;
using System.Collections.Immutable;
using Skiptune.Language.Models;
using Skiptune.Language.Tokenizers;
using Skiptune.Language.Weights;
using Skiptune.Numerics;

namespace Skiptune.Language.Files;

/// <summary>
/// llama2.c's first format: seven int32 (width, hidden, blocks, heads, key-value heads, vocabulary, below zero for an output
/// of its own, context), then all weights in float32, each kind for all blocks.
/// </summary>
internal static unsafe class Llama2cFile
{
    private const int HeaderBytes = 7 * sizeof(int);

    public static DecoderModel Read(string path, string? tokenizerPath)
    {
        MappedFile file = new(path);
        try
        {
            return Read(file, path, tokenizerPath);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static DecoderModel Read(MappedFile file, string path, string? tokenizerPath)
    {
        ReadOnlySpan<byte> header = file.Span(0, HeaderBytes);
        int[] numbers = new int[7];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = BinaryPrimitives.ReadInt32LittleEndian(header[(i * sizeof(int))..]);
        if (numbers[0] < 1 || numbers[3] < 1 || numbers[0] % numbers[3] != 0 || numbers[5] == int.MinValue)
            throw file.Error($"is not a llama2.c model: its header is {string.Join(", ", numbers)}");
        DecoderConfig config = new()
        {
            Width = numbers[0],
            Hidden = numbers[1],
            Blocks = numbers[2],
            Heads = numbers[3],
            KeyValueHeads = numbers[4],
            HeadSize = numbers[0] / numbers[3],
            Vocabulary = Math.Abs(numbers[5]),
            Context = numbers[6],
            RotaryLayout = RotaryLayout.Interleaved,
        };
        try
        {
            config.Check();
        }
        catch (SkiptuneException exception)
        {
            throw ErrorText.Of(path, $"is not a llama2.c model: {exception.Message}", exception);
        }
        Cursor cursor = new(file, HeaderBytes);
        DecoderWeights weights = ReadWeights(config, cursor, tied: numbers[5] > 0);
        if (cursor.Offset != file.Length)
            throw file.Error($"has {file.Length} bytes, a model of these extents {cursor.Offset}; it is damaged or of a later llama2.c format");
        Tokenizer tokenizer = Llama2cTokenizer.Read(tokenizerPath ?? Beside(path, config.Vocabulary), config.Vocabulary);
        return new DecoderModel(Path.GetFileName(path), config, weights, tokenizer, file.Hash, [file]);
    }

    private static DecoderWeights ReadWeights(DecoderConfig config, Cursor cursor, bool tied)
    {
        int blocks = config.Blocks;
        WeightMatrix embedding = cursor.Matrix(config.Vocabulary, config.Width);
        Tensor[] attentionNorms = cursor.Vectors(blocks, config.Width);
        WeightMatrix[] queries = cursor.Matrices(blocks, config.QueryWidth, config.Width);
        WeightMatrix[] keys = cursor.Matrices(blocks, config.KeyValueWidth, config.Width);
        WeightMatrix[] values = cursor.Matrices(blocks, config.KeyValueWidth, config.Width);
        WeightMatrix[] outputs = cursor.Matrices(blocks, config.Width, config.QueryWidth);
        Tensor[] feedForwardNorms = cursor.Vectors(blocks, config.Width);
        WeightMatrix[] gates = cursor.Matrices(blocks, config.Hidden, config.Width);
        WeightMatrix[] downs = cursor.Matrices(blocks, config.Width, config.Hidden);
        WeightMatrix[] ups = cursor.Matrices(blocks, config.Hidden, config.Width);
        Tensor norm = cursor.Vectors(1, config.Width)[0];
        // Tables of the rotations, which are computed here.
        cursor.Skip((long)config.Context * config.HeadSize);
        WeightMatrix? output = tied ? null : cursor.Matrix(config.Vocabulary, config.Width);
        return new DecoderWeights(
            embedding,
            [
                .. Enumerable.Range(0, blocks).Select(i => new BlockWeights(
                    attentionNorms[i], new(queries[i]), new(keys[i]), new(values[i]), outputs[i], feedForwardNorms[i], gates[i], ups[i], downs[i])),
            ],
            norm,
            output);
    }

    // Named as llama2.c names them.
    private static string Beside(string path, int vocabulary)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        ImmutableArray<string> names = ["tokenizer.bin", $"tok{vocabulary}.bin"];
        return names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw ErrorText.Of(path, $"has no tokenizer beside it ({string.Join(" or ", names)}); name it with --tokenizer");
    }

    private sealed class Cursor(MappedFile file, long offset)
    {
        public long Offset { get; private set; } = offset;

        public void Skip(long values) => Take(values);

        public WeightMatrix Matrix(int rows, int columns) => new(WeightFormat.F32, rows, columns, file, file.At(Take((long)rows * columns)));

        public WeightMatrix[] Matrices(int count, int rows, int columns) => [.. Enumerable.Range(0, count).Select(_ => Matrix(rows, columns))];

        public Tensor[] Vectors(int count, int length) => [.. Enumerable.Range(0, count).Select(_ => Matrix(1, length).ToTensor().Reshape(new Shape(length)))];

        private long Take(long values)
        {
            long start = Offset;
            if (values * sizeof(float) > file.Length - start)
                throw file.Error("is cut short, or no llama2.c model; copy it again");
            Offset += values * sizeof(float);
            return start;
        }
    }
}
