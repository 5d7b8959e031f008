using Skiptune.Cli.Arguments;

namespace Skiptune.Cli.Commands;

/// <summary>demo: compare, with what comes with the program.</summary>
internal sealed class DemoCommand : ExampleCommand
{
    public DemoCommand()
        : base(
            "demo",
            "Watch a pretrained network fail on rotated images and be fine-tuned by every method, in under a minute. Needs nothing else.",
            "skiptune demo --seeds 1 --methods ft-last,skip2-lora --json demo.json")
    {
        Comparing comparing = new(this);
        SetAction(parsed => comparing.Run(parsed, Assets.BaseModel, () => Model.Load(Assets.BaseModel), new SampleSource(Assets.Sample, Assets.Degrees), null, null, published: true));
    }
}
