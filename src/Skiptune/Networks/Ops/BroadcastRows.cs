using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>Where each element of an output is read from in inputs that are broadcast to it.</summary>
internal sealed class BroadcastRows
{
    private readonly CopyPiece?[] _maps;
    private readonly int _width;

    // The last row located of each input: elements are asked for in order.
    private readonly int[] _row;
    private readonly int[] _start;

    public BroadcastRows(BindContext context)
    {
        Shape output = context.Outputs[0].Shape;
        _width = output.Rank == 0 ? 1 : output[-1];
        _maps =
        [
            .. context.Inputs.Select((input, position) => input!.Shape == output
                ? null
                : new CopyPiece(position, 0, AxisMaps.Broadcast(input.Shape, output), AxisMaps.Whole(output), join: false)),
        ];
        _row = new int[_maps.Length];
        _start = new int[_maps.Length];
        Array.Fill(_row, -1);
    }

    /// <summary>The position in an input of an element of the output.</summary>
    public int At(int input, int element)
    {
        if (_maps[input] is not { } map)
            return element;
        (int row, int column) = Math.DivRem(element, _width);
        if (row != _row[input])
        {
            map.Locate(row, out _start[input], out _, out _);
            _row[input] = row;
        }
        return map.SourceAt(_start[input], column);
    }
}
