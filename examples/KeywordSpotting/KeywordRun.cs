using System.Text.Json;
using static TorchSharp.torch;

namespace MlAttention.Examples.KeywordSpotting;

/// <summary>What one detector hears in the shown sound.</summary>
/// <param name="Window">Its window in tokens; null for all.</param>
/// <param name="Named">The class that it names after each token.</param>
/// <param name="Attention">How much each token looks at each, [L][L].</param>
public sealed record Heard(int? Window, IReadOnlyList<long> Named, IReadOnlyList<IReadOnlyList<double>> Attention);

/// <summary>All that the figures show of a run: small enough to keep.</summary>
/// <param name="Steps">Steps of each training.</param>
/// <param name="Results">One for each window.</param>
/// <param name="Energies">The shown sound, [T][F].</param>
/// <param name="Said">The class of each of its tokens.</param>
/// <param name="Detectors">Those whose finds and attention are shown.</param>
public sealed record KeywordRun(int Steps, IReadOnlyList<KeywordResult> Results, IReadOnlyList<IReadOnlyList<double>> Energies, IReadOnlyList<long> Said, IReadOnlyList<Heard> Detectors)
{
    private const int KeywordsShown = 2;

    /// <summary>The first test sound in which enough keywords are said.</summary>
    private static int ShownSound { get; } = Enumerable.Range(0, 100).First(i =>
    {
        using var scope = NewDisposeScope();
        return Experiment.Spans(KeywordSounds.Batch(Experiment.TestSeed, i, 1).Classes.data<long>().ToArray()).Count == KeywordsShown;
    });

    /// <summary>The run in a file.</summary>
    public static KeywordRun Read(string file) => JsonSerializer.Deserialize<KeywordRun>(File.ReadAllText(file))!;

    /// <summary>Keeps the run.</summary>
    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this) + "\n");

    /// <summary>The sound that the figures show, and what is said in it.</summary>
    public static (IReadOnlyList<IReadOnlyList<double>> Energies, IReadOnlyList<long> Said) Shown()
    {
        using var scope = NewDisposeScope();
        var (energies, classes) = KeywordSounds.Batch(Experiment.TestSeed, ShownSound, 1);
        return (Rows(energies[0], 2), classes.data<long>().ToArray());
    }

    /// <summary>What a detector hears in it.</summary>
    public static Heard Of(KeywordDetector detector, int? window)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var energies = KeywordSounds.Batch(Experiment.TestSeed, ShownSound, 1).Energies;
        return new(window, detector.call(energies).argmax(-1).contiguous().data<long>().ToArray(), Rows(detector.Attention(energies)[0], 3));
    }

    private static double[][] Rows(Tensor matrix, int digits) =>
        [.. Enumerable.Range(0, (int)matrix.shape[0]).Select(row => matrix[row].contiguous().data<float>().ToArray().Select(value => Math.Round(value, digits)).ToArray())];
}
