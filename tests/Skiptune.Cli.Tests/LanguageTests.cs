using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Skiptune.Cli.Tests;

/// <summary>skiptune lm, with the model stories260K; tests skip without it.</summary>
public sealed partial class LanguageTests : CliTest
{
    [Fact]
    public void Every_command_of_the_page_runs()
    {
        CopyAssets();
        string root = typeof(LanguageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!;
        string page = File.ReadAllText(Path.Combine(root, "docs", "language-models.md"));
        string[] commands = [.. Block().Match(page).Groups["text"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        Assert.Equal(5, commands.Length);
        foreach (string command in commands)
        {
            ProcessRun run = Run("", [.. Word().Matches(command["skiptune ".Length..]).Select(word => word.Value.Trim('"'))]);
            Assert.True(run.Code == 0, $"{command}: {run.Error}");
            Assert.NotEmpty(run.Output);
        }
        Assert.True(Json("compare.json").GetProperty("results")[0].GetProperty("validation_nats").GetDouble() is > 3 and < 4);
    }

    [Fact]
    public void A_result_that_forgets_too_much_is_not_written()
    {
        CopyAssets();
        string error = Refuse(1, "lm finetune --model stories260K.bin --data input.txt --sequences 16 --epochs 2 --retention tinystories.txt --retention-limit 0.001 --adapter-path out");
        Assert.Contains("retention", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_conversation_comes_through_pipes()
    {
        CopyAssets();
        File.WriteAllText(In("in.txt"), "Once upon a time\n/what\n/reset\n\nOnce upon a time\n/quit\nnever read\n");
        ProcessRun run = Chat("in.txt", "--chat-template plain --temperature 0 --max-tokens 30");
        Assert.Equal(0, run.Code);
        string[] answers = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, answers.Length);
        Assert.Equal(answers[0], answers[1]);
        Assert.Contains("/what is not a command", run.Error, StringComparison.Ordinal);
        Assert.Contains("a new conversation", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interruption_ends_the_answer_and_not_the_conversation()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("signals are sent with kill");
        CopyAssets();
        // Long answers: of a few tokens a template that nothing ends.
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "Skiptune.Cli.dll"), "lm", "chat", "--model", "stories260K.bin", "--chat-template", "zephyr", "--max-tokens", "500", "--threads", "1"])
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.WriteLine("Once upon a time");
        process.StandardInput.Flush();
        Assert.NotEqual(-1, process.StandardOutput.Read());
        using (Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
            kill.WaitForExit();
        process.StandardInput.WriteLine("/reset");
        process.StandardInput.WriteLine("/quit");
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(60_000));
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("a new conversation", process.StandardError.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_saves_its_adapter_and_another_goes_on_from_there()
    {
        CopyAssets();
        const string Tune = "lm finetune --model stories260K.bin --data input.txt --sequences 32 --epochs 2 --steps-per-report 2";
        string output = Succeed($"{Tune} --save-every 3 --adapter-path a").Output;
        Assert.Contains($"Iter 6: Saved adapter weights to {Path.Combine("a", "checkpoint-0000006")}.", output, StringComparison.Ordinal);
        Assert.Equal(["a/adapter_config.json", "a/adapter_model.safetensors", "a/checkpoint-0000006"], Directory.GetFileSystemEntries(In("a")).Select(path => $"a/{Path.GetFileName(path)}").Order());
        Assert.Matches(@"Iter 2: Train loss \d\.\d{3}, Learning Rate \d\.\d{3}e-\d\d, It/sec \d+\.\d{3}, Tokens/sec \d+\.\d{3}, Trained Tokens 2048, Peak mem \d\.\d{3} GB", output);
        Succeed($"{Tune} --resume-adapter-file a/checkpoint-0000006/adapter_model.safetensors --adapter-path b");
        Assert.Contains("rank 4", Refuse(1, $"{Tune} --rank 8 --resume-adapter-file a --adapter-path c"), StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_are_learnt_and_measured()
    {
        CopyAssets();
        File.WriteAllLines(In("chat.jsonl"), Enumerable.Repeat("""{"messages":[{"role":"user","content":"Who?"},{"role":"assistant","content":"Lily."}]}""", 40));
        Assert.Contains("--chat-template", Refuse(1, "lm finetune --model stories260K.bin --data chat.jsonl --adapter-path a"), StringComparison.Ordinal);
        Succeed("lm finetune --model stories260K.bin --data chat.jsonl --chat-template zephyr --method ft-last --epochs 12 --adapter-path a");
        Assert.Contains("nats per token", Succeed("lm evaluate --model stories260K.bin --data chat.jsonl --chat-template zephyr --adapter-path a").Output, StringComparison.Ordinal);
        // The same text beside itself has the same loss, once as text and once as retention.
        string[] both = Succeed("lm evaluate --model stories260K.bin --data chat.jsonl --retention chat.jsonl --chat-template zephyr").Output.Split('\n');
        string Loss(string line) => both.Single(text => text.StartsWith(line, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        Assert.Equal(Loss("loss"), Loss("retention"));
        File.WriteAllText(In("in.txt"), "Who?\n");
        // The end of the answer is learnt too.
        Assert.Equal("Lily.", Chat("in.txt", "--chat-template zephyr --temperature 0 --adapter-path a").Output.Trim());
    }

    [Theory]
    [InlineData(2, "lm generate", "--model")]
    [InlineData(2, "lm chat --model stories260K.bin --chat-template what", "zephyr")]
    [InlineData(1, "lm chat --model stories260K.bin", "has no chat template")]
    [InlineData(1, "lm chat --model stories260K.bin --chat-template chatml", "<|im_start|>")]
    [InlineData(1, "lm chat --model stories260K.bin --chat-template plain --context 4096", "context is 512")]
    [InlineData(2, "lm finetune --model stories260K.bin --data input.txt --save-every 0", "--save-every")]
    [InlineData(2, "lm finetune --model stories260K.bin --data input.txt --method what", "skip2-lora")]
    [InlineData(2, "lm finetune --model stories260K.bin --data input.txt --with lora-all", "ft-last")]
    [InlineData(2, "lm generate --model stories260K.bin --top-p 2", "top-p")]
    [InlineData(1, "lm generate --model input.txt", "is no language model")]
    [InlineData(1, "lm evaluate --model stories260K.bin --data nowhere.txt", "nowhere.txt")]
    [InlineData(1, "lm evaluate --model stories260K.bin --data input.txt --adapter-path nowhere", "nowhere")]
    [InlineData(1, "lm finetune --model stories260K.bin --data input.txt --sequence-length 4096", "context is 512")]
    public void Mistakes_are_told_in_one_line(int code, string arguments, string expected)
    {
        CopyAssets();
        Assert.Contains(expected, Refuse(code, arguments), StringComparison.Ordinal);
    }

    // The test's own process has no input that a child could be given.
    private ProcessRun Chat(string input, string arguments) => ProcessRun.Of(
        "sh", Folder, ["-c", $"exec dotnet '{Path.Combine(AppContext.BaseDirectory, "Skiptune.Cli.dll")}' lm chat --model stories260K.bin {arguments} < {input}"]);

    private void CopyAssets()
    {
        foreach ((string asset, string name) in ((string, string)[])[("stories260K/stories260K.bin", "stories260K.bin"), ("stories260K/tok512.bin", "tok512.bin"), ("tinyshakespeare/input.txt", "input.txt"), ("tinystories_sample/tinystories_sample.txt", "tinystories.txt")])
            File.WriteAllBytes(In(name), File.ReadAllBytes(AssetFiles.Path(asset)));
    }

    [GeneratedRegex(@"```console\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Block();

    [GeneratedRegex("\"[^\"]*\"|[^ ]+", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
