using Spectre.Console;

namespace Skiptune.Cli.Output;

/// <summary>Makes the plain tables that lists are shown in.</summary>
internal static class NewTable
{
    /// <summary>A table with left columns; a header that starts with '>' is of a right one.</summary>
    public static Table With(params string[] headers)
    {
        Table table = new() { Border = TableBorder.Horizontal };
        foreach (string header in headers)
        {
            table.AddColumn(new TableColumn(new Markup(Markup.Escape(header.TrimStart('>')), new Style(decoration: Decoration.Bold)))
            {
                Padding = new Padding(0, 0, 2, 0),
                NoWrap = header.StartsWith('>'),
                Alignment = header.StartsWith('>') ? Justify.Right : Justify.Left,
            });
        }
        return table;
    }

    /// <summary>Adds a row of plain text.</summary>
    public static void Row(this Table table, params string[] cells) => table.AddRow([.. cells.Select(cell => new Text(cell))]);
}
