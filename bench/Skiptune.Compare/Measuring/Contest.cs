using System.Diagnostics;
using Skiptune.Compare.Results;

namespace Skiptune.Compare.Measuring;

/// <summary>One of those who take turns.</summary>
/// <param name="Name">What the results call it.</param>
/// <param name="Threads">Its threads.</param>
/// <param name="Run">One turn; returns its milliseconds.</param>
/// <param name="Parts">Milliseconds of parts of the last turn by name, if it tells them.</param>
internal sealed record Contestant(string Name, int Threads, Func<double> Run, Func<IEnumerable<(string Part, double Milliseconds)>>? Parts = null);

/// <summary>How often.</summary>
/// <param name="WarmUp">Rounds that do not count.</param>
/// <param name="Rounds">Rounds that do.</param>
/// <param name="Seconds">After so many seconds it is enough, once a round has counted.</param>
internal readonly record struct Effort(int WarmUp, int Rounds, int Seconds);

/// <summary>Runs contestants in turns, A B C A B C ..., so that what slows the machine slows all of them.</summary>
internal static class Contest
{
    // Threads that spin while they wait for work give up within this: those of OpenBLAS spin for 2^26 cycles or so.
    private const int PauseMilliseconds = 100;

    private const int WarmUpMilliseconds = 1500;

    private const int ShortMilliseconds = 200;

    // After a pause a processor's clock, and on a shared host the processor itself, take their time to come back.
    private const int AwakeMilliseconds = 100;

    // Methods that have run for a while are compiled anew, in the background.
    private const int WarmUpPauseMilliseconds = 200;

    /// <summary>Runs them all. One that fails is left out and named on standard error.</summary>
    public static void Run(string name, IEnumerable<Contestant> contestants, Effort effort, Measurements results)
    {
        Console.Error.WriteLine($"measuring {name}");
        List<Contestant> running = [.. contestants];
        OtherLoad load = OtherLoad.Start();
        running.RemoveAll(contestant => !WarmUp(contestant, results));
        Stopwatch clock = Stopwatch.StartNew();
        for (int round = -effort.WarmUp; round < effort.Rounds; round++)
        {
            if (clock.Elapsed.TotalSeconds > effort.Seconds)
            {
                if (round > 0)
                    break;
                round = 0;
            }
            running.RemoveAll(contestant => !TakeTurn(contestant, round >= 0, results));
            if (round < 0)
                Thread.Sleep(WarmUpPauseMilliseconds);
        }
        results.OtherLoads[name] = load.Processors();
    }

    // What is short runs until nothing of it is compiled any more.
    private static bool WarmUp(Contestant contestant, Measurements results)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (TakeTurn(contestant, counts: false, results))
        {
            if (clock.ElapsedMilliseconds > WarmUpMilliseconds)
                return true;
        }
        return false;
    }

    private static bool TakeTurn(Contestant contestant, bool counts, Measurements results)
    {
        Thread.Sleep(PauseMilliseconds);
        try
        {
            Stopwatch clock = Stopwatch.StartNew();
            double milliseconds = contestant.Run();
            // What the others have pushed out of the caches comes back first, on every side.
            if (counts && milliseconds < ShortMilliseconds)
            {
                while (clock.ElapsedMilliseconds < AwakeMilliseconds)
                    contestant.Run();
                milliseconds = contestant.Run();
            }
            if (!counts)
                return true;
            results.Times(contestant.Threads, contestant.Name).Add(milliseconds);
            foreach ((string part, double time) in contestant.Parts?.Invoke() ?? [])
                results.Times(contestant.Threads, $"{contestant.Name}_{part}").Add(time);
            return true;
        }
        catch (SkiptuneException exception)
        {
            results.Miss($"{contestant.Name} with {contestant.Threads} thread(s)", exception.Message);
            results.Forget(contestant.Threads, contestant.Name);
            return false;
        }
    }
}
