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
    private readonly (ParameterUpdate Update, Tensor Gradient)[] _parameters;
    private readonly ParameterUpdate[] _inPlace; // by the backward pass itself
    private readonly DataSet _data;
    private readonly Objective _objective;
    private readonly float _rate;

    /// <summary>Makes the parameters and their state.</summary>
    /// <param name="options">How to train.</param>
    /// <param name="adapted">The whole network.</param>
    /// <param name="tail">The part that is trained.</param>
    /// <param name="data">What to learn from.</param>
    /// <param name="rows">The inputs of the tail whose samples can be read where they lie.</param>
    /// <param name="context">What to compute with.</param>
    public Trainer(
        FineTuneOptions options, AdaptedGraph adapted, Graph tail, DataSet data, IEnumerable<KeyValuePair<string, RowFormat>> rows, ProgramContext context)
    {
        _options = options;
        _context = context;
        _output = adapted.Layer.ReadFor(data.Targets.Kind);
        _rate = options.EffectiveLearningRate;
        _data = data;
        _objective = Objective.For(data, adapted.Layer, Math.Min(options.BatchSize, data.Count), context.Workers);
        Values = adapted.Changing.ToDictionary(name => name, name => adapted.Graph.Constants[name].Clone(), StringComparer.Ordinal);
        Graph scored = tail.With(outputs: [_output]);
        Dictionary<string, ParameterUpdate> trained = adapted.Trained.ToDictionary(name => name, name => new ParameterUpdate(Values[name], StatesOf(Values[name])), StringComparer.Ordinal);
        InPlace inPlace = InPlace.Of(scored, rows, trained);
        Dictionary<string, Tensor> gradients = adapted.Trained.Where(name => !inPlace.Updates.ContainsKey(name))
            .ToDictionary(name => name, name => new Tensor(Values[name].Shape), StringComparer.Ordinal);
        _inPlace = [.. inPlace.Updates.Values];
        _parameters = [.. gradients.Select(pair => (trained[pair.Key], pair.Value))];
        _tails = new ProgramCache(scored, Values, gradients, context, inPlace);
        State = StateOf(trained);

        Tensor[] StatesOf(Tensor value) => [.. Enumerable.Range(0, options.Optimizer.States).Select(_ => new Tensor(value.Shape))];
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
        OptimizerStep constants = _options.Optimizer.StepOf(_rate * _options.Schedule.Factor(step, steps), step + 1);
        foreach (ParameterUpdate update in _inPlace)
            update.Step = constants;
        tail.Backward();
        foreach ((ParameterUpdate update, Tensor gradient) in _parameters)
            _context.Kernels.Update(constants, update.Value.Span, gradient.Span, update.First, update.Second);
        return (float)loss;
    }

    /// <summary>What the loss of these samples is the mean of.</summary>
    public long Targets(ReadOnlySpan<int> samples) => _objective.Weight(_data, samples);

    /// <summary>Throws if a step has made a parameter NaN or infinite.</summary>
    /// <param name="epoch">The epoch that has just ended, from 1.</param>
    public void CheckFinite(int epoch)
    {
        foreach ((string name, Tensor tensor) in Values)
        {
            if (!_context.Kernels.AreFinite(tensor.Span))
                throw new SkiptuneException($"'{name}' is no longer finite after epoch {epoch}; use a smaller learning rate than {_rate} and check the data");
        }
    }

    // The prefixes keep names of the model and names of ours apart.
    private Dictionary<string, Tensor> StateOf(Dictionary<string, ParameterUpdate> trained)
    {
        Dictionary<string, Tensor> state = Values.ToDictionary(pair => $"model.{pair.Key}", pair => pair.Value, StringComparer.Ordinal);
        foreach ((string name, ParameterUpdate update) in trained)
        {
            for (int kind = 0; kind < update.States.Length; kind++)
                state.Add($"optimizer{kind}.{name}", update.States[kind]);
        }
        return state;
    }
}
