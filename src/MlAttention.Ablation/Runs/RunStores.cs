using System.Text.Json;

namespace MlAttention.Ablation.Runs;

/// <summary>One JSON file a run, in a folder that belongs to one plan and one data set.</summary>
internal sealed class FolderRunStore : IRunStore
{
    private const string HeaderFile = "ablation.json";
    private readonly string _folder;

    private FolderRunStore(string folder) => _folder = folder;

    /// <summary>Opens a folder for a plan and a data set, or makes it.</summary>
    /// <exception cref="InvalidDataException">The folder holds the runs of another plan or other data.</exception>
    public static FolderRunStore Open(string folder, AblationHeader header)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, HeaderFile), text = JsonSerializer.Serialize(header, AblationJson.Options);
        if (!File.Exists(path)) AtomicFile.WriteNamed(path, name => File.WriteAllText(name, text));
        else if (!ReadHeader(folder).IsSameAs(header))
            throw new InvalidDataException($"{folder} holds the runs of another plan or of other data. Choose another folder, or delete it.");
        return new(folder);
    }

    /// <summary>The plan and data set whose runs the folder holds.</summary>
    /// <exception cref="InvalidDataException">The folder is not one that an ablation wrote.</exception>
    public static AblationHeader ReadHeader(string folder)
    {
        string path = Path.Combine(folder, HeaderFile);
        if (!File.Exists(path)) throw new InvalidDataException($"{folder} holds no {HeaderFile}, so it is no folder of ablation runs.");
        return Read<AblationHeader>(path);
    }

    /// <summary>Deletes the runs of a folder and the folder, if nothing else is in it; leaves a folder that no ablation wrote alone.</summary>
    public static void Delete(string folder)
    {
        string header = Path.Combine(folder, HeaderFile);
        if (!File.Exists(header)) return;
        foreach (string run in Directory.EnumerateFiles(folder, "*.seed*.json")) File.Delete(run);
        File.Delete(header);
        if (!Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
    }

    /// <inheritdoc/>
    public AblationRun? Find(AblationSetup setup, int seed)
    {
        string path = FileOf(setup, seed);
        return File.Exists(path) ? Read<AblationRun>(path) : null;
    }

    /// <inheritdoc/>
    public void Save(AblationRun run) => AtomicFile.WriteNamed(FileOf(run.Setup, run.Seed), name => File.WriteAllText(name, JsonSerializer.Serialize(run, AblationJson.Options)));

    private string FileOf(AblationSetup setup, int seed) => Path.Combine(_folder, Invariant($"{setup.Name}.seed{seed}.json"));

    private static T Read<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path), AblationJson.Options) ?? throw new InvalidDataException($"{path} is empty.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path} cannot be read: {error.Message}", error);
        }
    }
}

/// <summary>Keeps finished runs, so that an ablation that was stopped goes on where it was.</summary>
internal interface IRunStore
{
    /// <summary>The stored run, or null.</summary>
    AblationRun? Find(AblationSetup setup, int seed);

    /// <summary>Stores a run at once.</summary>
    void Save(AblationRun run);
}

/// <summary>Keeps runs for the life of the process.</summary>
internal sealed class MemoryRunStore : IRunStore
{
    private readonly Dictionary<(AblationSetup, int), AblationRun> _runs = [];

    /// <inheritdoc/>
    public AblationRun? Find(AblationSetup setup, int seed) => _runs.GetValueOrDefault((setup, seed));

    /// <inheritdoc/>
    public void Save(AblationRun run) => _runs[(run.Setup, run.Seed)] = run;
}

/// <summary>What stored runs belong to. Runs may be put together only when this is the same.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Data">The data, with its fingerprint.</param>
internal sealed record AblationHeader(AblationPlan Plan, AblationDataSummary Data)
{
    /// <summary>Whether plan and data are the same, whatever the data is called.</summary>
    public bool IsSameAs(AblationHeader other) => Text(this) == Text(other);

    private static string Text(AblationHeader header) => JsonSerializer.Serialize(header with { Data = header.Data with { Name = "" } }, AblationJson.Options);
}
