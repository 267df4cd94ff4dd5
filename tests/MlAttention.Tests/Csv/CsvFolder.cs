using System.Text;

namespace MlAttention.Tests.Csv;

/// <summary>A temporary folder with CSV files, deleted at the end.</summary>
internal sealed class CsvFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlattention-").FullName;

    public string this[string name] => Path.Combine(_folder, name);

    public string Write(string name, string content) => Write(name, new UTF8Encoding(false).GetBytes(content));

    public string Write(string name, byte[] content)
    {
        var path = this[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
