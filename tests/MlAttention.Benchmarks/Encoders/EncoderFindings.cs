using System.Text.Json;

namespace MlAttention.Benchmarks.Encoders;

/// <summary>What the verb encoders has measured, all of it or a part: the numbers of docs/COMPARISON.md and of its pictures.</summary>
internal sealed record EncoderFindings
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>When and on what each part was measured.</summary>
    public IReadOnlyList<PartNote> Parts { get; init; } = [];

    public IReadOnlyList<CountPoint> Counts { get; init; } = [];

    public IReadOnlyList<TimePoint> Times { get; init; } = [];

    public IReadOnlyList<ReachPoint> Reaches { get; init; } = [];

    public IReadOnlyList<GradientCurve> Gradients { get; init; } = [];

    public IReadOnlyList<MemoryPoint> Memory { get; init; } = [];

    public IReadOnlyList<AccuracyPoint> Accuracies { get; init; } = [];

    /// <summary>The findings of several parts in one, in their order.</summary>
    public static EncoderFindings Of(IReadOnlyCollection<EncoderFindings> parts) => new()
    {
        Parts = [.. parts.SelectMany(part => part.Parts)],
        Counts = [.. parts.SelectMany(part => part.Counts)],
        Times = [.. parts.SelectMany(part => part.Times)],
        Reaches = [.. parts.SelectMany(part => part.Reaches)],
        Gradients = [.. parts.SelectMany(part => part.Gradients)],
        Memory = [.. parts.SelectMany(part => part.Memory)],
        Accuracies = [.. parts.SelectMany(part => part.Accuracies)],
    };

    public static EncoderFindings Read(string path) => JsonSerializer.Deserialize<EncoderFindings>(File.ReadAllText(path), s_json)!;

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, s_json) + "\n");
}

/// <summary>When and on what a part was measured.</summary>
/// <param name="Part">Its name on the command line.</param>
/// <param name="Plan">The plan's name.</param>
/// <param name="Measured">The day and time, in UTC.</param>
/// <param name="Machine">Processor, runtime and packages.</param>
/// <param name="Seconds">How long it took, on the wall.</param>
/// <param name="ProcessorSeconds">Processor time of its process: other work on the machine does not count.</param>
internal sealed record PartNote(string Part, string Plan, string Measured, string Machine, double Seconds, double ProcessorSeconds);

/// <summary>What a forward pass over one sequence consists of.</summary>
/// <param name="Encoder">The contestant.</param>
/// <param name="Length">Tokens n.</param>
/// <param name="Chain">The longest chain of matrix products of which each needs the one before.</param>
/// <param name="Multiplications">Multiplications of all matrix products.</param>
internal sealed record CountPoint(string Encoder, int Length, int Chain, long Multiplications);

/// <summary>The median time of a forward and backward pass.</summary>
internal sealed record TimePoint(string Encoder, int Batch, int Length, int Threads, double Milliseconds);

/// <summary>The farthest token on which the first output depends.</summary>
/// <param name="Encoder">The contestant.</param>
/// <param name="Layers">How many layers it has here.</param>
/// <param name="Length">Tokens n of the sequence, so that n - 1 is the most.</param>
/// <param name="Distance">Of the farthest token whose gradient is not exactly 0.</param>
internal sealed record ReachPoint(string Encoder, int Layers, int Length, int Distance);

/// <summary>How strongly the first output depends on each token.</summary>
/// <param name="Encoder">The contestant.</param>
/// <param name="IsTrained">Whether it was trained to recall the last token, or has its initial weights.</param>
/// <param name="Norms">|d out_0 / d in_d| of each distance d from 0.</param>
internal sealed record GradientCurve(string Encoder, bool IsTrained, IReadOnlyList<double> Norms);

/// <summary>What the process held more at its peak than before a forward and backward pass, in 10^6 bytes.</summary>
internal sealed record MemoryPoint(string Encoder, int Length, double Megabytes);

/// <summary>Accuracy on test rows, each seed's.</summary>
/// <param name="Task">The data set, or the task.</param>
/// <param name="Encoder">The contestant.</param>
/// <param name="Size">Training rows; of the task of recalling a token, its distance.</param>
/// <param name="Chance">The share that the most frequent label has.</param>
/// <param name="Seeds">From 0 to 1.</param>
internal sealed record AccuracyPoint(string Task, string Encoder, int Size, double Chance, IReadOnlyList<double> Seeds);
