using System.Text;
using Skiptune.Data;
using Skiptune.Numerics;

namespace Skiptune.Tests.Data;

public sealed class CsvTests
{
    private static RecordDataSet Read(string text, CsvOptions? options = null)
    {
        using TempFolder folder = new();
        return CsvFile.Read(folder.Write("t.csv", Encoding.UTF8.GetBytes(text)), options);
    }

    private static void Refuses(string text, CsvOptions? options, params string[] words)
    {
        using TempFolder folder = new();
        string path = folder.Write("t.csv", Encoding.UTF8.GetBytes(text));
        string message = Failures.Message(path, () => CsvFile.Read(path, options));
        foreach (string word in words)
            Assert.Contains(word, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_numbered_in_ordinal_order()
    {
        DataSet set = Read("a,b,kind\n1,2,pear\n\n3, 4.5e0 ,\"ap\"\"ple\"\r\n-5,6,Pear");
        Assert.Equal([1, 2, 3, 4.5f, -5, 6], set.ReadAll());
        Assert.Equal(new Shape(2), set.SampleShape);
        Assert.Equal(["Pear", "ap\"ple", "pear"], set.Targets.ClassNames);
        Assert.Equal([2, 1, 0], set.Labels);
        Assert.Equal([0, 1, 2], Read("1,pear\n1,apple\n1,plum", new CsvOptions { ClassNames = ["pear", "apple", "plum", "fig"] }).Labels);
        Refuses("1,pear\n1,fig", new CsvOptions { ClassNames = ["pear"] }, "'fig'");
    }

    [Fact]
    public void Whole_numbers_are_the_classes_themselves()
    {
        DataSet set = Read("10,1\n2,2\n0,3", new CsvOptions { LabelColumns = ["0"] });
        Assert.Equal([10, 2, 0], set.Labels);
        Assert.Equal(11, set.ClassCount);
        Assert.Equal([1, 2, 3], set.ReadAll());
        Assert.Equal(20, Read("1,1", new CsvOptions { ClassCount = 20 }).ClassCount);
        Refuses("1,5", new CsvOptions { ClassCount = 5 }, "label 5");
    }

    [Fact]
    public void Label_columns_are_found_by_name_and_position()
    {
        string text = "y;2;1\n7;8;9\n";
        CsvOptions options = new() { Delimiter = ';', Header = CsvHeader.Present };
        Assert.Equal([7, 8], Read(text, options with { LabelColumns = ["1"] }).ReadAll());
        Assert.Equal([8, 9], Read(text, options with { LabelColumns = ["y"] }).ReadAll());
        Assert.Equal([7, 8], Read(text, options with { LabelColumns = ["-1"] }).ReadAll());
        DataSet regression = Read(text, options with { Targets = TargetKind.Values, LabelColumns = ["1", "y"] });
        float[] targets = new float[2];
        regression.ReadTargets([0], targets);
        Assert.Equal([9, 7], targets);
        Assert.Equal(3, Read(text, options with { Targets = TargetKind.None }).SampleShape.Count);
        Refuses(text, options with { LabelColumns = ["z"] }, "'z'", "'y'");
        Refuses(text, options with { LabelColumns = ["y", "1"] }, "2 label columns");
        Refuses("1,2", new CsvOptions { LabelColumns = ["2"], Header = CsvHeader.Absent }, "'2'", "no header");
    }

    [Theory]
    [InlineData("a,b\n1,x\n", 1)]
    [InlineData("1,x\n2,y\n", 2)]
    [InlineData("\uFEFF1,x\n2,y\n", 2)]
    public void Headers_are_detected(string text, int rows) => Assert.Equal(rows, Read(text).Count);

    [Theory]
    [InlineData("1,2,0\n1,NaN,0\n", "line 2", "column 1", "NaN")]
    [InlineData("v,w,k\n1,2,0\n1,inf,0\n", "line 3", "'w'", "no number")]
    [InlineData("1,Infinity,0\n", "line 1", "column 1", "infinite")]
    [InlineData("1,1e99,0\n", "line 1", "column 1", "infinite")]
    [InlineData("1,2,0\n1,,0\n", "line 2", "column 1", "''")]
    [InlineData("1,2,0\n1,2\n", "line 2", "2 columns", "3")]
    [InlineData("1,2,0\n1,2,\n", "line 2", "no label", "")]
    [InlineData("1,2,0\n1,\"2,0\n", "2 columns", "", "")]
    [InlineData("1,2,0\n1,2\"2,0\n", "quote", "line 2", "")]
    [InlineData("1,x2,0\n1,2,0\n", "first row", "'x2'", "header")]
    [InlineData("", "empty", "", "")]
    [InlineData("a,b\n", "no rows", "", "")]
    [InlineData("7\n8\n", "1 columns", "delimiter", "")]
    public void Refuses_what_is_no_table_of_numbers(string text, string one, string two, string three) => Refuses(text, null, one, two, three);

    [Fact]
    public void A_line_or_a_cell_without_end_is_refused()
    {
        Refuses(new string('1', 5000) + ",2", null, "4096");
        Refuses("\"" + new string(',', 100_000), null, "4096");
        Refuses(string.Concat(Enumerable.Repeat("1,", 9_000_000)), null, "a line of more than");
    }
}
