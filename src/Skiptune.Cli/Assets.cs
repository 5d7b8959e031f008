namespace Skiptune.Cli;

/// <summary>The model and the images that come with the program.</summary>
internal static class Assets
{
    /// <summary>The angle at which the embedded model fails and the demo fine-tunes it.</summary>
    public const double Degrees = 75;

    public static string BaseModel { get; } = Path.Combine(AppContext.BaseDirectory, "assets", "base-lenet.onnx");

    public static string Sample { get; } = Path.Combine(AppContext.BaseDirectory, "assets", "fashion-mnist-sample");
}
