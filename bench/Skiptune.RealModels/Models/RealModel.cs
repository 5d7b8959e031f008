using Skiptune.RealModels.Report;

namespace Skiptune.RealModels.Models;

/// <summary>A pretrained model, its data, and what is asked of it.</summary>
internal abstract class RealModel
{
    /// <summary>The name to choose it by.</summary>
    public abstract string Name { get; }

    /// <summary>The files and folders it needs.</summary>
    protected abstract string[] Needs { get; }

    /// <summary>What it needs and is not there, or null.</summary>
    public string? Missing(Assets assets) => Needs.FirstOrDefault(name => !File.Exists(assets[name]) && !Directory.Exists(assets[name]));

    /// <summary>Makes the figures.</summary>
    public abstract ModelReport Run(Assets assets);

    /// <summary>Tries settings on splits of the training samples.</summary>
    public virtual void Choose(Assets assets) => Console.WriteLine("  has no settings to choose");
}
