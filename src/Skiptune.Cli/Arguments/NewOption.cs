using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Skiptune.Cli.Arguments;

/// <summary>Makes options whose errors are one plain line.</summary>
internal static class NewOption
{
    public static Option<string> Text(string name, string helpName, string description, string defaultValue) =>
        new(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => defaultValue };

    public static Option<string?> OptionalText(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName };

    public static Option<int> Integer(string name, string description, int defaultValue) =>
        new(name) { Description = description, HelpName = "n", DefaultValueFactory = _ => defaultValue, CustomParser = result => ParseInteger(result) ?? 0 };

    public static Option<int?> OptionalInteger(string name, string description) =>
        new(name) { Description = description, HelpName = "n", CustomParser = ParseInteger };

    public static Option<long> Long(string name, string description, long defaultValue) =>
        new(name) { Description = description, HelpName = "n", DefaultValueFactory = _ => defaultValue, CustomParser = result => ParseLong(result) ?? 0 };

    public static Option<double?> OptionalReal(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName, CustomParser = ParseReal };

    public static Option<long?> OptionalSize(string name, string description) =>
        new(name) { Description = description, HelpName = "size", CustomParser = ParseSize };

    private static int? ParseInteger(ArgumentResult result)
    {
        if (int.TryParse(Token(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value))
            return value;
        return Fail<int>(result, "a whole number");
    }

    private static long? ParseLong(ArgumentResult result)
    {
        if (long.TryParse(Token(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
            return value;
        return Fail<long>(result, "a whole number");
    }

    private static double? ParseReal(ArgumentResult result)
    {
        if (double.TryParse(Token(result), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value))
            return value;
        return Fail<double>(result, "a number");
    }

    // 512M and 2G are the powers of 1024 that people mean by them.
    private static long? ParseSize(ArgumentResult result)
    {
        const string Units = "KMGT";
        string token = Token(result);
        int power = token.Length == 0 ? 0 : Units.IndexOf(char.ToUpperInvariant(token[^1]), StringComparison.Ordinal) + 1;
        ReadOnlySpan<char> digits = power == 0 ? token : token.AsSpan(0, token.Length - 1);
        long unit = 1L << (10 * power);
        if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value <= long.MaxValue / unit)
            return value * unit;
        return Fail<long>(result, "a number of bytes such as 512M or 2G");
    }

    private static string Token(ArgumentResult result) => result.Tokens.Count > 0 ? result.Tokens[0].Value : "";

    private static T? Fail<T>(ArgumentResult result, string wanted)
        where T : struct
    {
        string option = result.Parent is OptionResult parent ? parent.Option.Name : result.Argument.Name;
        result.AddError($"{option} needs {wanted}, not '{Token(result)}'.");
        return null;
    }
}
