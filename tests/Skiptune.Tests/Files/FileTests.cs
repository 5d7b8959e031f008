using System.Diagnostics;
using Skiptune.Data;
using Skiptune.Files;

namespace Skiptune.Tests.Files;

public sealed class FileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("skiptune-files-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_file_is_written_then_replaced_and_nothing_else_is_left()
    {
        string path = In("model.onnx");
        AtomicFile.Write(path, [1, 2, 3]);
        AtomicFile.Write(path, [4]);
        Assert.Equal([4], BoundedFile.ReadAllBytes(path, 1));
        Assert.Single(_folder.GetFileSystemInfos());
    }

    [Fact]
    public void A_failure_leaves_what_was_there()
    {
        string folder = In("folder");
        Directory.CreateDirectory(folder);
        Assert.Contains("directory", Failures.Message(folder, () => AtomicFile.Write(folder, [1])));
        string missing = In("missing/model.onnx");
        Assert.Contains("cannot be written", Failures.Message(missing, () => AtomicFile.Write(missing, [1])));
        Assert.Single(_folder.GetFileSystemInfos());
    }

    [Fact]
    public void A_name_that_is_too_long_leaves_no_temporary_file()
    {
        // The temporary file can be made, the rename fails.
        string path = In(new string('n', 300));
        Failures.Message(path, () => AtomicFile.Write(path, [1]));
        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public void Missing_files_directories_and_large_files_are_told_apart()
    {
        Assert.Contains("does not exist", Failures.Message(In("none"), () => BoundedFile.ReadAllBytes(In("none"), 10)));
        Assert.Contains("is a directory", Failures.Message(_folder.FullName, () => BoundedFile.ReadAllBytes(_folder.FullName, 10)));
        AtomicFile.Write(In("large"), new byte[11]);
        Assert.Contains("more than the 10 bytes", Failures.Message(In("large"), () => BoundedFile.ReadAllBytes(In("large"), 10)));
        Assert.Equal(11, BoundedFile.ReadAllBytes(In("large"), 11).Length);
    }

    [Fact]
    public void A_pipe_or_a_device_is_refused_and_not_waited_for()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no named pipes in folders here");
        using (Process mkfifo = Process.Start("mkfifo", [In("pipe")]))
            mkfifo.WaitForExit();
        Assert.True(File.Exists(In("pipe")));
        foreach (string path in new[] { In("pipe"), "/dev/zero" })
        {
            Assert.Contains("not a regular file", Failures.Message(path, () => BoundedFile.ReadAllBytes(path, 10)));
            Assert.Contains("not a regular file", Failures.Message(path, () => NpyFile.Read(path)));
            Assert.Contains("not a regular file", Failures.Message(path, () => IdxFile.Read(path)));
            Assert.Contains("not a regular file", Failures.Message(path, () => CsvFile.Read(path, new CsvOptions())));
        }
    }

    [Fact]
    public void A_stream_that_hides_its_length_is_read_up_to_the_limit()
    {
        byte[] content = [.. Enumerable.Range(0, 200_000).Select(i => (byte)i)];
        Assert.Equal(content, BoundedStream.ReadToEnd(new Hidden(content), 200_000, "pipe"));
        Assert.Contains("more than", Failures.Message("pipe", () => BoundedStream.ReadToEnd(new Hidden(content), 199_999, "pipe")));
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private sealed class Hidden(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1000)]);
    }
}
