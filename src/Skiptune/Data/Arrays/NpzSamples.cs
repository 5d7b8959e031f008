using System.Buffers;
using System.IO.Compression;

namespace Skiptune.Data;

/// <summary>Opens one array of an NPZ file as samples.</summary>
internal static class NpzSamples
{
    private const int ChunkBytes = 256 * 1024;

    /// <summary>
    /// Opens an array. If the budget allows it, it is in memory; else a stored one is read from the file as it is needed,
    /// after one pass over it for its checksum, and a deflated one from a scratch file.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="file">It, open, as the archive reads it.</param>
    /// <param name="entry">The array.</param>
    /// <param name="array">What the array is called.</param>
    /// <param name="budget">What memory may be taken.</param>
    /// <param name="maxBytes">The most bytes of the array.</param>
    /// <param name="targets">What is known of so many samples.</param>
    public static RecordDataSet Open(
        string path, FileStream file, ZipArchiveEntry entry, string array, MemoryBudget budget, long maxBytes, Func<int, Targets> targets)
    {
        string name = $"{path}: {array}";
        using Stream content = entry.Open();
        ChecksumStream checksum = new(content);
        NpyHeader header = NpyHeader.Read(checksum, name);
        if (header.DataBytes > maxBytes)
            throw ErrorText.Of(name, $"promises {header.DataBytes} bytes, more than the {maxBytes} allowed; use a smaller one");
        if (header.DataBytes > budget.Left && Stored(path, file.Position - header.DataOffset, entry) is { } stored)
        {
            return RecordDataSet.Over(stored.Bytes, name, _ => entry.Length == header.DataOffset + header.DataBytes
                ? (header.Layout(stored.Start), targets((int)header.Count))
                : throw ErrorText.Of(name, $"has {entry.Length} bytes, but its header promises {header.DataOffset + header.DataBytes}; download or copy the file again"));
        }
        // The file's own length bounds what an entry can claim to take.
        long taken = Math.Min(entry.CompressedLength, file.Length);
        StoredFile.CheckInflation(name, header.DataBytes, taken, budget.Left);
        using Spool spool = new(budget, name, taken, header.DataBytes);
        spool.CopyFrom(checksum, header.DataBytes);
        checksum.Check(entry.Crc32, name);
        return RecordDataSet.Over(spool.Finish(), name, _ => (header.Layout(-header.DataOffset), targets((int)header.Count)));
    }

    // The archive tells no offsets and no methods. Where its bytes lie is where it read the header from, and that they are
    // stored as they are is what their checksum proves.
    private static (RecordBytes Bytes, long Start)? Stored(string path, long start, ZipArchiveEntry entry)
    {
        if (entry.CompressedLength != entry.Length)
            return null;
        FileBytes bytes = FileBytes.Open(path);
        if (start >= 0 && start <= bytes.Length - entry.Length && Checksum(bytes, start, entry.Length) == entry.Crc32)
            return (bytes, start);
        bytes.Dispose();
        return null;
    }

    private static uint Checksum(RecordBytes bytes, long start, long length)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        uint checksum = 0;
        for (long done = 0; done < length;)
        {
            int count = (int)Math.Min(ChunkBytes, length - done);
            checksum = Crc32.Of(bytes.View(start + done, count, buffer), checksum);
            done += count;
        }
        ArrayPool<byte>.Shared.Return(buffer);
        return checksum;
    }
}
