namespace Skiptune.Cli.Arguments;

/// <summary>Options that name a member of an enumeration, in lower case.</summary>
internal static class Choice
{
    public static string NameOf<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    public static T Parse<T>(string option, string name)
        where T : struct, Enum
    {
        foreach (T value in Enum.GetValues<T>())
        {
            if (NameOf(value) == name)
                return value;
        }
        throw new UsageException($"{option} '{name}' is not possible; choose one of {string.Join(", ", Enum.GetValues<T>().Select(NameOf))}");
    }
}
