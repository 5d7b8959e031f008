// Skiptune and its peers in turns, on this machine: dotnet run -c Release --project bench/Skiptune.Compare -- --json FILE
using Skiptune;
using Skiptune.Compare;
using Skiptune.Compare.Scaling;

try
{
    if (args is [MemoryChild.Argument, ..])
        return MemoryChild.Run(args[1..]);
    if (args is ["--help" or "-h"])
    {
        Console.WriteLine(CompareOptions.Usage);
        return 0;
    }
    return CompareCommand.Run(CompareOptions.Parse(args));
}
catch (ArgumentException exception)
{
    return Fail(exception, 2);
}
catch (Exception exception) when (exception is SkiptuneException or IOException or UnauthorizedAccessException)
{
    return Fail(exception, 1);
}

static int Fail(Exception exception, int code)
{
    Console.Error.WriteLine($"error: {exception.Message.ReplaceLineEndings(" ")}");
    return code;
}
