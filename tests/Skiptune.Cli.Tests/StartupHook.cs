#pragma warning disable CA1050, MA0047 // the runtime looks for this name outside any namespace

/// <summary>Run by the runtime in a process before its own code: at its end it tells what was loaded.</summary>
internal static class StartupHook
{
    public const string Variable = "SKIPTUNE_TEST_LOADED";

    public static void Initialize() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        File.WriteAllLines(Environment.GetEnvironmentVariable(Variable)!, AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName().Name!));
}
