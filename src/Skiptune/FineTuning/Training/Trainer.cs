using Skiptune.Data;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>The parameters in training: their values, gradients and optimizer state, and the step.</summary>
internal sealed class Trainer
{
    private readonly FineTuneOptions _options;
    private readonly ProgramContext _context;
    private readonly string _output;
    private readonly ProgramCache _tails;
    private readonly Parameter[] _parameters;
    private readonly DataSet _data;
    private readonly Objective _objective;
    private readonly float _rate;

    public Trainer(FineTuneOptions options, AdaptedGraph adapted, Graph tail, DataSet data, ProgramContext context)
    {
        _options = options;
        _context = context;
        _output = adapted.Layer.ReadFor(data.Targets.Kind);
        _rate = options.EffectiveLearningRate;
        _data = data;
        _objective = Objective.For(data, adapted.Layer, Math.Min(options.BatchSize, data.Count));
        Values = adapted.Changing.ToDictionary(name => name, name => adapted.Graph.Constants[name].Clone(), StringComparer.Ordinal);
        Dictionary<string, Tensor> gradients = adapted.Trained.ToDictionary(name => name, name => new Tensor(Values[name].Shape), StringComparer.Ordinal);
        _parameters = [.. adapted.Trained.Select(name => new Parameter(Values[name], gradients[name], options.Optimizer.States))];
        _tails = new ProgramCache(tail.With(outputs: [_output]), Values, gradients, context);
        State = StateOf(adapted);
    }

    /// <summary>The constants that change, with their present values.</summary>
    public Dictionary<string, Tensor> Values { get; }

    /// <summary>
    /// All that the next step depends on, by name: the constants that change and the optimizer's state. The tensors are
    /// those in use, so copying into them continues another run.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> State { get; }

    /// <summary>The program for a batch size; ask for the largest first.</summary>
    public GraphProgram Tail(int batch) => _tails.For(batch);

    /// <summary>One step on the batch whose features the tail holds.</summary>
    /// <param name="tail">The program of the batch's size.</param>
    /// <param name="samples">The samples of the batch.</param>
    /// <param name="step">The step, from 0.</param>
    /// <param name="steps">All steps.</param>
    /// <returns>The mean loss before the step.</returns>
    public float Step(GraphProgram tail, ReadOnlySpan<int> samples, int step, int steps)
    {
        tail.Forward();
        double loss = _objective.Compute(_context.Kernels, tail.Value(_output), _data, samples, tail.Gradient(_output));
        if (!double.IsFinite(loss))
            throw new SkiptuneException($"the loss became {loss} at step {step + 1} of {steps}; use a smaller learning rate than {_rate} and check the data");
        tail.Backward();
        float rate = _rate * _options.Schedule.Factor(step, steps);
        foreach (Parameter parameter in _parameters)
            _options.Optimizer.Update(_context.Kernels, parameter.Value.Span, parameter.Gradient.Span, parameter.States, rate, step + 1);
        return (float)loss;
    }

    /// <summary>Throws if a step has made a parameter NaN or infinite.</summary>
    /// <param name="epoch">The epoch that has just ended, from 1.</param>
    public void CheckFinite(int epoch)
    {
        foreach ((string name, Tensor tensor) in Values)
        {
            if (!tensor.IsFinite())
                throw new SkiptuneException($"'{name}' is no longer finite after epoch {epoch}; use a smaller learning rate than {_rate} and check the data");
        }
    }

    // The prefixes keep names of the model and names of ours apart.
    private Dictionary<string, Tensor> StateOf(AdaptedGraph adapted)
    {
        Dictionary<string, Tensor> state = Values.ToDictionary(pair => $"model.{pair.Key}", pair => pair.Value, StringComparer.Ordinal);
        for (int i = 0; i < _parameters.Length; i++)
        {
            for (int kind = 0; kind < _parameters[i].States.Length; kind++)
                state.Add($"optimizer{kind}.{adapted.Trained[i]}", _parameters[i].States[kind]);
        }
        return state;
    }

    private sealed class Parameter(Tensor value, Tensor gradient, int states)
    {
        public Tensor Value { get; } = value;

        public Tensor Gradient { get; } = gradient;

        public Tensor[] States { get; } = [.. Enumerable.Range(0, states).Select(_ => new Tensor(value.Shape))];
    }
}
