using System.Globalization;
using System.Text;

namespace Skiptune.Compare.Scaling;

/// <summary>The scaling as an SVG: a small log-log plot for each quantity, and one for the memory.</summary>
internal static class ScalingPlot
{
    private const int Columns = 4;
    private const int PanelWidth = 260;
    private const int PanelHeight = 220;
    private const int Top = 44;
    private static readonly string[] Colours = ["#1f5fa8", "#c2551a", "#7fa7d1", "#e0a582"];

    public static string Of(ScalingResult scaling)
    {
        List<Panel> panels = [.. scaling.Axes.Select(TimePanel)];
        if (!scaling.Memory.IsEmpty)
            panels.Add(MemoryPanel(scaling));
        int rows = (panels.Count + Columns - 1) / Columns;
        (int width, int height) = (Columns * PanelWidth + 10, Top + rows * PanelHeight + 10);
        StringBuilder svg = new();
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11" fill="#333333">""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect width="{width}" height="{height}" fill="#ffffff"/>""");
        svg.AppendLine("""<text x="14" y="24" font-size="15" font-weight="bold">Skip2-LoRA on the reference network: one quantity changes, logarithmic axes</text>""");
        for (int i = 0; i < panels.Count; i++)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<g transform="translate({i % Columns * PanelWidth} {Top + i / Columns * PanelHeight})">""");
            new PanelDrawing(svg, panels[i], PanelWidth, PanelHeight).Draw();
            svg.AppendLine("</g>");
        }
        return svg.AppendLine("</svg>").ToString();
    }

    private static Panel TimePanel(ScalingAxis axis) => new($"time, ms, against {axis.Name}",
    [
        .. axis.Caches.Select((cache, i) => new Line(cache, Colours[i], Dashed: false, [.. axis.Points.Where(point => point.Cache == cache).Select(point => (point.X, point.Total))])),
    ]);

    private static Panel MemoryPanel(ScalingResult scaling)
    {
        List<Line> lines = [];
        foreach (IGrouping<string, MemoryPoint> cache in scaling.Memory.Where(point => point.What.EndsWith("samples", StringComparison.Ordinal)).GroupBy(point => point.Cache))
        {
            int i = lines.Count / 2;
            lines.Add(new Line($"{cache.Key} planned", Colours[i + 2], Dashed: true, [.. cache.Select(point => ((double)point.Samples, point.Planned / 1e6))]));
            lines.Add(new Line($"{cache.Key} measured", Colours[i], Dashed: false, [.. cache.Where(point => point.Measured > 0).Select(point => ((double)point.Samples, point.Measured / 1e6))]));
        }
        return new Panel("memory, MB, against samples", lines);
    }
}

/// <summary>One plot.</summary>
internal sealed record Panel(string Title, IReadOnlyList<Line> Lines);

/// <summary>One line of a plot.</summary>
internal sealed record Line(string Name, string Colour, bool Dashed, IReadOnlyList<(double X, double Y)> Points);
