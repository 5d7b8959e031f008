namespace Skiptune.Streaming.Learners;

/// <summary>
/// An online sequential extreme learning machine: a random hidden layer that is never trained, and output weights kept at
/// the ridge regression of all samples seen, one sample or some at a time, without keeping a sample. Numbers, classes, or,
/// with the input as the target, an autoencoder. Memory is fixed, a sample allocates nothing, and the same samples give the
/// same bits on any machine.
/// </summary>
/// <remarks>
/// Liang, Huang, Saratchandran, Sundararajan: A fast and accurate online sequential learning algorithm for feedforward
/// networks, IEEE TNN 2006 (OS-ELM, eq. 19-24); Huynh, Won: Regularized online sequential learning algorithm for
/// single-hidden layer feedforward neural networks, PRL 2011 (ReOS-ELM); forgetting as in Liu, Wu, Jiang: FP-ELM,
/// Neurocomputing 2016, and Tsukada, Kondo, Matsutani: IEEE Trans. Computers 2020 (ONLAD, eq. 9).
/// For one caller at a time.
/// </remarks>
public sealed class OsElm : IStreamState
{
    private readonly RandomLayer _layer;
    private readonly RecursiveRidge _ridge;
    private readonly float[] _hidden;
    private readonly float[] _output;

    /// <summary>Creates a network that predicts 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public OsElm(OsElmOptions options)
    {
        options.Check();
        Options = options;
        _layer = new RandomLayer(options.Features, options.Hidden, options.Activation, options.Seed);
        _ridge = new RecursiveRidge(options.Hidden, options.Outputs, options.Ridge, options.Forgetting);
        _hidden = new float[RecursiveRidge.MostRows * options.Hidden];
        _output = new float[options.Outputs];
    }

    /// <summary>What it was made with.</summary>
    public OsElmOptions Options { get; }

    /// <summary>Samples learnt.</summary>
    public long Count => _ridge.Count;

    /// <summary>The output weights, hidden x outputs.</summary>
    public ReadOnlySpan<float> Weights => _ridge.Weights;

    private string Identity => $"OsElm 1 {Options}";

    /// <summary>Predicts one sample or several.</summary>
    /// <param name="x">samples x features.</param>
    /// <param name="y">Becomes samples x outputs.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, or a value is not finite or above 1e12.</exception>
    public void Predict(ReadOnlySpan<float> x, Span<float> y)
    {
        int rows = Rows(x);
        Samples.CheckLength(y.Length, rows * Options.Outputs, nameof(y));
        for (int first = 0; first < rows; first += RecursiveRidge.MostRows)
        {
            int count = Math.Min(RecursiveRidge.MostRows, rows - first);
            _layer.Forward(count, x[(first * Options.Features)..], _hidden);
            _ridge.Predict(count, _hidden, y[(first * Options.Outputs)..]);
        }
    }

    /// <summary>
    /// Learns one sample or several, the last of them the newest. Several at once give what one after the other gives, up
    /// to rounding, and are faster.
    /// </summary>
    /// <param name="x">samples x features.</param>
    /// <param name="y">samples x outputs: what is to be predicted; x itself for an autoencoder.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, or a value is not finite or above 1e12. Nothing is learnt.</exception>
    public void Learn(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        int rows = Rows(x);
        Samples.CheckLength(y.Length, rows * Options.Outputs, nameof(y));
        Samples.Check(y, nameof(y));
        for (int first = 0; first < rows; first += RecursiveRidge.MostRows)
        {
            int count = Math.Min(RecursiveRidge.MostRows, rows - first);
            _layer.Forward(count, x[(first * Options.Features)..], _hidden);
            _ridge.Learn(count, _hidden, y[(first * Options.Outputs)..]);
        }
    }

    /// <summary>The class of one sample: the largest output.</summary>
    /// <exception cref="ArgumentException">The sample's length does not fit, or a value is not finite or above 1e12.</exception>
    public int Classify(ReadOnlySpan<float> x)
    {
        Predict(x, _output);
        int best = 0;
        for (int i = 1; i < _output.Length; i++)
            best = _output[i] > _output[best] ? i : best;
        return best;
    }

    /// <summary>Learns one sample of a class: 1 for its output, -1 for the others.</summary>
    /// <exception cref="ArgumentException">The sample's length does not fit, or a value is not finite or above 1e12. Nothing is learnt.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public void LearnClass(ReadOnlySpan<float> x, int @class)
    {
        OptionRange.Check(@class, 0, Options.Outputs - 1, nameof(@class));
        _output.AsSpan().Fill(-1);
        _output[@class] = 1;
        Learn(x, _output);
    }

    /// <summary>Copies P = (H'H + ridge I)^-1, the covariance of the output weights up to the noise: hidden x hidden, symmetric.</summary>
    /// <exception cref="ArgumentException">There is no room for it.</exception>
    public void CopyCovariance(Span<float> covariance)
    {
        Samples.CheckLength(covariance.Length, Options.Hidden * Options.Hidden, nameof(covariance));
        _ridge.CopyCovariance(covariance);
    }

    /// <summary>Forgets every sample.</summary>
    public void Reset() => _ridge.Reset();

    /// <inheritdoc/>
    public void WriteState(BinaryWriter writer) => StateBlock.Write(writer, Identity, _ridge.Write);

    /// <inheritdoc/>
    public void ReadState(BinaryReader reader) => _ridge.Restore(StateBlock.Read(reader, Identity, _ridge.StateBytes, _ridge.Read));

    private int Rows(ReadOnlySpan<float> x)
    {
        int rows = x.Length / Options.Features;
        Samples.CheckLength(x.Length, rows * Options.Features, nameof(x));
        Samples.Check(x, nameof(x));
        return rows;
    }
}
