using System.CommandLine;

namespace Skiptune.Cli.Commands.Language;

/// <summary>lm classify: everything about classes of texts.</summary>
internal sealed class ClassifyCommand : Command
{
    public ClassifyCommand()
        : base("classify", "Tell classes of texts apart: train a classifier, evaluate it, predict with it, compare methods.")
    {
        Add(new TrainClassifierCommand());
        Add(new EvaluateClassifierCommand());
        Add(new PredictClassesCommand());
        Add(new CompareClassifiersCommand());
    }
}
