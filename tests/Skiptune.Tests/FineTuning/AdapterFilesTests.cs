using Skiptune.FineTuning;

namespace Skiptune.Tests.FineTuning;

/// <summary>What a damaged configuration is told to lack.</summary>
public sealed class AdapterFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("skiptune-adapter-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("\"r\":", "\"s\":", "'r' is missing; it should be a whole number")]
    [InlineData("\"lora_alpha\":", "\"alpha\":", "'lora_alpha' is missing; it should be a number")]
    [InlineData("\"lora_alpha\":", "\"lora_alpha\": [], \"old\":", "'lora_alpha' should be a number")]
    [InlineData("\"r\":", "\"r\": 1.5, \"old\":", "'r' should be a whole number")]
    [InlineData("\"adapter_sha256\":", "\"other\":", "'adapter_sha256' is missing; it should be a text")]
    [InlineData("\"base_model_sha256\":", "\"base_model_sha256\": 7, \"old\":", "'base_model_sha256' should be a text")]
    [InlineData("\"skiptune_taps\":", "\"skiptune_taps\": 3, \"old\":", "'skiptune_taps' should be a list")]
    [InlineData("\"skiptune_taps\":", "\"skiptune_taps\": [3], \"old\":", "'layer' should stand in an object")]
    [InlineData("\"r\":", "\"skiptune_output\": 3, \"r\":", "'skiptune_output' should be a text")]
    [InlineData("\"r\":", "\"skiptune_classes\": \"two\", \"r\":", "'skiptune_classes' should be a whole number")]
    public void An_error_names_the_key_and_what_it_should_be(string from, string to, string expected)
    {
        using (FineTuner tuner = new Model(SmallNetworks.Branched()).CreateFineTuner(new FineTuneOptions { Epochs = 1 }))
            tuner.Fit(SmallNetworks.Data()).Adapter.Save(_folder);
        string path = Path.Combine(_folder, "adapter_config.json");
        string config = File.ReadAllText(path);
        Assert.Contains(from, config);
        File.WriteAllText(path, config.Replace(from, to, StringComparison.Ordinal));
        Assert.Contains(expected, Failures.Message(path, () => Adapter.Load(_folder)));
    }
}
