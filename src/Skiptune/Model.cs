using System.Security.Cryptography;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx;

namespace Skiptune;

/// <summary>A network with its weights: read from ONNX, written as ONNX, never changed.</summary>
public sealed class Model
{
    private readonly Lazy<string> _fingerprint;

    /// <summary>Makes a model of a graph.</summary>
    /// <param name="graph">The network.</param>
    public Model(Graph graph)
        : this(graph, () => OnnxWriter.Write(graph))
    {
    }

    private Model(Graph graph, Func<byte[]> file)
    {
        Graph = graph;
        _fingerprint = new Lazy<string>(() => Convert.ToHexStringLower(SHA256.HashData(file())));
    }

    /// <summary>The network.</summary>
    public Graph Graph { get; }

    /// <summary>
    /// The SHA-256, in hexadecimal, of the ONNX file the model was read from, or of the one it would be written to.
    /// An adapter names the base it belongs to by it.
    /// </summary>
    public string Fingerprint => _fingerprint.Value;

    /// <summary>Reads a model from an ONNX file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SkiptuneException">
    /// The file cannot be read, is damaged, or has nodes that are not supported (one error names them all).
    /// </exception>
    public static Model Load(string path) => Load(path, new OnnxReadOptions());

    /// <summary>Reads a model from an ONNX file, and weights beside it from its folder.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to read it; its folder is the file's where none is given.</param>
    /// <exception cref="SkiptuneException">
    /// The file cannot be read, is damaged, or has nodes that are not supported (one error names them all).
    /// </exception>
    public static Model Load(string path, OnnxReadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        byte[] file = Files.BoundedFile.ReadAllBytes(path, Shape.MaxElements);
        OnnxReadOptions here = options with { Folder = options.Folder ?? Path.GetDirectoryName(Path.GetFullPath(path)) };
        return new Model(OnnxReader.Read(file, path, here), () => file);
    }

    /// <summary>Reads a model from the bytes of an ONNX file.</summary>
    /// <param name="file">The bytes.</param>
    /// <param name="name">What errors call the file.</param>
    /// <exception cref="SkiptuneException">The bytes are damaged or have nodes that are not supported.</exception>
    public static Model Read(byte[] file, string name) => new(OnnxReader.Read(file, name), () => file);

    /// <summary>Lists what is in the model and what fine-tuning it would take.</summary>
    public ModelInspection Inspect() => ModelInspection.Of(Graph);

    /// <summary>Prepares a fine-tuning.</summary>
    /// <param name="options">How to fine-tune; null for the defaults.</param>
    /// <exception cref="SkiptuneException">An option is out of range or does not fit the model.</exception>
    public FineTuner CreateFineTuner(FineTuneOptions? options = null) => new(Graph, Fingerprint, options ?? new FineTuneOptions());

    /// <summary>The tuned model.</summary>
    /// <param name="adapter">What a fine-tuning of this model changed.</param>
    /// <exception cref="SkiptuneException">The adapter belongs to another base.</exception>
    public Model WithAdapter(Adapter adapter) => new(adapter.ApplyTo(Graph, Fingerprint));

    /// <summary>Measures accuracy and loss on labelled data.</summary>
    /// <param name="data">The data; samples of the shape of the model's input.</param>
    /// <param name="threads">Threads, 0 (the default) for one a processor.</param>
    /// <param name="cancellationToken">Ends the measurement with an exception.</param>
    /// <exception cref="SkiptuneException">The data do not fit the model.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Evaluation Evaluate(DataSet data, int threads = 0, CancellationToken cancellationToken = default)
    {
        using Workers workers = new(threads);
        return Evaluator.Evaluate(InferencePasses.Apply(Graph), data, new ProgramContext(KernelSet.Current, workers), cancellationToken);
    }

    /// <summary>Runs the model over all samples.</summary>
    /// <param name="data">The data; samples of the shape of the model's input.</param>
    /// <param name="threads">Threads, 0 (the default) for one a processor.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    /// <returns>The model's first output, samples on the first axis.</returns>
    /// <exception cref="SkiptuneException">The data do not fit the model.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Tensor Predict(DataSet data, int threads = 0, CancellationToken cancellationToken = default)
    {
        InputCheck.Samples(Graph, data);
        using Workers workers = new(threads);
        return Evaluator.Predict(InferencePasses.Apply(Graph), data, new ProgramContext(KernelSet.Current, workers), cancellationToken);
    }

    /// <summary>Writes the model as an ONNX file, whole or not at all. Adapters become plain nodes.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SkiptuneException">The file cannot be written.</exception>
    public void SaveOnnx(string path) => Files.AtomicFile.Write(path, OnnxWriter.Write(Graph));
}
