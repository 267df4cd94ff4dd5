namespace MlAttention.Benchmarks.Encoders;

/// <summary>How much the verb encoders measures.</summary>
/// <param name="Name">As the command line and the page call it.</param>
/// <param name="Training">How encoders are trained.</param>
/// <param name="Seeds">Trainings of each kind.</param>
/// <param name="Rows">Numbers of training rows; those that a data set does not have are left out.</param>
/// <param name="Distances">Of the token to recall.</param>
/// <param name="GradientDistance">Of the token that encoders are trained to recall before their gradients are taken.</param>
/// <param name="TimedLengths">Tokens of the sequences that are timed.</param>
internal sealed record EncoderPlan(
    string Name, EncoderTraining Training, IReadOnlyList<int> Seeds, IReadOnlyList<int> Rows, IReadOnlyList<int> Distances, int GradientDistance, IReadOnlyList<int> TimedLengths)
{
    /// <summary>About a quarter of an hour on two idle cores.</summary>
    public static EncoderPlan Full { get; } = new("full", new(Steps: 300, TestRows: 1000), [1, 2, 3, 4, 5], [100, 300, 1000, 3000, 10000], [4, 5, 8, 16, 32, 64], GradientDistance: 32, [16, 64, 256, 1024]);

    /// <summary>About three minutes.</summary>
    public static EncoderPlan Quick { get; } = new("quick", new(Steps: 150, TestRows: 500), [1, 2, 3], [100, 1000], [4, 5, 16], GradientDistance: 16, [32, 128, 512]);

    public static IReadOnlyList<EncoderPlan> All { get; } = [Full, Quick];

    /// <summary>The plan in a sentence, as the page has it.</summary>
    public string Words() => FormattableString.Invariant($"Measured with the {Name} plan: {Seeds.Count} seeds, trainings of {Training.Steps} steps of {EncoderTraining.BatchRows} rows.");
}
