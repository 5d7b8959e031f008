namespace Skiptune.FineTuning;

internal static class AdapterFiles
{
    public static void Save(Adapter adapter, string directory) => throw new SkiptuneException("");
    public static Adapter Load(string directory) => throw new SkiptuneException("");
}
