using static TorchSharp.torch;

namespace MlAttention.Examples.KeywordSpotting;

/// <summary>What a detector came to on sounds that it has not heard.</summary>
/// <param name="Window">Tokens before its own that a token sees in each layer; null for all.</param>
/// <param name="Found">Share of the keywords that were found: named while they end.</param>
/// <param name="FalseAlarms">Keywords a minute that were named where none ends, of 10 ms a frame.</param>
/// <param name="RightTokens">Share of the tokens with the right class, none among them.</param>
public sealed record KeywordResult(int? Window, double Found, double FalseAlarms, double RightTokens)
{
    /// <summary>The window as words.</summary>
    public string Name => Window is { } tokens ? Invariant($"{tokens}") : "all";
}

/// <summary>Trains a detector of one window, and measures it.</summary>
public static class Experiment
{
    public const int TestSeed = 2;
    private const int BatchSounds = 32, TrainSeed = 1;
    private const double SecondsAFrame = 0.01, NoneWeight = 0.3;

    /// <summary>A trained detector.</summary>
    public static KeywordDetector Train(int? window, int steps, Action<int, double>? report = null)
    {
        manual_seed(TrainSeed);
        var detector = new KeywordDetector(window);
        var optimizer = new ModuleOptimizer(detector, new() { LearningRate = 3e-3, WeightDecay = 0 }, steps);
        using var classWeights = ones(KeywordSounds.Classes.Count);
        classWeights[0] = NoneWeight; // most tokens
        while (optimizer.Taken < steps)
        {
            using var scope = NewDisposeScope();
            var (energies, classes) = KeywordSounds.Batch(TrainSeed, optimizer.Taken * BatchSounds, BatchSounds);
            var loss = nn.functional.cross_entropy(detector.call(energies).flatten(0, 1), classes.flatten(), classWeights);
            loss.backward();
            optimizer.Step();
            report?.Invoke(optimizer.Taken, loss.item<float>());
        }
        return detector;
    }

    /// <summary>Measures a detector. Tokens of one keyword in a row are one find; it is right when one of them is a token of that keyword.</summary>
    public static KeywordResult Measure(KeywordDetector detector, int? window, int sounds)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        detector.eval();
        var (energies, classes) = KeywordSounds.Batch(TestSeed, 0, sounds);
        var (said, named) = (classes.data<long>().ToArray(), detector.call(energies).argmax(-1).contiguous().data<long>().ToArray());
        var (keywords, found, alarms) = (0, 0, 0);
        for (var sound = 0; sound < sounds; sound++)
        {
            var place = sound * KeywordSounds.Tokens;
            var (saidHere, namedHere) = (Spans(said.AsSpan(place, KeywordSounds.Tokens)), Spans(named.AsSpan(place, KeywordSounds.Tokens)));
            keywords += saidHere.Count;
            found += saidHere.Count(one => namedHere.Any(other => Meet(one, other)));
            alarms += namedHere.Count(one => !saidHere.Any(other => Meet(one, other)));
        }
        var minutes = sounds * KeywordSounds.Frames * SecondsAFrame / 60;
        return new(window, (double)found / keywords, alarms / minutes, said.Zip(named).Average(pair => pair.First == pair.Second ? 1.0 : 0));
    }

    /// <summary>Where keywords stand: runs of equal tokens that are not none.</summary>
    public static IReadOnlyList<(int Start, int End, long Class)> Spans(ReadOnlySpan<long> classes)
    {
        var spans = new List<(int Start, int End, long Class)>();
        for (var token = 0; token < classes.Length; token++)
        {
            if (classes[token] == 0) continue;
            if (spans.Count > 0 && spans[^1].End == token && spans[^1].Class == classes[token]) spans[^1] = spans[^1] with { End = token + 1 };
            else spans.Add((token, token + 1, classes[token]));
        }
        return spans;
    }

    private static bool Meet((int Start, int End, long Class) one, (int Start, int End, long Class) other) => one.Class == other.Class && one.Start < other.End && other.Start < one.End;
}
