using System.Reflection;
using MlAttention.Tests.Encoders;
using static TorchSharp.torch;

namespace MlAttention.Tests.Layers;

/// <summary>What every public layer refuses, and that it says where and why.</summary>
public sealed class LayerErrorTests
{
    private static readonly Dictionary<Type, Func<int, int, nn.Module>> _withHeads = new()
    {
        [typeof(MultiHeadAttention)] = (width, heads) => new MultiHeadAttention(new() { ModelWidth = width, Heads = heads }),
        [typeof(EncoderLayer)] = (width, heads) => new EncoderLayer(Model(width, heads)),
        [typeof(DecoderLayer)] = (width, heads) => new DecoderLayer(Model(width, heads)),
        [typeof(ObjectQueryDecoder)] = (width, heads) => new ObjectQueryDecoder(Model(width, heads), 3),
        [typeof(AttentionEncoder)] = (width, heads) => new AttentionEncoder(Model(width, heads)),
        [typeof(AttentionDecoder)] = (width, heads) => new AttentionDecoder(Model(width, heads)),
        [typeof(SequenceToSequence)] = (width, heads) => new SequenceToSequence(Model(width, heads), Model(width, heads), 5, 3),
        [typeof(TiedHead)] = (width, heads) => new TiedHead(Model(width, heads) with { Task = TaskKind.MaskedTokens, Head = HeadKind.Tied }, 5),
        [typeof(SequenceClassifier)] = (width, heads) => new SequenceClassifier(Model(width, heads), 5, 3),
    };

    public static TheoryData<string> Layers => Names(_ => true);

    public static TheoryData<string> LayersOfNumbers => Names(layer => layer.Inputs.All(input => input.Numbers));

    public static TheoryData<string> MaskedLayers => Names(layer => layer.TakesMask && layer.Inputs[0].Name != "frames"); // frames have a mask of their own

    public static TheoryData<string> LayersWithHeads => [.. _withHeads.Keys.Select(layer => layer.Name)];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Forward_WrongShape_NamesTheInput(string name)
    {
        using var scope = NewDisposeScope();
        var layer = LayerCases.All[name];
        using var running = layer.Create();
        var names = string.Join('|', layer.Inputs.Select(input => input.Name));
        for (var i = 0; i < layer.Inputs.Length; i++)
        {
            foreach (var wrong in layer.Inputs[i].WrongShapes(first: i == 0))
            {
                var inputs = layer.Tensors();
                inputs[i] = (layer.Inputs[i] with { Shape = wrong }).Create(1);
                Assert.Matches($@"^({names}) .*(must have shape .*; got \[|must be int64 of shape .*; got |cannot be cut)", LayerChecks.Error(() => running.Forward(inputs, LayerCase.RealMasks(layer.Tensors()))));
            }
        }
    }

    [Theory]
    [MemberData(nameof(LayersOfNumbers))]
    public void Forward_NaN_NamesTheInputAndThePlace(string name)
    {
        using var scope = NewDisposeScope();
        var layer = LayerCases.All[name];
        using var running = layer.Create();
        for (var i = 0; i < layer.Inputs.Length; i++)
        {
            var inputs = layer.Tensors();
            var place = string.Join(',', inputs[i].shape.Select(size => size - 1));
            inputs[i].view(-1).narrow(0, inputs[i].numel() - 1, 1).fill_(double.NaN);
            Assert.Matches($@"^(query|{layer.Inputs[i].Name}) has 1 NaN value\(s\), the first at \[{place}\]\. Look at", LayerChecks.Error(() => running.Forward(inputs, layer.PaddedMasks())));
        }
    }

    [Theory]
    [MemberData(nameof(MaskedLayers))]
    public void Forward_MaskOfAnotherLength_SaysWhichShapeItNeeds(string name)
    {
        using var scope = NewDisposeScope();
        var layer = LayerCases.All[name];
        using var running = layer.Create();
        Tensor[] longer = [.. layer.PaddedMasks().Select(mask => cat([mask, zeros(mask.shape[0], 1, ScalarType.Bool)], 1))];
        Assert.Matches(@"mask must (have|be boolean of) shape \[B,[LS]\]=\[5,[0-9]+\]; got (Bool )?\[5,[0-9]+\]", LayerChecks.Error(() => running.Forward(layer.Tensors(), longer)));
    }

    [Theory]
    [MemberData(nameof(LayersWithHeads))]
    public void Create_ImpossibleHeads_SaysWhatToChange(string name)
    {
        var create = _withHeads.Single(layer => layer.Key.Name == name).Value;
        Assert.Contains("Heads = 0: must be at least 1.", LayerChecks.Error(() => create(12, 0)), StringComparison.Ordinal);
        Assert.Contains("ModelWidth = 12: must be a multiple of Heads = 5.", LayerChecks.Error(() => create(12, 5)), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_EveryLayerWithHeads_IsInTheList() =>
        Assert.Equal(
            LayerTypes().Where(layer => layer.GetConstructors().SelectMany(constructor => constructor.GetParameters())
                .Any(parameter => parameter.ParameterType.IsAssignableTo(typeof(AttentionSettings)))).Select(layer => layer.Name).Order(),
            _withHeads.Keys.Select(layer => layer.Name).Order());

    public static TheoryData<string, string> Sizes()
    {
        var sizes = new TheoryData<string, string>();
        foreach (var layer in LayerTypes())
            foreach (var size in SizeConstructor(layer)?.GetParameters().Where(IsSize) ?? []) sizes.Add(layer.Name, size.Name!);
        return sizes;
    }

    /// <summary>Sizes, numbers of heads, layers and tokens, bases, scales, shares: none may be below 0, and each is named.</summary>
    [Theory]
    [MemberData(nameof(Sizes))]
    public void Create_NegativeSize_IsNamed(string name, string size)
    {
        var constructor = SizeConstructor(LayerTypes().Single(layer => layer.Name == name))!;
        object?[] arguments = [.. constructor.GetParameters().Select(parameter =>
            parameter.Name == size ? Convert.ChangeType(-1, parameter.ParameterType, null)
            : parameter.HasDefaultValue ? (parameter.ParameterType.IsEnum ? Enum.ToObject(parameter.ParameterType, parameter.DefaultValue!) : parameter.DefaultValue)
            : 4)];

        var error = Assert.Throws<TargetInvocationException>(() => constructor.Invoke(arguments));

        Assert.Equal(size, Assert.IsType<ArgumentOutOfRangeException>(error.InnerException).ParamName);
    }

    private static IEnumerable<Type> LayerTypes() => LayerCases.All.Values.Select(layer => layer.Layer).Distinct();

    private static TheoryData<string> Names(Func<LayerCase, bool> where) => [.. LayerCases.All.Values.Where(where).DistinctBy(layer => layer.Layer).Select(layer => layer.Name)];

    private static ConstructorInfo? SizeConstructor(Type layer) =>
        layer.GetConstructors().SingleOrDefault(constructor => constructor.GetParameters().All(parameter => parameter.ParameterType.IsValueType));

    private static bool IsSize(ParameterInfo parameter) => parameter.ParameterType == typeof(int) || parameter.ParameterType == typeof(double);

    private static SequenceModelOptions Model(int width, int heads) => new() { ModelWidth = width, Heads = heads };
}
