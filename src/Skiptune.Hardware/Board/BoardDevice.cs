using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Skiptune.Hardware.Board;

/// <summary>The devices of a board, opened: registers, interrupt and DMA buffer.</summary>
internal sealed class BoardDevice : IDisposable
{
    private const string Memory = "/dev/mem";
    private const int WindowBytes = 0x1000;
    private const long WindowDistance = 0x10000;
    private const int Windows = 4;

    // More would be a mistake, and the areas are counted in int.
    private const ulong MostBuffer = 1 << 30;

    private readonly List<IDisposable> _open = [];

    private BoardDevice()
    {
    }

    /// <summary>The bus over them.</summary>
    public BoardBus Bus { get; private set; } = null!;

    /// <summary>Opens and maps all.</summary>
    /// <param name="options">Where it is.</param>
    /// <param name="system">Where sysfs is; another folder for tests.</param>
    /// <exception cref="SkiptuneException">Something is not there, or may not be opened.</exception>
    public static BoardDevice Open(BoardOptions options, string system = "/sys")
    {
        if (!OperatingSystem.IsLinux())
            throw new SkiptuneException("an accelerator on a board is driven from Linux alone");
        BoardDevice device = new();
        try
        {
            (BoardWindows windows, IInterrupt interrupt) = Address(options.Device) is { } address ? device.MapAddress(address) : device.MapUio(options.Device, system);
            device.Bus = new BoardBus(windows, device.MapBuffer(options.Buffer, system), interrupt, options.Timeout);
            return device;
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (IDisposable part in Enumerable.Reverse(_open))
            part.Dispose();
        _open.Clear();
    }

    private (BoardWindows Windows, IInterrupt Interrupt) MapUio(string path, string system)
    {
        SafeFileHandle file = OpenFile(path);
        string maps = Path.Combine(system, "class", "uio", Path.GetFileName(path), "maps");
        MappedMemory[] windows = new MappedMemory[Windows];
        for (int i = 0; i < Windows; i++)
        {
            string map = Path.Combine(maps, $"map{i}");
            if (!Directory.Exists(map))
                throw new SkiptuneException($"{path} has {i} ranges of registers and not {Windows}: the accelerator, then the DMA engines of parameters and results, of samples, and of the order");
            ulong size = Number(Path.Combine(map, "size"));
            if (size is < WindowBytes or > 1 << 24)
                throw new SkiptuneException($"{path}: range {i} has {size} bytes; {WindowBytes} are needed");
            // The kernel tells ranges apart by the page.
            windows[i] = Keep(new MappedMemory(file, path, (long)i * Environment.SystemPageSize, WindowBytes));
        }
        return (new BoardWindows(windows[0], windows[1], windows[2], windows[3]), new UioInterrupt(file, path));
    }

    private (BoardWindows Windows, IInterrupt Interrupt) MapAddress(ulong address)
    {
        CheckPage(address);
        SafeFileHandle file = OpenFile(Memory);
        MappedMemory[] windows = [.. Enumerable.Range(0, Windows).Select(i => Keep(new MappedMemory(file, Memory, (long)address + i * WindowDistance, WindowBytes)))];
        return (new BoardWindows(windows[0], windows[1], windows[2], windows[3]), new PollingInterrupt());
    }

    private unsafe DmaBuffer MapBuffer(string buffer, string system)
    {
        if (buffer.Split(':') is [{ } first, { } second] && Address(first) is { } address && Address(second) is { } bytes)
        {
            CheckPage(address);
            MappedMemory reserved = Keep(new MappedMemory(OpenFile(Memory), Memory, (long)address, Bytes(buffer, bytes)));
            return new DmaBuffer(address, reserved.Pointer, reserved.Length);
        }
        SafeFileHandle file = OpenFile(buffer);
        string folder = Path.Combine(system, "class", "u-dma-buf", Path.GetFileName(buffer));
        MappedMemory memory = Keep(new MappedMemory(file, buffer, 0, Bytes(buffer, Number(Path.Combine(folder, "size")))));
        return new DmaBuffer(Number(Path.Combine(folder, "phys_addr")), memory.Pointer, memory.Length);
    }

    private static int Bytes(string name, ulong bytes) => bytes is >= BoardBus.LeastBuffer and <= MostBuffer
        ? (int)bytes
        : throw new SkiptuneException($"the DMA buffer {name} has {bytes} bytes; it has to have {BoardBus.LeastBuffer} to {MostBuffer}");

    private static void CheckPage(ulong address)
    {
        if (address % (ulong)Environment.SystemPageSize != 0 || address > long.MaxValue - Windows * WindowDistance)
            throw new SkiptuneException($"0x{address:X} is no address of a page of {Environment.SystemPageSize} bytes");
    }

    // 0x..., or null.
    private static ulong? Address(string text) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value) ? value : null;

    // A number of sysfs: with 0x, or decimal.
    private static ulong Number(string path)
    {
        try
        {
            string text = File.ReadAllText(path).Trim();
            return Address(text) ?? ulong.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or OverflowException)
        {
            throw new SkiptuneException($"{path}: cannot be read as a number: {exception.Message}", exception);
        }
    }

    // Without caches: O_SYNC says so to /dev/mem and u-dma-buf.
    private SafeFileHandle OpenFile(string path)
    {
        try
        {
            return Keep(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, FileOptions.WriteThrough));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SkiptuneException($"{path}: there is no such device; load the bitstream and the device tree overlay first, or name another device", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SkiptuneException($"{path}: cannot be opened to read and write: {exception.Message}", exception);
        }
    }

    private T Keep<T>(T part)
        where T : IDisposable
    {
        _open.Add(part);
        return part;
    }
}
