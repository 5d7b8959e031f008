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
    private readonly string? _output;

    /// <summary>Makes a model of a graph.</summary>
    /// <param name="graph">The network.</param>
    public Model(Graph graph)
        : this(graph, () => OnnxWriter.Write(graph))
    {
    }

    private Model(Graph graph, Func<byte[]> file)
        : this(graph, new Lazy<string>(() => Convert.ToHexStringLower(SHA256.HashData(file()))), output: null)
    {
    }

    private Model(Graph graph, Lazy<string> fingerprint, string? output)
    {
        Graph = graph;
        _fingerprint = fingerprint;
        _output = output;
    }

    /// <summary>The network.</summary>
    public Graph Graph { get; }

    /// <summary>
    /// The SHA-256, in hexadecimal, of the ONNX file the model was read from, or of the one it would be written to.
    /// An adapter names the base it belongs to by it.
    /// </summary>
    public string Fingerprint => _fingerprint.Value;

    /// <summary>The value that <see cref="WithOutput"/> chose as the output, by its own name; null if none was chosen.</summary>
    public string? Output => _output;

    /// <summary>The operator set that <see cref="SaveOnnx"/> writes: the source's, or the oldest that has what is written.</summary>
    public int OnnxOpset => OnnxWriter.OpsetOf(Graph);

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

    /// <summary>The same model, with a value chosen that is trained, measured and predicted.</summary>
    /// <param name="output">The name of a graph output, of another value, or of the node that makes it.</param>
    /// <exception cref="SkiptuneException">There is no such value.</exception>
    public Model WithOutput(string output) => new(Graph, _fingerprint, OutputName.Resolve(Graph, output));

    /// <summary>Where the model says what it makes of a sample.</summary>
    /// <exception cref="SkiptuneException">The model has several outputs and none was chosen.</exception>
    public OutputLayer GetOutputLayer() => OutputLayer.Find(Graph, _output);

    /// <summary>Lists what is in the model and what fine-tuning it would take.</summary>
    public ModelInspection Inspect() => ModelInspection.Of(Graph, _output);

    /// <summary>Prepares a fine-tuning.</summary>
    /// <param name="options">How to fine-tune; null for the defaults.</param>
    /// <exception cref="SkiptuneException">An option is out of range or does not fit the model.</exception>
    public FineTuner CreateFineTuner(FineTuneOptions? options = null)
    {
        options ??= new FineTuneOptions();
        return new FineTuner(Graph, Fingerprint, options with { Output = options.Output ?? _output });
    }

    /// <summary>The tuned model. Its output is its new head if it has one, else the one chosen for this model, else the one that was trained.</summary>
    /// <param name="adapter">What a fine-tuning of this model changed.</param>
    /// <param name="merge">
    /// True to take the adapter into the base's weights, so that the tuned model has the base's nodes and none besides; the
    /// answers are the same up to rounding. Not possible for skip methods. Default false: adapters become nodes.
    /// </param>
    /// <exception cref="SkiptuneException">The adapter belongs to another base, or cannot be merged.</exception>
    public Model WithAdapter(Adapter adapter, bool merge = false)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        Model tuned = new(adapter.ApplyTo(Graph, Fingerprint, merge));
        string? output = adapter.Classes is null ? _output ?? adapter.Output : null;
        return output is null ? tuned : tuned.WithOutput(output);
    }

    /// <summary>Measures accuracy and loss on labelled data.</summary>
    /// <param name="data">The data; samples of the shape of the model's input.</param>
    /// <param name="threads">Threads, 0 (the default) for one a processor.</param>
    /// <param name="cancellationToken">Ends the measurement with an exception.</param>
    /// <exception cref="SkiptuneException">The data do not fit the model.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Evaluation Evaluate(DataSet data, int threads = 0, CancellationToken cancellationToken = default)
    {
        using Workers workers = new(threads);
        return Evaluator.Evaluate(Graph, GetOutputLayer(), data, new ProgramContext(KernelSet.Current, workers), cancellationToken);
    }

    /// <summary>Runs the model over all samples.</summary>
    /// <param name="data">The data; samples of the shape of the model's input.</param>
    /// <param name="threads">Threads, 0 (the default) for one a processor.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    /// <returns>The chosen output, else the model's first; samples on the first axis.</returns>
    /// <exception cref="SkiptuneException">The data do not fit the model.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Tensor Predict(DataSet data, int threads = 0, CancellationToken cancellationToken = default)
    {
        InputCheck.Samples(Graph, data);
        using Workers workers = new(threads);
        return Evaluator.Predict(Graph, _output ?? Graph.Outputs[0], data, new ProgramContext(KernelSet.Current, workers), cancellationToken);
    }

    /// <summary>Prepares answers for one sample at a time.</summary>
    /// <exception cref="SkiptuneException">The model has several inputs or outputs, or its output is no vector of scores.</exception>
    public Predictor CreatePredictor() => new(Graph, GetOutputLayer());

    /// <summary>Writes the model as an ONNX file, whole or not at all. Adapters become plain nodes.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SkiptuneException">The file cannot be written.</exception>
    public void SaveOnnx(string path) => Files.AtomicFile.Write(path, OnnxWriter.Write(Graph));
}
