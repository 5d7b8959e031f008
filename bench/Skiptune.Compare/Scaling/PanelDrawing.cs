using System.Globalization;
using System.Text;

namespace Skiptune.Compare.Scaling;

/// <summary>Draws one log-log plot: a frame, marks at the measured x and at 1, 2 and 5 times the powers of ten in y, lines, names.</summary>
internal sealed class PanelDrawing
{
    private const int Left = 50;
    private const int Right = 12;
    private const int Above = 24;
    private const int Below = 34;
    private readonly StringBuilder _svg;
    private readonly Panel _panel;
    private readonly int _width;
    private readonly int _height;
    private readonly (double Low, double High) _x;
    private readonly (double Low, double High) _y;

    public PanelDrawing(StringBuilder svg, Panel panel, int width, int height)
    {
        (_svg, _panel, _width, _height) = (svg, panel, width, height);
        _x = Range(panel.Lines.SelectMany(line => line.Points).Select(point => point.X));
        // A line that hardly rises should look like one: at least a factor of ten is shown.
        (double low, double high) = Range(panel.Lines.SelectMany(line => line.Points).Select(point => point.Y));
        double missing = Math.Max(0, 1 - Math.Log10(high / low)) / 2;
        _y = (low / Math.Pow(10, missing) / 1.15, high * Math.Pow(10, missing) * 1.5);
    }

    public void Draw()
    {
        Text(Left, 14, _panel.Title, "start", "font-weight=\"bold\"");
        foreach (double y in Ticks(_y.Low, _y.High))
        {
            Segment(Left, Y(y), _width - Right, Y(y), "#e6e6e6");
            Text(Left - 5, Y(y) + 4, Short(y), "end");
        }
        double[] marks = [.. _panel.Lines.SelectMany(line => line.Points).Select(point => point.X).Distinct().Order()];
        foreach (double x in marks)
        {
            Segment(X(x), Above, X(x), _height - Below, "#f0f0f0");
            Text(X(x), _height - Below + 14, Short(x), "middle", "font-size=\"10\"");
        }
        _svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect x="{Left}" y="{Above}" width="{_width - Left - Right}" height="{_height - Above - Below}" fill="none" stroke="#999999"/>""");
        for (int i = 0; i < _panel.Lines.Count; i++)
            Draw(_panel.Lines[i], i);
    }

    private void Draw(Line line, int index)
    {
        string points = string.Join(' ', line.Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):F1},{Y(point.Y):F1}")));
        string dash = line.Dashed ? " stroke-dasharray=\"5 3\"" : "";
        _svg.AppendLine(CultureInfo.InvariantCulture, $"""<polyline points="{points}" fill="none" stroke="{line.Colour}" stroke-width="2"{dash}/>""");
        foreach ((double x, double y) in line.Dashed ? [] : line.Points)
            _svg.AppendLine(CultureInfo.InvariantCulture, $"""<circle cx="{X(x):F1}" cy="{Y(y):F1}" r="3" fill="{line.Colour}"/>""");
        int at = Above + 13 + 13 * index;
        _svg.AppendLine(CultureInfo.InvariantCulture, $"""<line x1="{Left + 7}" y1="{at - 4}" x2="{Left + 25}" y2="{at - 4}" stroke="{line.Colour}" stroke-width="2"{dash}/>""");
        Text(Left + 30, at, line.Name, "start");
    }

    private double X(double x) => Left + 10 + (_width - Left - Right - 20) * Share(x, _x);

    private double Y(double y) => _height - Below - (_height - Above - Below) * Share(y, _y);

    private static double Share(double value, (double Low, double High) range) =>
        range.High > range.Low ? Math.Log(value / range.Low) / Math.Log(range.High / range.Low) : 0.5;

    private static (double Low, double High) Range(IEnumerable<double> values) => (values.Min(), values.Max());

    // 1, 2 and 5 times the powers of ten; only the powers where there are many.
    private static double[] Ticks(double low, double high)
    {
        double[] digits = Math.Log10(high / low) > 2.5 ? [1] : [1, 2, 5];
        return
        [
            .. from power in Enumerable.Range((int)Math.Floor(Math.Log10(low)), (int)Math.Ceiling(Math.Log10(high / low)) + 2)
               from digit in digits
               let tick = digit * Math.Pow(10, power)
               where tick >= low && tick <= high
               select tick,
        ];
    }

    private static string Short(double value) => value >= 1000
        ? string.Create(CultureInfo.InvariantCulture, $"{value / 1000:0.#}k")
        : value.ToString("0.###", CultureInfo.InvariantCulture);

    private void Segment(double x1, double y1, double x2, double y2, string colour) =>
        _svg.AppendLine(CultureInfo.InvariantCulture, $"""<line x1="{x1:F1}" y1="{y1:F1}" x2="{x2:F1}" y2="{y2:F1}" stroke="{colour}"/>""");

    private void Text(double x, double y, string text, string anchor, string more = "") =>
        _svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{x:F1}" y="{y:F1}" text-anchor="{anchor}" {more}>{text}</text>""");
}
