// Writes the demo's results into README.md as a table, or with --check compares what does not depend on the machine:
//   dotnet run docs/readme-table.cs -- demo.json README.md [--check]
using System.Globalization;
using System.Text.Json;

const string Start = "<!-- demo-table -->";
const string End = "<!-- /demo-table -->";

using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(args[0]));
List<string> lines =
[
    "| method | cache | accuracy % | trainable parameters | cache kB | time ms | published accuracy % | published time s |",
    "|---|---|---|---|---|---|---|---|",
];
foreach (JsonElement row in document.RootElement.GetProperty("results").EnumerateArray())
{
    (string method, string cache) = (row.GetProperty("method").GetString()!, row.GetProperty("cache").GetString()!);
    double accuracy = 100 * row.GetProperty("accuracy").GetDouble();
    double deviation = 100 * row.GetProperty("accuracy_deviation").GetDouble();
    long bytes = row.GetProperty("cache_bytes").GetInt64();
    double milliseconds = 1000 * row.GetProperty("seconds_median").GetDouble();
    long parameters = row.GetProperty("trainable_parameters").GetInt64();
    bool tuned = method != "none";
    string publishedAccuracy = Number(row, "published_accuracy", 100);
    string publishedSeconds = Number(row, "published_seconds", 1);
    string time = milliseconds < 100 ? milliseconds.ToString("F1", CultureInfo.InvariantCulture) : milliseconds.ToString("N0", CultureInfo.InvariantCulture);
    lines.Add(string.Create(
        CultureInfo.InvariantCulture,
        $"| {method} | {(tuned ? cache : "")} | {accuracy:F1}{(tuned ? $" ± {deviation:F1}" : "")} | {(tuned ? parameters.ToString("N0", CultureInfo.InvariantCulture) : "")} | {(bytes > 0 ? (bytes / 1000.0).ToString("N0", CultureInfo.InvariantCulture) : "")} | {(tuned ? time : "")} | {publishedAccuracy} | {publishedSeconds} |"));
}

string readme = File.ReadAllText(args[1]);
int from = readme.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
int to = readme.IndexOf(End, StringComparison.Ordinal);
if (!args.Contains("--check"))
{
    File.WriteAllText(args[1], $"{readme[..from]}\n{string.Join('\n', lines)}\n{readme[to..]}");
    return 0;
}
string[] written = readme[from..to].Trim().Split('\n');
int wrong = 0;
for (int i = 0; i < Math.Max(lines.Count, written.Length); i++)
{
    string expected = i < lines.Count ? WithoutTime(lines[i]) : "nothing";
    string found = i < written.Length ? WithoutTime(written[i]) : "nothing";
    if (expected == found)
        continue;
    Console.Error.WriteLine($"{args[1]} says   {found}\nthe run gave {expected}");
    wrong++;
}
Console.WriteLine(wrong == 0 ? $"{args[1]} agrees with {args[0]} but for times" : $"{wrong} rows differ");
return wrong == 0 ? 0 : 1;

// A number that not every row has.
static string Number(JsonElement row, string name, double factor) =>
    row.TryGetProperty(name, out JsonElement value) ? (factor * value.GetDouble()).ToString("F2", CultureInfo.InvariantCulture) : "";

// Times differ from machine to machine; all else is the same everywhere.
static string WithoutTime(string line)
{
    string[] cells = line.Split('|');
    if (cells.Length > 6)
        cells[6] = "";
    return string.Join('|', cells);
}
