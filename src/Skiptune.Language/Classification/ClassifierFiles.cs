using System.Collections.Immutable;
using System.Text.Json;
using Skiptune.FineTuning;
using Skiptune.Language.FineTuning;
using Skiptune.Language.Models;

namespace Skiptune.Language.Classification;

/// <summary>Classifiers on disk: the files of an adapter, whose configuration has the labels too.</summary>
internal static class ClassifierFiles
{
    private const string Marker = "skiptune_classifier_method";

    public static void Save(TextClassifier classifier, string directory) => AdapterFolder.Save(classifier.Adapter, directory, "SEQ_CLS", json =>
    {
        json.WriteString(Marker, classifier.Settings.Name);
        json.WriteBoolean("skiptune_with_ft_last", classifier.Settings.WithFtLast);
        json.WriteString("skiptune_pooling", classifier.Settings.Pooling.ToString());
        json.WriteString("skiptune_head", classifier.Settings.Head.ToString());
        if (classifier.Settings.MostTokens is { } most)
            json.WriteNumber("skiptune_max_tokens", most);
        json.WriteStartArray("skiptune_labels");
        foreach (string name in classifier.ClassNames)
            json.WriteStringValue(name);
        json.WriteEndArray();
    });

    public static TextClassifier Load(DecoderModel model, string directory)
    {
        (Adapter adapter, (ClassifierSettings settings, ImmutableArray<string> names)) = AdapterFolder.Load(directory, Marker, "skiptune lm classify train", Read);
        return new TextClassifier(model, adapter, settings, names);
    }

    private static ((ClassifierSettings Settings, ImmutableArray<string> Names) Settings, FineTuneMethod Method, int? Classes) Read(JsonElement root)
    {
        ClassifierSettings settings = new()
        {
            Name = root.GetProperty(Marker).GetString()!,
            WithFtLast = root.GetProperty("skiptune_with_ft_last").GetBoolean(),
            Pooling = Member<Pooling>(root, "skiptune_pooling"),
            Head = Member<HeadStates>(root, "skiptune_head"),
            MostTokens = root.TryGetProperty("skiptune_max_tokens", out JsonElement most) ? most.GetInt32() : null,
        };
        if (settings.MostTokens < 1)
            throw new FormatException("'skiptune_max_tokens' should be 1 or more");
        ImmutableArray<string> names = [.. root.GetProperty("skiptune_labels").EnumerateArray().Select(name => name.GetString() ?? throw new FormatException("a label should be a text"))];
        if (names.Distinct(StringComparer.Ordinal).Count() != names.Length)
            throw new FormatException("a label stands twice");
        return ((settings, names), settings.Method, names.Length);
    }

    private static T Member<T>(JsonElement root, string name)
        where T : struct, Enum =>
        Enum.TryParse(root.GetProperty(name).GetString(), out T value) && Enum.IsDefined(value) ? value : throw new FormatException($"'{name}' should be one of {string.Join(", ", Enum.GetNames<T>())}");
}
