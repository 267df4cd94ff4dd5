using MlAttention.Tests.Encoders;
using static TorchSharp.torch;

namespace MlAttention.Tests.Engines;

public sealed class ModuleOptimizerTests
{
    private const int Steps = 8;

    [Theory]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.Sgd)]
    public void Load_InTheMiddle_GoesOnToTheSameWeights(OptimizerKind kind)
    {
        var options = new OptimizerOptions { Kind = kind, LearningRate = 0.05 };
        using var whole = Module(1);
        Train(whole, new ModuleOptimizer(whole, options, Steps), Steps);

        string file = Path.GetTempFileName();
        try
        {
            using (var first = Module(1))
            {
                var optimizer = new ModuleOptimizer(first, options, Steps);
                Train(first, optimizer, Steps / 2);
                optimizer.Save(file);
            }
            using var second = Module(2);
            var resumed = new ModuleOptimizer(second, options, Steps);
            resumed.Load(file);
            Assert.Equal(Steps / 2, resumed.Taken);
            Train(second, resumed, Steps);
            Assert.Equal(Numbers(whole), Numbers(second));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Step_Options_ChangeTheWeights()
    {
        var options = new OptimizerOptions { LearningRate = 0.05, WeightDecay = 0, WarmupFraction = 0 };
        float[] Trained(OptimizerOptions changed)
        {
            using var module = Module(1);
            Train(module, new ModuleOptimizer(module, changed, Steps), Steps);
            return Numbers(module);
        }
        Assert.NotEqual(Trained(options), Trained(options with { WarmupFraction = 0.5 }));
        Assert.NotEqual(Trained(options), Trained(options with { WeightDecay = 0.5 }));
        Assert.NotEqual(Trained(options), Trained(options with { MaxGradientNorm = 1e-3, Kind = OptimizerKind.Sgd }));
    }

    [Fact]
    public void Step_WeightDecay_LeavesVectorsAlone()
    {
        using var module = nn.Linear(2, 1);
        nn.init.ones_(module.weight!);
        nn.init.ones_(module.bias!);
        var optimizer = new ModuleOptimizer(module, new() { LearningRate = 0.1, WeightDecay = 1, WarmupFraction = 0 }, steps: 1);
        (module.call(zeros(1, 2)) * 0).sum().backward();
        optimizer.Step();
        Assert.Equal([0.9f, 0.9f], module.weight!.data<float>().ToArray());
        Assert.Equal([1f], module.bias!.data<float>().ToArray());
    }

    [Fact]
    public void Step_GradientThatIsNoNumber_ChangesNothing()
    {
        using var module = Module(1);
        var (optimizer, before) = (new ModuleOptimizer(module, new(), Steps), Numbers(module));
        (module.call(ones(1, 3)) * double.NaN).sum().backward();
        Assert.False(double.IsFinite(optimizer.Step()));
        Assert.Equal(before, Numbers(module));
        Assert.Equal(0, optimizer.Taken);
    }

    [Fact]
    public void Load_FileOfWeightsOrOfAnotherModule_ChangesNothing()
    {
        using var module = Module(1);
        using var other = nn.Linear(3, 5);
        var optimizer = new ModuleOptimizer(module, new(), Steps);
        Train(module, optimizer, 2);
        var before = Numbers(module);
        string file = Path.GetTempFileName();
        try
        {
            SafetensorsFile.Write(file, ModuleWeights.Get(module));
            Assert.Contains("holds weights alone", Assert.Throws<ArgumentException>(() => optimizer.Load(file)).Message, StringComparison.Ordinal);
            new ModuleOptimizer(other, new(), Steps).Save(file);
            Assert.Contains("optimizer state", Assert.Throws<ArgumentException>(() => optimizer.Load(file)).Message, StringComparison.Ordinal);
            new ModuleOptimizer(module, new(), Steps).Save(file);
            SafetensorsFile.Write(file, [.. SafetensorsFile.Read(file).Skip(1)]); // a state that fits, and weights of which one is missing
            Assert.Contains("is missing", Assert.Throws<ArgumentException>(() => optimizer.Load(file)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
        Assert.Equal(before, Numbers(module));
        Assert.Equal(2, optimizer.Taken);
    }

    [Fact]
    public void Create_WhatItCannotTrain_SaysWhy()
    {
        using var module = Module(1);
        using var doubles = nn.Linear(2, 2, dtype: ScalarType.Float64);
        using var empty = nn.ReLU();
        Assert.Contains("LearningRate = -1: must be greater than 0.", LayerChecks.Error(() => new ModuleOptimizer(module, new() { LearningRate = -1 }, 1)), StringComparison.Ordinal);
        Assert.StartsWith("weight is Float64", LayerChecks.Error(() => new ModuleOptimizer(doubles, new(), 1)), StringComparison.Ordinal);
        Assert.StartsWith("The module has no parameters", LayerChecks.Error(() => new ModuleOptimizer(empty, new(), 1)), StringComparison.Ordinal);
    }

    private static TorchSharp.Modules.Sequential Module(int seed) => nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)).WithNumbers(seed);

    /// <summary>Batches follow from the number of the step.</summary>
    private static void Train(nn.Module<Tensor, Tensor> module, ModuleOptimizer optimizer, int until)
    {
        while (optimizer.Taken < until)
        {
            using var scope = NewDisposeScope();
            module.call(LayerChecks.Numbers(optimizer.Taken, 5, 3)).sub(1).square().mean().backward();
            optimizer.Step();
        }
    }

    private static float[] Numbers(nn.Module module) => [.. ModuleWeights.Get(module).SelectMany(weight => weight.Values)];
}
