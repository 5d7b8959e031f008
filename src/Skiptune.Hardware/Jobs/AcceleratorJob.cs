using System.Collections.Immutable;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Hardware.Adapters;
using Skiptune.Hardware.Base;
using Skiptune.Networks;

namespace Skiptune.Hardware.Jobs;

/// <summary>All that the accelerator is given for one fine-tuning.</summary>
/// <param name="Options">The hardware.</param>
/// <param name="Network">The base in integers.</param>
/// <param name="Images">The images in the order in which they are sent; an image's position is its place in the cache.</param>
/// <param name="Labels">Their classes.</param>
/// <param name="Steps">The steps, over places in the cache.</param>
/// <param name="Start">The adapters before the first step.</param>
internal sealed record AcceleratorJob(
    AcceleratorOptions Options, IntegerNetwork Network, byte[][] Images, byte[] Labels, TrainingStep[] Steps, AdapterState Start)
{
    /// <summary>Prepares the job that fine-tunes a model.</summary>
    /// <param name="model">The reference CNN.</param>
    /// <param name="train">Images of 1x28x28 with values 0 .. 1.</param>
    /// <param name="fineTuning">How; its optimizer does not count: the accelerator has gradient descent alone.</param>
    /// <param name="learningRate">The rate of gradient descent before the schedule.</param>
    /// <param name="tapGains">See <see cref="IntegerNetwork.TapGains"/>.</param>
    /// <param name="hardware">The hardware.</param>
    /// <exception cref="SkiptuneException">The model or the data do not fit the accelerator.</exception>
    public static AcceleratorJob Create(Model model, DataSet train, FineTuneOptions fineTuning, float learningRate, ImmutableArray<int> tapGains, AcceleratorOptions hardware)
    {
        if (train.SampleShape != ReferenceCnn.SampleShape)
            throw new SkiptuneException($"the accelerator takes images of {ReferenceCnn.SampleShape}, not {train.SampleShape}");
        if (train.Count > hardware.Samples)
            throw new SkiptuneException($"the accelerator's cache holds {hardware.Samples} samples, not {train.Count}; use --train-samples {hardware.Samples}");
        if (fineTuning.BatchSize > hardware.Batch)
            throw new SkiptuneException($"the accelerator's batches have at most {hardware.Batch} samples, not {fineTuning.BatchSize}");
        IntegerNetwork network = NetworkQuantizer.Quantize(model, train) with { TapGains = tapGains };
        TrainingStep[] steps = TrainingPlan.Steps(fineTuning, train.Count, learningRate);

        // Sent in the order of the first epoch, so that training starts while images still come.
        int[] sent = [.. steps.SelectMany(step => step.Samples).Concat(Enumerable.Range(0, train.Count)).Distinct()];
        int[] place = new int[train.Count];
        for (int i = 0; i < sent.Length; i++)
            place[sent[i]] = i;
        return new AcceleratorJob(
            hardware,
            network,
            [.. sent.Select(index => Image(train, index))],
            [.. sent.Select(index => (byte)train.Labels[index])],
            [.. steps.Select(step => step with { Samples = [.. step.Samples.Select(index => place[index])] })],
            AdapterTensors.ToState(model, fineTuning, hardware, network));
    }

    /// <summary>The integer model's cache: what the base array and the block quantiser make of the images.</summary>
    public CachedSample[] MakeCache()
    {
        CachedSample[] cache = new CachedSample[Images.Length];
        Parallel.For(0, cache.Length, i =>
        {
            BaseResult result = BaseModel.Run(Network, Images[i]);
            cache[i] = new CachedSample(BlockQuantizer.Words(Network, result.Taps, Options.Lanes), result.Scores, Labels[i]);
        });
        return cache;
    }

    /// <summary>Runs the whole job on the integer model.</summary>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    /// <returns>The adapters after the last step.</returns>
    public AdapterState RunModel(CancellationToken cancellationToken = default)
    {
        CachedSample[] cache = MakeCache();
        AdapterModel model = new(Start.Clone());
        foreach (TrainingStep step in Steps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            model.Step(cache, step);
        }
        return model.State;
    }

    private static byte[] Image(DataSet set, int index)
    {
        float[] values = new float[LayerTable.Pixels];
        set.Read([index], values);
        byte[] image = new byte[values.Length];
        for (int i = 0; i < image.Length; i++)
        {
            if (values[i] is not (>= -1e-3f and <= 1.001f))
                throw new SkiptuneException($"the accelerator takes pixels from 0 to 1; sample {index} has {values[i]}");
            image[i] = (byte)Math.Clamp(MathF.Round(values[i] * 255), 0, 255);
        }
        return image;
    }
}
