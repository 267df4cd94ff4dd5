using System.Reflection;
using MlAttention.Tests.Encoders;
using MlAttention.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MlAttention.Tests.Layers;

/// <summary>Every layer has every property.</summary>
public sealed class LayerMatrixTests
{
    public static TheoryData<string> Layers => [.. LayerCases.All.Keys];

    public static TheoryData<string> MaskedLayers => [.. LayerCases.All.Values.Where(layer => layer.TakesMask).Select(layer => layer.Name)];

    [Fact]
    public void Layers_EveryModule_IsInTheList() =>
        Assert.Equal(AllLayers().Order(), LayerCases.All.Values.Select(layer => layer.Layer.Name).Distinct().Order());

    [Fact]
    public void Layers_EveryModule_HasAHandSolvedValue() =>
        Assert.Equal(AllLayers().Order(), typeof(LayerMatrixTests).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .SelectMany(test => test.GetCustomAttribute<HandSolvedAttribute>()?.Layers ?? []).Select(layer => layer.Name).Distinct().Order());

    [Theory]
    [MemberData(nameof(Layers))]
    public void Backward_InputsAndParameters_AgreeWithFiniteDifferences(string name)
    {
        using var scope = NewDisposeScope();
        var layer = LayerCases.All[name];
        using var running = layer.Create().WithNumbers();
        foreach (var module in running.Modules) module.to(ScalarType.Float64);
        Tensor[] inputs = [.. layer.Tensors().Select(input => input.is_floating_point() ? input.to(ScalarType.Float64) : input)];
        var masks = layer.PaddedMasks();
        Tensor[] leaves = [.. inputs.Where(input => input.is_floating_point()), .. running.Parameters];

        GradientCheck.Run(() => running.Forward(inputs, masks), leaves);
    }

    [Theory]
    [MemberData(nameof(MaskedLayers))]
    public void Forward_MaskedInputsChange_ChangeNothingAndGetNoGradient(string name)
    {
        using var scope = NewDisposeScope();
        var layer = LayerCases.All[name];
        using var running = layer.Create().WithNumbers();
        var (inputs, others, masks) = (layer.Tensors(), layer.Tensors(seed: 50), layer.PaddedMasks());
        Tensor[] changed = [.. inputs.Select((input, i) => input.where(Over(masks[i], input), input.is_floating_point() ? others[i].mul(1000) : others[i]))];
        Tensor[] leaves = [.. inputs.Where(input => input.is_floating_point())];
        foreach (var leaf in leaves) leaf.requires_grad_();
        Tensor Real(Tensor[] given) => RealOnly(layer, running.Forward(given, masks));

        var output = Real(inputs);

        TensorAssert.Close(output, Real(changed), 0, 0);
        Assert.All(TensorAssert.Values(output), value => Assert.True(double.IsFinite(value)));
        if (leaves.Length == 0) return;
        output.square().sum().backward();
        foreach (var (input, mask) in inputs.Zip(masks)) TensorAssert.Close(zeros_like(input), input.grad!.masked_fill(Over(mask, input), 0), 0, 0, "gradient of masked inputs");
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Forward_RowAloneOrPaddedInABatch_IsTheSame(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var layer = LayerCases.All[name];
        using var running = layer.Create().WithNumbers();
        var inputs = layer.Tensors();
        var together = running.Forward(inputs, layer.PaddedMasks());
        var compared = 0;
        for (var row = 0; row < together.shape[0]; row++)
        {
            var lengths = layer.Inputs.Select(input => input.Padded ? input.Lengths[row] : -1).ToArray();
            var (expected, real) = (together.narrow(0, row, 1), layer.RealOutputs?.Invoke(lengths[0]));
            if (lengths.Contains(0) || real == 0) continue;
            Tensor[] alone = [.. inputs.Select((input, i) => lengths[i] < 0 ? input.narrow(0, row, 1) : input.narrow(0, row, 1).narrow(1, 0, lengths[i]))];

            var output = running.Forward(alone, LayerCase.RealMasks(alone));

            TensorAssert.Close(real is null ? expected : expected.narrow(1, 0, real.Value), output, what: $"row {row}");
            compared++;
        }
        Assert.True(compared >= 3);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Weights_SavedAndLoaded_GiveTheSameOutput(string name)
    {
        using var scope = NewDisposeScope();
        var layer = LayerCases.All[name];
        using var saved = layer.Create().WithNumbers(seed: 1);
        using var fromFile = layer.Create().WithNumbers(seed: 2);
        using var fromState = layer.Create().WithNumbers(seed: 3);
        var (inputs, masks) = (layer.Tensors(), layer.PaddedMasks());
        double[] Output(RunningLayer running) => RealOnly(layer, running.Forward(inputs, masks)).ToDoubles();
        Assert.Equal(saved.Parameters.Length == 0, Output(saved).SequenceEqual(Output(fromFile)));

        for (var i = 0; i < saved.Modules.Count; i++)
        {
            using var file = new MemoryStream();
            SafetensorsFile.Write(file, ModuleWeights.Get(saved.Modules[i]));
            file.Position = 0;
            ModuleWeights.Set(fromFile.Modules[i], SafetensorsFile.Read(file));
            using var state = new MemoryStream();
            saved.Modules[i].save(state);
            fromState.Modules[i].load(new MemoryStream(state.ToArray()));
        }

        Assert.Equal(Output(saved), Output(fromFile));
        Assert.Equal(Output(saved), Output(fromState));
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void ForwardAndBackward_LeaveNoTensors(string name)
    {
        using var scope = NewDisposeScope();
        var layer = LayerCases.All[name];
        using var running = layer.Create().WithNumbers();
        var (inputs, masks) = (layer.Tensors(), layer.PaddedMasks());
        LiveTensors.AssertNoneLeft(() => running.Forward(inputs, masks), [.. inputs.Where(input => input.is_floating_point()), .. running.Parameters]);
    }

    private static IEnumerable<string> AllLayers() =>
        typeof(AttentionMask).Assembly.GetTypes().Where(type => !type.IsAbstract && !type.IsGenericType && type.IsAssignableTo(typeof(nn.Module))).Select(type => type.Name);

    /// <summary>A mask [B,L], spread over the dimensions of an input.</summary>
    private static Tensor Over(Tensor mask, Tensor input) =>
        mask.view([.. mask.shape.Take((int)Math.Min(input.dim(), 2)), .. Enumerable.Repeat(1L, (int)Math.Max(input.dim() - 2, 0))]).expand(input.shape);

    /// <summary>The output with zeros at positions of padding.</summary>
    private static Tensor RealOnly(LayerCase layer, Tensor output)
    {
        if (layer.RealOutputs is null) return output;
        var lengths = layer.Inputs[0].Lengths.Select(length => (int)layer.RealOutputs(length)).ToArray();
        return output.masked_fill(LayerChecks.Mask(output.shape[1], lengths).unsqueeze(2).logical_not(), 0);
    }
}
