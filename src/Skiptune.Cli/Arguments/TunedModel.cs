using Skiptune.FineTuning;

namespace Skiptune.Cli.Arguments;

/// <summary>A base model with an adapter, or alone.</summary>
internal static class TunedModel
{
    /// <summary>Loads both; the embedded base where no model is named.</summary>
    /// <exception cref="SkiptuneException">A file cannot be read, or the adapter belongs to another base.</exception>
    public static Model Load(string? modelPath, string? adapterPath)
    {
        Model model = Model.Load(modelPath ?? Assets.BaseModel);
        if (adapterPath is null)
            return model;
        Adapter adapter = Adapter.Load(adapterPath);
        try
        {
            return model.WithAdapter(adapter);
        }
        catch (SkiptuneException exception)
        {
            throw new SkiptuneException($"{adapterPath}: {exception.Message}", exception);
        }
    }
}
