using MlAttention.Tests.Encoders;
using MlAttention.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MlAttention.Tests.Weights;

public sealed class ModuleWeightsTests
{
    [Fact]
    public void Get_Linear_CopiesNamesShapesAndValues()
    {
        using var linear = nn.Linear(3, 2).WithNumbers();

        var weights = ModuleWeights.Get(linear);

        Assert.Equal(["bias", "weight"], weights.Select(weight => weight.Name).Order(StringComparer.Ordinal));
        var weight = weights.Single(tensor => tensor.Name == "weight");
        Assert.Equal([2, 3], weight.Shape);
        Assert.Equal(linear.weight!.ToDoubles(), Array.ConvertAll(weight.Values, value => (double)value));
    }

    [Fact]
    public void Get_ValuesChangedAfterwards_LeaveTheModuleAlone()
    {
        using var linear = nn.Linear(1, 1, hasBias: false);
        ModuleWeights.Set(linear, [new("weight", [1, 1], [3])]);

        ModuleWeights.Get(linear)[0].Values[0] = 5;

        Assert.Equal([3], linear.weight!.ToDoubles());
    }

    [Fact]
    public void Set_InAnyOrderAndInFloat64_ReplacesTheValues()
    {
        using var linear = nn.Linear(2, 1);
        linear.to(ScalarType.Float64);

        ModuleWeights.Set(linear, [new("bias", [1], [7]), new("weight", [1, 2], [0.5f, -1])]);

        Assert.Equal([0.5, -1], linear.weight!.ToDoubles());
        Assert.Equal([7], linear.bias!.ToDoubles());
        Assert.True(linear.weight!.requires_grad);
        Assert.Equal(ScalarType.Float64, linear.weight!.dtype);
    }

    [Fact]
    public void Set_SeveralDifferences_ListsAllAndChangesNothing()
    {
        using var linear = nn.Linear(3, 2).WithNumbers();
        double[] before = linear.bias!.ToDoubles();

        string message = Assert.Throws<ArgumentException>(() => ModuleWeights.Set(linear,
            [new("weight", [3, 2], new float[6]), new("extra", [1], [1]), new("bias", [2], [1, 2]), new("bias", [2], [1, 2])])).Message;

        Assert.Contains("3 differ", message, StringComparison.Ordinal);
        Assert.Contains("weight must have shape [2,3], got [3,2]", message, StringComparison.Ordinal);
        Assert.Contains("bias is given more than once", message, StringComparison.Ordinal);
        Assert.Contains("extra is not known to the module", message, StringComparison.Ordinal);
        Assert.Equal(before, linear.bias!.ToDoubles());
        Assert.Contains("bias [2] is missing", Assert.Throws<ArgumentException>(() => ModuleWeights.Set(linear, [new("weight", [2, 3], new float[6])])).Message, StringComparison.Ordinal);
        Assert.Contains("weight needs 6 values, got 5", Assert.Throws<ArgumentException>(() => ModuleWeights.Set(linear, [new("weight", [2, 3], new float[5]), new("bias", [2], [1, 2])])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GetAndSet_LeaveNoTensors()
    {
        using var linear = nn.Linear(3, 2);
        using var scope = NewDisposeScope();

        ModuleWeights.Set(linear, ModuleWeights.Get(linear));

        Assert.Equal(0, scope.DisposablesCount);
    }

    [Theory]
    [MemberData(nameof(AttentionCases))]
    public void Set_WeightsOfPyTorchsMultiheadAttention_FitByName(string name)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFile.Load("mha.json")[name];
        using var attention = new MultiHeadAttention(new() { ModelWidth = golden.Integer("config.E"), Heads = golden.Integer("config.H"), Bias = golden.Flag("config.bias") });
        var weights = golden.Weights("params");

        ModuleWeights.Set(attention, weights);

        var read = ModuleWeights.Get(attention).ToDictionary(weight => weight.Name);
        foreach (var weight in weights) Assert.Equal(weight.Values, read[weight.Name].Values);
    }

    public static TheoryData<string> AttentionCases => GoldenFile.Names("mha.json");
}
