namespace MlAttention.Tests.Training;

public class TrainingOptionsTests
{
    [Fact]
    public void Validate_Defaults_Pass() => new TrainingOptions().Validate();

    [Fact]
    public void Validate_ManyErrors_ListsEachWithItsValue()
    {
        var options = new TrainingOptions
        {
            Epochs = 0, BatchSize = -1, Optimizer = new() { LearningRate = double.NaN }, ValidationFraction = 1, ClassWeights = [1, -2], BalanceClasses = true,
            Checkpoints = new CheckpointOptions { Directory = " ", EverySeconds = 0, Keep = 0 },
        };

        var error = Assert.Throws<ArgumentException>(options.Validate);

        Assert.Contains("9 error(s)", error.Message, StringComparison.Ordinal);
        foreach (var part in (string[])["Epochs = 0", "BatchSize = -1", "Optimizer.LearningRate = NaN", "ValidationFraction = 1", "ClassWeights = [1, -2]", "BalanceClasses = True", "Checkpoints.Directory =  ", "Checkpoints.EverySeconds = 0", "Checkpoints.Keep = 0"])
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, TrainingOptions> OutOfRange => new()
    {
        { "Compute.Threads", new() { Compute = new() { Threads = -1 } } },
        { "Compute.Threads", new() { Compute = new() { Threads = ComputeOptions.MaxThreads + 1 } } },
        { "GradientAccumulation", new() { GradientAccumulation = 0 } },
        { "Optimizer.WarmupFraction", new() { Optimizer = new() { WarmupFraction = 1.1 } } },
        { "Optimizer.Beta1", new() { Optimizer = new() { Beta1 = 1 } } },
        { "Optimizer.Beta2", new() { Optimizer = new() { Beta2 = -0.1 } } },
        { "Optimizer.Epsilon", new() { Optimizer = new() { Epsilon = 0 } } },
        { "Optimizer.Momentum", new() { Optimizer = new() { Momentum = 1 } } },
        { "Optimizer.WeightDecay", new() { Optimizer = new() { WeightDecay = -1 } } },
        { "Optimizer.MaxGradientNorm", new() { Optimizer = new() { MaxGradientNorm = -1 } } },
        { "Optimizer.LayerDecay", new() { Optimizer = new() { LayerDecay = 0 } } },
        { "Optimizer.LayerDecay", new() { Optimizer = new() { LayerDecay = 1.1 } } },
        { "Optimizer.HeadRate", new() { Optimizer = new() { HeadRate = 0 } } },
        { "FrozenLayers", new() { FrozenLayers = -1 } },
        { "LabelSmoothing", new() { LabelSmoothing = 1 } },
        { "RareTokenDropout", new() { RareTokenDropout = -0.5 } },
        { "Patience", new() { Patience = -1 } },
        { "MaxDuration", new() { MaxDuration = TimeSpan.Zero } },
        { "Optimizer.Kind", new() { Optimizer = new() { Kind = (OptimizerKind)9 } } },
        { "Optimizer.Schedule", new() { Optimizer = new() { Schedule = (LearningRateSchedule)9 } } },
        { "Checkpoints.EverySteps", new() { Checkpoints = new() { Directory = "x", EverySteps = -1 } } },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Validate_OneValueOutOfRange_NamesIt(string name, TrainingOptions options)
    {
        var error = Assert.Throws<ArgumentException>(options.Validate);
        Assert.Contains($"1 error(s): {name} = ", error.Message, StringComparison.Ordinal);
    }
}
