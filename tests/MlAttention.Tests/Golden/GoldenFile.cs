using System.Text.Json;

namespace MlAttention.Tests.Golden;

/// <summary>
/// A file of reference numbers computed by PyTorch in float64. Every input and weight is exactly a float32.
/// Masks in the files are PyTorch's: True = blocked.
/// </summary>
internal sealed class GoldenFile
{
    private readonly JsonElement _root;
    private readonly Dictionary<string, GoldenCase> _cases;

    private GoldenFile(JsonElement root)
    {
        _root = root;
        _cases = root.GetProperty("cases").EnumerateArray().Select(element => new GoldenCase(element)).ToDictionary(goldenCase => goldenCase.Name);
    }

    /// <summary>The cases in the file's order.</summary>
    public IEnumerable<GoldenCase> Cases => _cases.Values;

    public GoldenCase this[string name] => _cases[name];

    /// <param name="name">The file's name, for example "mha.json".</param>
    public static GoldenFile Load(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", name)));
        return new GoldenFile(document.RootElement.Clone());
    }

    /// <summary>A part of the file beside the cases, for example "gelu" of softmax_mask.json.</summary>
    public GoldenCase Part(string name) => new(_root.GetProperty(name));

    /// <summary>The names of the cases, for a theory with one test a case.</summary>
    public static TheoryData<string> Names(string file, Func<GoldenCase, bool>? where = null) =>
        [.. Load(file).Cases.Where(goldenCase => where is null || where(goldenCase)).Select(goldenCase => goldenCase.Name)];
}
