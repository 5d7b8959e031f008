using Skiptune.Numerics.Simd;

namespace Skiptune.Numerics;

/// <summary>The reference: each kernel written the plainest way its definition allows.</summary>
internal sealed partial class ScalarKernels : KernelSet
{
    public override string Name => "scalar";

    internal override void MultiplyAdd(int rows, int columns, int depth, Matrix left, Matrix right, Span<float> destination, int stride)
    {
        left.Check(rows, depth);
        right.Check(depth, columns);
        CheckDestination(rows, columns, destination, stride);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                float sum = destination[i * stride + j];
                for (int k = 0; k < depth; k++)
                    sum = MathF.FusedMultiplyAdd(left[i, k], right[k, j], sum);
                destination[i * stride + j] = sum;
            }
        }
    }

    internal override void DotRows(
        int rows, int columns, int depth, ReadOnlySpan<float> left, int leftStride, ReadOnlySpan<float> right, int rightStride, Span<float> destination, int stride)
    {
        CheckDestination(rows, columns, destination, stride);
        Span<float> lanes = stackalloc float[Lanes];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                lanes.Clear();
                for (int k = 0; k < depth; k++)
                    lanes[k % Lanes] = MathF.FusedMultiplyAdd(left[i * leftStride + k], right[j * rightStride + k], lanes[k % Lanes]);
                destination[i * stride + j] = SumLanes(lanes);
            }
        }
    }

    internal override void Convolve(
        ConvolutionGeometry g,
        int samples,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> weight,
        ReadOnlySpan<float> bias,
        Range channels,
        Epilogue epilogue,
        Span<float> output)
    {
        (int from, int count) = channels.GetOffsetAndLength(g.OutputChannels);
        float[] plane = new float[g.OutputPixels];
        int pixels = epilogue.Pool is { } window ? window.OutputHeight(g.OutputHeight) * window.OutputWidth(g.OutputWidth) : g.OutputPixels;
        for (int sample = 0; sample < samples; sample++)
        {
            ReadOnlySpan<float> x = input.Slice(sample * g.InputCount, g.InputCount);
            for (int channel = from; channel < from + count; channel++)
            {
                for (int pixel = 0; pixel < g.OutputPixels; pixel++)
                {
                    float sum = bias.IsEmpty ? 0 : bias[channel];
                    for (int k = 0; k < g.Depth; k++)
                    {
                        if (InputIndex(g, channel, k, pixel) is int at and >= 0)
                            sum = MathF.FusedMultiplyAdd(weight[channel * g.Depth + k], x[at], sum);
                    }
                    plane[pixel] = sum;
                }
                Span<float> results = output.Slice((sample * g.OutputChannels + channel) * pixels, pixels);
                if (epilogue.Pool is { } pool)
                    MaxPool(pool, g.OutputHeight, g.OutputWidth, plane, results);
                else
                    plane.CopyTo(results);
                for (int i = 0; epilogue.Clamps && i < results.Length; i++)
                    results[i] = Simd1.Lower(Simd1.Raise(results[i], epilogue.Low), epilogue.High);
            }
        }
    }

    internal override void ConvolveBackwardWeight(
        ConvolutionGeometry g, int samples, ReadOnlySpan<float> input, ReadOnlySpan<float> outputGradient, int fromChannel, int toChannel, Span<float> weightGradient)
    {
        Span<float> lanes = stackalloc float[Lanes];
        for (int first = 0; first < samples; first += g.SamplesPerPass)
        {
            for (int weight = fromChannel * g.Depth; weight < toChannel * g.Depth; weight++)
            {
                lanes.Clear();
                for (int sample = first; sample < Math.Min(samples, first + g.SamplesPerPass); sample++)
                {
                    for (int pixel = 0; pixel < g.OutputPixels; pixel++)
                    {
                        if (InputIndex(g, weight / g.Depth, weight % g.Depth, pixel) is not (int at and >= 0))
                            continue;
                        ref float lane = ref lanes[g.Layout.PlaceOf(pixel / g.OutputWidth, pixel % g.OutputWidth) % Lanes];
                        float slope = outputGradient[(sample * g.OutputChannels + weight / g.Depth) * g.OutputPixels + pixel];
                        lane = MathF.FusedMultiplyAdd(slope, input[sample * g.InputCount + at], lane);
                    }
                }
                weightGradient[weight] += SumLanes(lanes);
            }
        }
    }

    internal override void MaxPool(Window window, int height, int width, ReadOnlySpan<float> input, Span<float> output)
    {
        int outputWidth = window.OutputWidth(width);
        for (int p = 0; p < output.Length; p++)
        {
            (Cells rows, Cells columns) = (Cells.OfRow(window, p / outputWidth, height), Cells.OfColumn(window, p % outputWidth, width));
            float largest = float.NegativeInfinity;
            for (int y = rows.First; y < rows.End; y += rows.Step)
            {
                for (int x = columns.First; x < columns.End; x += columns.Step)
                    largest = MathF.Max(largest, input[y * width + x]);
            }
            output[p] = largest;
        }
    }

    internal override void AveragePool(Window window, bool countPadding, int height, int width, ReadOnlySpan<float> input, Span<float> output)
    {
        int outputWidth = window.OutputWidth(width);
        for (int p = 0; p < output.Length; p++)
        {
            (Cells rows, Cells columns) = (Cells.OfRow(window, p / outputWidth, height), Cells.OfColumn(window, p % outputWidth, width));
            float sum = 0;
            for (int x = columns.First; x < columns.End; x += columns.Step)
            {
                float column = 0;
                for (int y = rows.First; y < rows.End; y += rows.Step)
                    column += input[y * width + x];
                sum += column;
            }
            output[p] = sum / (countPadding ? window.Count : rows.Count * columns.Count);
        }
    }

    internal override void Relu(ReadOnlySpan<float> source, Span<float> destination)
    {
        CheckLengths(source.Length, destination.Length);
        for (int i = 0; i < source.Length; i++)
            destination[i] = Simd1.Raise(source[i], 0);
    }

    internal override void ReluBackward(ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> destination, bool accumulate)
    {
        CheckLengths(output.Length, outputGradient.Length, destination.Length);
        for (int i = 0; i < output.Length; i++)
        {
            float gradient = output[i] > 0 ? outputGradient[i] : 0;
            destination[i] = accumulate ? destination[i] + gradient : gradient;
        }
    }

    internal override void Add(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> destination)
    {
        CheckLengths(left.Length, right.Length, destination.Length);
        for (int i = 0; i < left.Length; i++)
            destination[i] = left[i] + right[i];
    }

    internal override void Scale(ReadOnlySpan<float> source, float factor, Span<float> destination)
    {
        CheckLengths(source.Length, destination.Length);
        for (int i = 0; i < source.Length; i++)
            destination[i] = source[i] * factor;
    }

    internal override void AddScaled(ReadOnlySpan<float> source, float factor, Span<float> destination)
    {
        CheckLengths(source.Length, destination.Length);
        for (int i = 0; i < source.Length; i++)
            destination[i] = MathF.FusedMultiplyAdd(source[i], factor, destination[i]);
    }

    internal override void MultiplyAdd(ReadOnlySpan<float> source, ReadOnlySpan<float> factor, ReadOnlySpan<float> offset, Span<float> destination)
    {
        CheckLengths(source.Length, factor.Length, offset.Length, destination.Length);
        for (int i = 0; i < source.Length; i++)
            destination[i] = MathF.FusedMultiplyAdd(source[i], factor[i], offset[i]);
    }

    internal override void MultiplyAdd(ReadOnlySpan<float> source, float factor, float offset, Span<float> destination)
    {
        CheckLengths(source.Length, destination.Length);
        for (int i = 0; i < source.Length; i++)
            destination[i] = MathF.FusedMultiplyAdd(source[i], factor, offset);
    }

    internal override void Apply<F>(
        F function, Span<float> destination, bool accumulate, ReadOnlySpan<float> first, ReadOnlySpan<float> second = default, ReadOnlySpan<float> third = default)
    {
        CheckSources<F>(destination.Length, first.Length, second.Length, third.Length);
        for (int i = 0; i < destination.Length; i++)
        {
            float x = first[first.Length == 1 ? 0 : i];
            float y = F.Sources > 1 ? second[second.Length == 1 ? 0 : i] : x;
            float z = F.Sources > 2 ? third[third.Length == 1 ? 0 : i] : x;
            float value = function.Invoke<Simd1>(x, y, z);
            destination[i] = accumulate ? destination[i] + value : value;
        }
    }

    internal override bool AreFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                return false;
        }
        return true;
    }

    internal override float Sum(ReadOnlySpan<float> values)
    {
        Span<float> lanes = stackalloc float[Lanes];
        lanes.Clear();
        for (int i = 0; i < values.Length; i++)
            lanes[i % Lanes] += values[i];
        return SumLanes(lanes);
    }

    internal override (float Maximum, float Sum) Softmax(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        CheckLengths(logits.Length, probabilities.Length);
        float maximum = float.NegativeInfinity;
        foreach (float logit in logits)
            maximum = MathF.Max(maximum, logit);
        Span<float> lanes = stackalloc float[Lanes];
        lanes.Clear();
        for (int i = 0; i < logits.Length; i++)
        {
            probabilities[i] = Exp(logits[i] - maximum);
            lanes[i % Lanes] += probabilities[i];
        }
        float sum = SumLanes(lanes);
        for (int i = 0; i < logits.Length; i++)
            probabilities[i] /= sum;
        return (maximum, sum);
    }

    internal override void UpdateSgd(Span<float> parameters, ReadOnlySpan<float> gradient, float rate, float decay)
    {
        CheckLengths(parameters.Length, gradient.Length);
        for (int i = 0; i < parameters.Length; i++)
        {
            float slope = decay == 0 ? gradient[i] : MathF.FusedMultiplyAdd(decay, parameters[i], gradient[i]);
            parameters[i] = MathF.FusedMultiplyAdd(-rate, slope, parameters[i]);
        }
    }

    internal override void UpdateMomentum(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> velocity, float rate, float momentum, float decay)
    {
        CheckLengths(parameters.Length, gradient.Length, velocity.Length);
        for (int i = 0; i < parameters.Length; i++)
        {
            velocity[i] = MathF.FusedMultiplyAdd(momentum, velocity[i], MathF.FusedMultiplyAdd(decay, parameters[i], gradient[i]));
            parameters[i] = MathF.FusedMultiplyAdd(-rate, velocity[i], parameters[i]);
        }
    }

    internal override void UpdateAdam(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> variance, in AdamStep step)
    {
        CheckLengths(parameters.Length, gradient.Length, mean.Length, variance.Length);
        for (int i = 0; i < parameters.Length; i++)
        {
            float g = MathF.FusedMultiplyAdd(step.Decay, parameters[i], gradient[i]);
            mean[i] = MathF.FusedMultiplyAdd(step.Beta1, mean[i], (1 - step.Beta1) * g);
            variance[i] = MathF.FusedMultiplyAdd(step.Beta2, variance[i], (1 - step.Beta2) * g * g);
            float root = MathF.FusedMultiplyAdd(MathF.Sqrt(variance[i]), step.InverseRootCorrection, step.Epsilon);
            parameters[i] = MathF.FusedMultiplyAdd(-step.StepSize, mean[i] / root, parameters[i] * step.Shrink);
        }
    }

    internal override void QuantizeRow(BlockFormat format, ReadOnlySpan<float> values, Span<byte> packed, Span<Half> scales)
    {
        CheckBlocks(format, values.Length, packed.Length, scales.Length);
        for (int i = 0; i < scales.Length; i++)
        {
            int start = i * BlockFormat.MaxValues;
            scales[i] = QuantizeBlock(format, values.Slice(start, Math.Min(BlockFormat.MaxValues, values.Length - start)), packed[format.PackedBytes(start)..]);
        }
    }

    private static Half QuantizeBlock(BlockFormat format, ReadOnlySpan<float> values, Span<byte> packed)
    {
        float minimum = float.PositiveInfinity;
        float maximum = float.NegativeInfinity;
        foreach (float value in values)
        {
            minimum = MathF.Min(minimum, value);
            maximum = MathF.Max(maximum, value);
        }
        Half scale = format.ScaleFor(minimum, maximum);
        float inverse = BlockFormat.InverseOf(scale);
        Span<byte> levels = stackalloc byte[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            float level = MathF.Floor(MathF.FusedMultiplyAdd(values[i], inverse, format.Offset + 0.5f));
            levels[i] = (byte)MathF.Min(MathF.Max(level, 0), format.MaxLevel);
        }
        format.Pack(levels, packed);
        return scale;
    }

    internal override void DequantizeBlock(BlockFormat format, ReadOnlySpan<byte> packed, Half scale, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = (format.Unpack(packed, i) - format.Offset) * (float)scale;
    }

    private static float Exp(float x)
    {
        x = MathF.Max(x, Exponential.Lowest);
        float n = MathF.Floor(MathF.FusedMultiplyAdd(x, Exponential.Log2E, 0.5f));
        float r = MathF.FusedMultiplyAdd(n, -Exponential.Ln2High, x);
        r = MathF.FusedMultiplyAdd(n, -Exponential.Ln2Low, r);
        float polynomial = Exponential.Coefficients[0];
        foreach (float coefficient in Exponential.Coefficients[1..])
            polynomial = MathF.FusedMultiplyAdd(polynomial, r, coefficient);
        return polynomial * BitConverter.Int32BitsToSingle(((int)n + 127) << 23);
    }

    /// <summary>Where in the input the weight k of an output channel falls for an output pixel, or -1 in the padding.</summary>
    private static int InputIndex(ConvolutionGeometry g, int channel, int k, int pixel)
    {
        Window window = g.Window;
        int inputChannel = channel / g.GroupOutputChannels * g.GroupInputChannels + k / window.Count;
        int cell = k % window.Count;
        int y = pixel / g.OutputWidth * window.StrideY - window.PadTop + cell / window.Width * window.DilationY;
        int x = pixel % g.OutputWidth * window.StrideX - window.PadLeft + cell % window.Width * window.DilationX;
        if (y < 0 || x < 0 || y % g.SpreadY != 0 || x % g.SpreadX != 0)
            return -1;
        (y, x) = (y / g.SpreadY, x / g.SpreadX);
        return y < g.InputHeight && x < g.InputWidth ? (inputChannel * g.InputHeight + y) * g.InputWidth + x : -1;
    }
}
