using System.Text.Json.Nodes;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Tests.Data;

namespace Skiptune.Tests.FineTuning;

public sealed class CheckpointTests : IDisposable
{
    private const string StateFile = "trainer_state.json";

    private readonly TempFolder _folder = new();

    public static TheoryData<string, string> MethodsAndOptimizers =>
        new(from method in FineTuneMethod.All from optimizer in (string[])["adam", "adamw", "momentum", "sgd"] select (method.Name, optimizer));

    public static TheoryData<string> CacheFormats => new(CacheFormat.All.Skip(1).Select(format => format.Name));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(MethodsAndOptimizers))]
    public void A_run_cancelled_after_any_epoch_and_continued_ends_in_the_same_bytes(string method, string optimizer)
    {
        FineTuneOptions options = new()
        {
            Method = FineTuneMethod.Parse(method),
            Optimizer = SmallRuns.Optimizer(optimizer),
            Epochs = 5,
            BatchSize = 8,
            Schedule = Schedule.Cosine with { WarmupSteps = 11 },
        };
        for (int epoch = 1; epoch < options.Epochs; epoch++)
            AssertContinues(options, epoch);
    }

    [Theory]
    [MemberData(nameof(CacheFormats))]
    public void The_cache_is_made_again_and_changes_nothing(string format)
    {
        FineTuneOptions options = new() { Cache = CacheFormat.Parse(format), Epochs = 4, BatchSize = 7, Tail = TailBatch.Drop };
        AssertContinues(options, 2);
        AssertContinues(options with { Fill = CacheFill.Lazy }, 3);
        AssertContinues(options with { CachePath = _folder.File("rows"), Method = FineTuneMethod.FtLast }, 1);
    }

    [Fact]
    public void Threads_kernels_and_the_place_of_the_cache_may_change()
    {
        FineTuneOptions options = new() { Epochs = 4, BatchSize = 7, Threads = 1 };
        FineTuneResult whole = SmallRuns.Fit(options);
        SmallRuns.Fit(Checkpointed(options, resume: false), cancelAfter: 2);
        FineTuneOptions other = options with { Threads = 3, Kernels = KernelSet.Available[0], Fill = CacheFill.Lazy, CachePath = _folder.File("rows"), CacheLimit = 1 };
        AssertSame(whole, SmallRuns.Fit(Checkpointed(other, resume: true)));
    }

    [Fact]
    public void Checkpoints_every_few_epochs_continue_from_the_last_of_them()
    {
        FineTuneOptions options = new() { Epochs = 7, BatchSize = 8 };
        FineTuneOptions every = options with { Checkpoint = new CheckpointOptions { Directory = _folder.Path, EveryEpochs = 3 } };
        Assert.Equal(5, SmallRuns.Fit(every, cancelAfter: 5).Epochs);
        CheckpointOptions resume = every.Checkpoint with { Resume = true };
        Assert.Equal(3, resume.SavedEpochs());
        FineTuneResult result = SmallRuns.Fit(every with { Checkpoint = resume });
        Assert.Equal(3, result.ResumedEpochs);
        AssertSame(SmallRuns.Fit(options), result);
        Assert.Equal(7, resume.SavedEpochs());
    }

    [Fact]
    public void A_finished_run_continued_gives_its_result_again_without_training()
    {
        FineTuneOptions options = new() { Method = FineTuneMethod.FtAll, Epochs = 3, BatchSize = 8 };
        FineTuneResult whole = SmallRuns.Fit(Checkpointed(options, resume: false), validate: true);
        FineTuneResult again = SmallRuns.Fit(Checkpointed(options, resume: true), validate: true);
        AssertSame(whole, again);
        Assert.Equal((3, 3, false), (again.ResumedEpochs, again.Epochs, again.Cancelled));
        Assert.Equal(whole.Validation, again.Validation);
    }

    [Fact]
    public void Without_a_checkpoint_a_run_starts_anew_and_without_Resume_it_replaces_one()
    {
        FineTuneOptions options = new() { Epochs = 2, BatchSize = 8 };
        FineTuneResult first = SmallRuns.Fit(Checkpointed(options, resume: true));
        Assert.Equal(0, first.ResumedEpochs);
        FineTuneOptions other = options with { Seed = 9 };
        Assert.Equal(0, SmallRuns.Fit(Checkpointed(other, resume: false)).ResumedEpochs);
        Assert.Equal(2, SmallRuns.Fit(Checkpointed(other, resume: true)).ResumedEpochs);
    }

    [Fact]
    public void A_crash_between_any_two_steps_of_a_save_leaves_a_checkpoint_and_what_it_left_is_removed()
    {
        FineTuneOptions options = new() { Epochs = 4, BatchSize = 8 };
        FineTuneResult whole = SmallRuns.Fit(options);
        SmallRuns.Fit(Checkpointed(options, resume: false), cancelAfter: 1);
        Dictionary<string, byte[]> before = Contents();
        SmallRuns.Fit(Checkpointed(options, resume: true), cancelAfter: 2);
        Dictionary<string, byte[]> after = Contents();
        string older = Tensors(before), newer = Tensors(after);
        Assert.NotEqual(older, newer);
        string half = $".{Guid.NewGuid():n}.tmp";
        (int Epoch, (string Name, byte[] Bytes)[] Files)[] moments =
        [
            (1, [(StateFile, before[StateFile]), (older, before[older]), (half, after[newer][..100])]),
            (1, [(StateFile, before[StateFile]), (older, before[older]), (newer, after[newer])]),
            (1, [(StateFile, before[StateFile]), (older, before[older]), (newer, after[newer]), (half, after[StateFile][..9])]),
            (2, [(StateFile, after[StateFile]), (older, before[older]), (newer, after[newer])]),
            (2, [(StateFile, after[StateFile]), (newer, after[newer])]),
        ];
        foreach ((int epoch, (string Name, byte[] Bytes)[] files) in moments)
        {
            foreach (string name in _folder.Names())
                File.Delete(_folder.File(name));
            foreach ((string name, byte[] bytes) in files)
                _folder.Write(name, bytes);
            FineTuneResult result = SmallRuns.Fit(Checkpointed(options, resume: true));
            Assert.Equal(epoch, result.ResumedEpochs);
            AssertSame(whole, result);
            Assert.Equal(3, _folder.Names().Length); // the lock, the tensors, the state
        }
    }

    [Fact]
    public void A_save_that_fails_says_so_and_the_checkpoint_before_it_can_be_continued()
    {
        FineTuneOptions options = new() { Epochs = 3, BatchSize = 8 };
        FineTuneResult whole = SmallRuns.Fit(options);
        // The run's own state cannot be replaced by a file: a folder has its name from the second epoch on.
        string state = _folder.File(StateFile);
        byte[] saved = [];
        SkiptuneException error = Assert.Throws<SkiptuneException>(() => SmallRuns.Fit(Checkpointed(options, resume: false), progress: epoch =>
        {
            saved = File.ReadAllBytes(state);
            File.Delete(state);
            Directory.CreateDirectory(state);
        }));
        Failures.AssertOneLine(state, error);
        Directory.Delete(state);
        File.WriteAllBytes(state, saved);
        AssertSame(whole, SmallRuns.Fit(Checkpointed(options, resume: true)));
    }

    [Fact]
    public void Two_runs_cannot_have_one_folder()
    {
        FineTuneOptions options = Checkpointed(new FineTuneOptions { Epochs = 2, BatchSize = 8 }, resume: false);
        SkiptuneException? second = null;
        SmallRuns.Fit(options, progress: _ => second ??= Assert.Throws<SkiptuneException>(() => SmallRuns.Fit(options)));
        Failures.AssertOneLine(_folder.Path, second!);
    }

    [Fact]
    public void A_folder_that_cannot_be_used_is_refused()
    {
        string file = _folder.Write("taken", [1]);
        FineTuneOptions options = new() { Checkpoint = new CheckpointOptions { Directory = file } };
        Failures.AssertOneLine(file, Assert.Throws<SkiptuneException>(() => SmallRuns.Fit(options)));
        Assert.Throws<SkiptuneException>(() => (options with { Checkpoint = new CheckpointOptions { Directory = "" } }).Check());
        Assert.Throws<SkiptuneException>(() => (options with { Checkpoint = options.Checkpoint! with { EveryEpochs = 0 } }).Check());
    }

    [Fact]
    public void Other_data_another_base_and_other_settings_are_refused_by_name()
    {
        FineTuneOptions options = new() { Epochs = 3, BatchSize = 8 };
        SmallRuns.Fit(Checkpointed(options, resume: false), cancelAfter: 1);
        FineTuneOptions resume = Checkpointed(options, resume: true);
        void Refused(string name, Action action) =>
            Assert.Contains($"another {name} (", Failures.Message(_folder.File(StateFile), action), StringComparison.Ordinal);

        Refused("rank", () => SmallRuns.Fit(resume with { Rank = 5 }));
        Refused("optimizer", () => SmallRuns.Fit(resume with { Optimizer = new AdamW() }));
        Refused("cache", () => SmallRuns.Fit(resume with { Cache = CacheFormat.Int2 }));
        Refused("number of samples", () => SmallRuns.Fit(resume, data: SmallNetworks.Data(61)));
        Refused("labels", () => SmallRuns.Fit(resume, data: SmallNetworks.Data(60, seed: 3)));
        Refused("samples", () => SmallRuns.Fit(resume, data: SmallRuns.OneValueOff()));
        Refused("base model", () => SmallRuns.Fit(resume, fingerprint: "other"));
        Assert.Equal(1, SmallRuns.Fit(resume).ResumedEpochs);
    }

    [Fact]
    public void Damaged_and_hostile_files_are_refused_in_one_line()
    {
        FineTuneOptions options = new() { Epochs = 3, BatchSize = 8, Rank = 1 };
        SmallRuns.Fit(Checkpointed(options, resume: false), cancelAfter: 2);
        FineTuneOptions resume = Checkpointed(options, resume: true);
        Dictionary<string, byte[]> whole = Contents();
        string tensors = Tensors(whole);
        string statePath = _folder.File(StateFile);
        string Refused(string path) => Failures.Message(path, () => SmallRuns.Fit(resume));
        void Changed(Action<JsonObject> change)
        {
            JsonObject state = JsonNode.Parse(whole[StateFile])!.AsObject();
            change(state);
            File.WriteAllText(statePath, state.ToJsonString());
            Refused(statePath);
        }
        Changed(state => state["format"] = "other");
        Changed(state => state["version"] = 2);
        Changed(state => state["epoch"] = 0);
        Changed(state => state["epoch"] = 1.5);
        Changed(state => state["epoch"] = 4);
        Changed(state => state["steps"] = long.MaxValue);
        Changed(state => state["final_loss"] = null);
        Changed(state => state["tensors"] = "../../elsewhere.safetensors");
        Changed(state => state["tensors_sha256"] = "../" + new string('a', 61));
        Changed(state => state["tensors_sha256"] = "");
        Changed(state => state["settings"] = new JsonArray());
        Changed(state => state.Remove("settings"));
        Changed(state => state["settings"]!.AsObject().Remove("seed"));
        Changed(state => state["settings"]!["line\nbreak"] = "x");
        Changed(state => state["settings"]!["seed"] = 5);
        File.WriteAllBytes(statePath, new byte[(1 << 20) + 1]);
        Refused(statePath);
        File.WriteAllText(statePath, string.Concat(Enumerable.Repeat("[", 100_000)));
        Refused(statePath);

        File.WriteAllBytes(statePath, whole[StateFile]);
        File.WriteAllBytes(_folder.File(tensors), whole[tensors][..^4]);
        Refused(_folder.File(tensors));
        File.WriteAllBytes(_folder.File(tensors), [.. whole[tensors], .. new byte[1 << 20]]);
        Assert.Contains("more than", Refused(_folder.File(tensors)), StringComparison.Ordinal);
        File.Delete(_folder.File(tensors));
        Refused(_folder.File(tensors));

        File.WriteAllBytes(_folder.File(tensors), whole[tensors]);
        Assert.Equal(2, SmallRuns.Fit(resume).ResumedEpochs);
    }

    private void AssertContinues(FineTuneOptions options, int epoch)
    {
        FineTuneResult cut = SmallRuns.Fit(Checkpointed(options, resume: false), cancelAfter: epoch);
        Assert.True(cut.Cancelled);
        FineTuneResult result = SmallRuns.Fit(Checkpointed(options, resume: true));
        Assert.Equal(epoch, result.ResumedEpochs);
        AssertSame(SmallRuns.Fit(options), result);
    }

    private static void AssertSame(FineTuneResult expected, FineTuneResult actual)
    {
        Assert.Equal(expected.Adapter.Tensors.Keys, actual.Adapter.Tensors.Keys);
        foreach ((string name, Tensor tensor) in expected.Adapter.Tensors)
            Assert.Equal(tensor.Span.ToArray(), actual.Adapter.Tensors[name].Span.ToArray());
        Assert.Equal(expected.Losses, actual.Losses);
        Assert.Equal(expected.FinalLoss, actual.FinalLoss);
        Assert.Equal(expected.Epochs, actual.Epochs);
    }

    private FineTuneOptions Checkpointed(FineTuneOptions options, bool resume) =>
        options with { Checkpoint = new CheckpointOptions { Directory = _folder.Path, Resume = resume } };

    private Dictionary<string, byte[]> Contents() =>
        _folder.Names().ToDictionary(name => name, name => File.ReadAllBytes(_folder.File(name)), StringComparer.Ordinal);

    private static string Tensors(Dictionary<string, byte[]> files) => files.Keys.Single(name => name.EndsWith(".safetensors", StringComparison.Ordinal));
}
