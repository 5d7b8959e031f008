namespace Skiptune.Language.Models;

/// <summary>Which two values of a head turn together.</summary>
public enum RotaryLayout
{
    /// <summary>2i and 2i + 1: llama2.c, and GGUF files of the Llama architecture.</summary>
    Interleaved,

    /// <summary>i and i + half: Hugging Face files, and GGUF files of Qwen2.</summary>
    Halves,
}

/// <summary>How a model trained on short sequences is stretched to longer ones (Llama 3.1), or all positions are (linear).</summary>
/// <param name="Factor">The stretch, above 0.</param>
/// <param name="LowFrequency">Frequencies with fewer turns over the original context are stretched whole; 0 with <paramref name="HighFrequency"/> 0: all are.</param>
/// <param name="HighFrequency">Frequencies with more turns stay as they are.</param>
/// <param name="OriginalContext">The context of the original training.</param>
public sealed record RotaryScaling(float Factor, float LowFrequency = 0, float HighFrequency = 0, int OriginalContext = 0);

/// <summary>Rotary position embedding (Su et al., 2021): pairs of values of each head turn by position * theta^(-2i/d).</summary>
internal sealed class RotaryEmbedding
{
    private readonly float[] _cos;
    private readonly float[] _sin;
    private readonly int _half;
    private readonly RotaryLayout _layout;

    /// <summary>Computes the tables.</summary>
    /// <param name="headSize">Values of a head; even.</param>
    /// <param name="positions">Positions 0 .. this - 1.</param>
    /// <param name="theta">The base of the frequencies.</param>
    /// <param name="layout">Which values turn together.</param>
    /// <param name="scaling">How positions are stretched, or null.</param>
    public RotaryEmbedding(int headSize, int positions, float theta, RotaryLayout layout, RotaryScaling? scaling)
    {
        (_half, _layout) = (headSize / 2, layout);
        _cos = new float[positions * _half];
        _sin = new float[positions * _half];
        for (int i = 0; i < _half; i++)
        {
            double frequency = Stretched(Math.Pow(theta, -2.0 * i / headSize), scaling);
            for (int position = 0; position < positions; position++)
                (_sin[position * _half + i], _cos[position * _half + i]) = ((float, float))Math.SinCos(position * frequency);
        }
    }

    /// <summary>target = head turned to its position (or back from it), times a factor.</summary>
    public void Turn(ReadOnlySpan<float> head, int position, bool back, float factor, Span<float> target)
    {
        (int first, int step) = _layout == RotaryLayout.Interleaved ? (2, 1) : (1, _half);
        ReadOnlySpan<float> cosines = _cos.AsSpan(position * _half, _half);
        ReadOnlySpan<float> sines = _sin.AsSpan(position * _half, _half);
        for (int i = 0; i < cosines.Length; i++)
        {
            (float a, float b) = (head[i * first] * factor, head[i * first + step] * factor);
            float sine = back ? -sines[i] : sines[i];
            target[i * first] = a * cosines[i] - b * sine;
            target[i * first + step] = a * sine + b * cosines[i];
        }
    }

    private static double Stretched(double frequency, RotaryScaling? scaling)
    {
        if (scaling is null)
            return frequency;
        if (scaling.HighFrequency == 0)
            return frequency / scaling.Factor;
        double turns = scaling.OriginalContext * frequency / (2 * Math.PI);
        double kept = Math.Clamp((turns - scaling.LowFrequency) / (scaling.HighFrequency - scaling.LowFrequency), 0, 1);
        return frequency * (kept + (1 - kept) / scaling.Factor);
    }
}
