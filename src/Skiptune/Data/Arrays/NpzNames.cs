namespace Skiptune.Data;

/// <summary>Which arrays of an NPZ file are samples and which are what is known of them, by their names.</summary>
/// <param name="Samples">The samples' array.</param>
/// <param name="Targets">The targets' array, or null.</param>
internal readonly record struct NpzPair(string Samples, string? Targets);

/// <summary>Finds pairs of arrays by the names that NumPy, Keras and their users give them.</summary>
internal static class NpzNames
{
    // In the order in which they are preferred. arr_0 and arr_1 are NumPy's, where it is given no names.
    private static readonly string[] s_samples = ["x", "images", "features", "data", "inputs", "samples", "arr_0"];
    private static readonly string[] s_targets = ["y", "labels", "targets", "target", "label", "arr_1"];

    public const string Known = "x and y, images and labels or features and targets, with train, valid or test for parts (x_train, train_images)";

    /// <summary>The pairs by what they are for; arrays without such a word are those of no role.</summary>
    public static List<(SplitRole? Role, NpzPair Pair)> Pairs(IReadOnlyList<string> names)
    {
        List<(SplitRole?, NpzPair)> pairs = [];
        foreach (SplitRole? role in (SplitRole?[])[null, SplitRole.Train, SplitRole.Valid, SplitRole.Test])
        {
            if (Find(names, role, s_samples) is { } samples)
                pairs.Add((role, new NpzPair(samples, Find(names, role, s_targets))));
        }
        // There is no doubt about a lone array, whatever its name.
        if (pairs.Count == 0 && names.Count == 1)
            pairs.Add((null, new NpzPair(names[0], null)));
        return pairs;
    }

    private static string? Find(IReadOnlyList<string> names, SplitRole? role, string[] wanted) =>
        wanted.Select(word => names.FirstOrDefault(name => SplitNames.RoleOf(name) == role && WithoutRole(name) == word)).FirstOrDefault(name => name is not null);

    private static string WithoutRole(string name) => string.Join('_', SplitNames.Words(name).Where(word => SplitNames.RoleOf(word) is null));
}
