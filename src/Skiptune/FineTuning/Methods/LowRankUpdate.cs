namespace Skiptune.FineTuning;

/// <summary>A change of a layer's weight, held as two matrices: Factor * Up * Down.</summary>
/// <param name="Layer">The layer's node.</param>
/// <param name="Down">The parameter that takes the layer's input to R values.</param>
/// <param name="Up">The parameter that takes these to the layer's outputs.</param>
/// <param name="Factor">What the product is scaled by.</param>
internal sealed record LowRankUpdate(string Layer, string Down, string Up, float Factor);
