#:project ../src/Skiptune/Skiptune.csproj
// Makes the Fashion-MNIST sample beside this file; assets/README.md has the command.
using System.Globalization;
using Skiptune;
using Skiptune.Data;
using Skiptune.Numerics;

const int TestImages = 1024;
const long MaxIndexBytes = 1 << 20;

try
{
    Dictionary<string, string> options = Parse(args);
    string data = options["--data"];
    string output = options["--out"];
    int[] all = ReadIndex(options["--index"]);
    Directory.CreateDirectory(output);
    Write(data, output, "train-images-idx3-ubyte.gz", all);
    Write(data, output, "train-labels-idx1-ubyte.gz", all);
    int[] first = [.. Enumerable.Range(0, TestImages)];
    Write(data, output, "t10k-images-idx3-ubyte.gz", first);
    Write(data, output, "t10k-labels-idx1-ubyte.gz", first);
    return 0;
}
catch (Exception exception) when (exception is SkiptuneException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

static Dictionary<string, string> Parse(string[] args)
{
    const string usage = "usage: dotnet run assets/make-sample.cs -- --data DIR --index FILE --out DIR";
    string[] names = ["--data", "--index", "--out"];
    Dictionary<string, string> options = [];
    for (int i = 0; i + 1 < args.Length; i += 2)
        options[args[i]] = args[i + 1];
    return args.Length == 2 * names.Length && Array.TrueForAll(names, options.ContainsKey) ? options : throw new SkiptuneException(usage);
}

// One row number a line.
static int[] ReadIndex(string path)
{
    if (new FileInfo(path).Length > MaxIndexBytes)
        throw new SkiptuneException($"{path}: is larger than {MaxIndexBytes} bytes; give a list of row numbers");
    string[] lines = File.ReadAllLines(path);
    int[] rows = new int[lines.Length];
    for (int i = 0; i < rows.Length; i++)
    {
        if (!int.TryParse(lines[i], NumberStyles.None, CultureInfo.InvariantCulture, out rows[i]))
            throw new SkiptuneException($"{path}: line {i + 1} is not a row number; give one number a line");
    }
    return rows;
}

static void Write(string data, string output, string name, int[] rows)
{
    string source = Path.Combine(data, name);
    IdxFile file = IdxFile.Read(source);
    int length = file.Shape.RowCount;
    byte[] values = new byte[rows.Length * length];
    for (int i = 0; i < rows.Length; i++)
    {
        if (rows[i] >= file.Shape[0])
            throw new SkiptuneException($"{source}: has no row {rows[i]}; it has {file.Shape[0]}");
        file.Values.Slice(rows[i] * length, length).CopyTo(values.AsMemory(i * length));
    }
    new IdxFile(file.Shape.WithBatch(rows.Length), values).Write(Path.Combine(output, name), compress: true);
}
