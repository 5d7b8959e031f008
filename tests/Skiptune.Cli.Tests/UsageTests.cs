namespace Skiptune.Cli.Tests;

public sealed class UsageTests : CliTest
{
    [Theory]
    [InlineData("bogus", "'bogus'")]
    [InlineData("finetune --bogus 1", "'--bogus'")]
    [InlineData("finetune --method lora", "'lora' is not a method; choose one of ft-all")]
    [InlineData("finetune --rank 0", "rank must be 1 to 1024, not 0")]
    [InlineData("finetune --rank four", "--rank needs a whole number, not 'four'")]
    [InlineData("finetune --alpha 0", "alpha")]
    [InlineData("finetune --alpha nan", "--alpha needs a number")]
    [InlineData("finetune --epochs 0", "epochs")]
    [InlineData("finetune --batch-size -1", "batch size")]
    [InlineData("finetune --learning-rate 0", "learning rate")]
    [InlineData("finetune --optimizer lion", "'lion' is not an optimizer; choose one of adam")]
    [InlineData("finetune --momentum 0.9", "--optimizer momentum")]
    [InlineData("finetune --optimizer momentum --momentum 1", "momentum")]
    [InlineData("finetune --weight-decay -1", "weight decay")]
    [InlineData("finetune --schedule step", "'step' is not a schedule")]
    [InlineData("finetune --warmup-steps -1", "warm-up")]
    [InlineData("finetune --cache int5", "'int5' is not a cache format")]
    [InlineData("finetune --cache none", "skip2-lora")]
    [InlineData("finetune --cache-fill later", "--cache-fill")]
    [InlineData("finetune --tail cut", "--tail")]
    [InlineData("finetune --threads -1", "threads")]
    [InlineData("finetune --train-samples 0", "--train-samples")]
    [InlineData("finetune --rank", "--rank")]
    [InlineData("demo --seeds 0", "seeds")]
    [InlineData("demo --methods ft-last,ft-last", "twice")]
    [InlineData("demo --methods skip2-lora:none", "skip2-lora")]
    [InlineData("evaluate --split half", "--split")]
    [InlineData("pretrain --epochs 0", "epochs")]
    public void AWrongOptionIsNamedInOneLine(string arguments, string part) =>
        Assert.Contains(part, Refuse(2, arguments), StringComparison.Ordinal);
}
