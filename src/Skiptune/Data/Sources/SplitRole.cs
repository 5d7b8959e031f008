namespace Skiptune.Data;

/// <summary>What a part of the data is for.</summary>
internal enum SplitRole
{
    Train,
    Valid,
    Test,
}

/// <summary>Reads roles from the names of files and folders.</summary>
internal static class SplitNames
{
    private static readonly char[] s_separators = ['-', '_', '.', ' '];

    /// <summary>The words of a name, in lower case.</summary>
    public static string[] Words(string path) =>
        Path.GetFileName(path).ToLowerInvariant().Split(s_separators, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The role a name tells, or null: train-images-idx3-ubyte, data_batch_1.bin, x_valid.npy, test.csv.</summary>
    public static SplitRole? RoleOf(string path)
    {
        string[] words = Words(path);
        foreach (string word in words)
        {
            switch (word)
            {
                case "train" or "training":
                    return SplitRole.Train;
                case "valid" or "val" or "validation":
                    return SplitRole.Valid;
                case "test" or "testing" or "t10k":
                    return SplitRole.Test;
            }
        }
        // CIFAR-10's own names: data_batch_1.bin .. data_batch_5.bin.
        return words is ["data", "batch", ..] ? SplitRole.Train : null;
    }
}
