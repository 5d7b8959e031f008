namespace Skiptune.Tests;

/// <summary>What every error of the library has to be: one line that names its file.</summary>
internal static class Failures
{
    public static string Message(string fileName, Action action)
    {
        SkiptuneException error = Assert.Throws<SkiptuneException>(action);
        AssertOneLine(fileName, error);
        return error.Message;
    }

    public static void AssertOneLine(string fileName, SkiptuneException error)
    {
        Assert.StartsWith($"{fileName}: ", error.Message);
        Assert.DoesNotContain(error.Message, c => char.IsControl(c) || c is '\u2028' or '\u2029');
    }
}
