using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Skiptune.Tests.Data;

/// <summary>Writes NPY and NPZ as NumPy does, and as it never would.</summary>
internal static class ArrayFiles
{
    public static byte[] Npy<T>(string descriptor, int[] shape, T[] values, int version = 1, string order = "False")
        where T : struct
    {
        string extents = shape.Length == 1 ? $"{shape[0]}," : string.Join(", ", shape);
        return Npy($"{{'descr': '{descriptor}', 'fortran_order': {order}, 'shape': ({extents}), }}", MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), version);
    }

    public static byte[] Npy(string dictionary, byte[] data, int version = 1)
    {
        int prefix = version == 1 ? 10 : 12;
        string text = dictionary.PadRight((prefix + dictionary.Length + 64) / 64 * 64 - prefix - 1) + "\n";
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes(text.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. Encoding.Latin1.GetBytes(text), .. data];
    }

    public static byte[] Zip(CompressionLevel level, params (string Name, byte[] Bytes)[] files)
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes) in files)
            {
                using Stream entry = archive.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        }
        return stream.ToArray();
    }

    public static float[] ReadAll(this Skiptune.Data.DataSet set)
    {
        float[] values = new float[set.Count * set.SampleShape.Count];
        set.Read([.. Enumerable.Range(0, set.Count)], values);
        return values;
    }
}
