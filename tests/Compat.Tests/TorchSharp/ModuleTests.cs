using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Compat.Tests.Torch;

public sealed class ModuleTests
{
    private sealed class Model : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> first = nn.Linear(2, 3);
        private readonly Parameter scale = nn.Parameter(ones(3));
        private readonly Tensor offset = zeros(3);
        private readonly nn.Module[] missed = [nn.Linear(7, 7)];
        private readonly ModuleList<nn.Module<Tensor, Tensor>> rest = nn.ModuleList<nn.Module<Tensor, Tensor>>(nn.Linear(3, 3), nn.ReLU());

        public Model()
            : base(nameof(Model)) => RegisterComponents();

        public int Missed => missed.Length;

        public override Tensor forward(Tensor input)
        {
            Tensor output = first.call(input) * scale + offset;
            foreach (nn.Module<Tensor, Tensor> module in rest)
                output = module.call(output);
            return output;
        }
    }

    private sealed class Forgetful : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> layer = nn.Linear(2, 3);

        public Forgetful()
            : base(nameof(Forgetful))
        {
        }

        public override Tensor forward(Tensor input) => layer.call(input);
    }

    [Fact]
    public void RegisterComponents_FindsFieldsByTheirType()
    {
        using var model = new Model();
        Assert.Equal(
            ["scale", "first.weight", "first.bias", "rest.0.weight", "rest.0.bias"],
            model.named_parameters().Select(item => item.name));
        Assert.Equal(["offset"], model.named_buffers().Select(item => item.name));
        Assert.Equal(["first", "rest"], model.named_children().Select(item => item.name));
        Assert.Equal(["first", "rest", "rest.0", "rest.1"], model.named_modules().Select(item => item.name));
    }

    [Fact]
    public void RegisterComponents_MissesArraysOfModules()
    {
        using var model = new Model();
        Assert.Equal(1, model.Missed);
        Assert.DoesNotContain(model.parameters(), parameter => parameter.shape[0] == 7);
    }

    [Fact]
    public void RegisterComponents_WhenForgotten_LeavesTheModuleWithoutParameters()
    {
        using var model = new Forgetful();
        Assert.Empty(model.parameters());
    }

    [Fact]
    public void Training_ReachesEveryModule()
    {
        using var model = new Model();
        Assert.True(model.training);
        model.eval();
        Assert.False(model.training);
        Assert.All(model.modules(), module => Assert.False(module.training));
        model.train();
        Assert.All(model.modules(), module => Assert.True(module.training));
    }

    [Fact]
    public void StateDict_HoldsParametersAndBuffers_AndLoadsIntoAnother()
    {
        using var source = new Model();
        using var target = new Model();
        Dictionary<string, Tensor> state = source.state_dict();
        Assert.Equal(
            ["first.bias", "first.weight", "offset", "rest.0.bias", "rest.0.weight", "scale"], state.Keys.Order(StringComparer.Ordinal));
        target.load_state_dict(state);
        using Tensor input = ones(1, 2);
        Assert.True(source.call(input).allclose(target.call(input)));
    }

    [Fact]
    public void LoadStateDict_WithOtherNames_ThrowsOrTellsThem()
    {
        using var model = new Model();
        Dictionary<string, Tensor> state = model.state_dict();
        state.Remove("scale");
        state["more"] = zeros(1);
        Assert.Throws<InvalidOperationException>(() => model.load_state_dict(state));
        (IList<string> missing, IList<string> unexpected) = model.load_state_dict(state, strict: false);
        Assert.Equal(["scale"], missing);
        Assert.Equal(["more"], unexpected);
    }

    [Fact]
    public void SaveAndLoad_GiveTheSameOutputs()
    {
        using var source = new Model();
        using var target = new Model();
        using var stream = new MemoryStream();
        var writer = new BinaryWriter(stream);
        source.save(writer);
        stream.Position = 0;
        target.load(new BinaryReader(stream));
        using Tensor input = ones(1, 2);
        Assert.True(source.call(input).allclose(target.call(input)));
    }

    [Fact]
    public void Load_IntoAnotherShape_ThrowsArgumentException()
    {
        using var source = nn.Linear(2, 3);
        using var target = nn.Linear(3, 3);
        using var stream = new MemoryStream();
        var writer = new BinaryWriter(stream);
        source.save(writer);
        stream.Position = 0;
        Assert.Throws<ArgumentException>(() => target.load(new BinaryReader(stream)));
    }

    [Fact]
    public void ZeroGrad_TakesTheGradientsAway()
    {
        using var model = new Model();
        model.call(ones(1, 2)).sum().backward();
        Assert.Contains(model.parameters(), parameter => parameter.grad is not null);
        model.zero_grad();
        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void To_ConvertsParametersFieldsAndBuffers()
    {
        using Model model = new Model().to(ScalarType.Float64);
        Assert.All(model.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
        Assert.All(model.parameters(), parameter => Assert.True(parameter.requires_grad));
        Assert.Equal(ScalarType.Float64, model.call(ones(1, 2, ScalarType.Float64)).dtype);
    }

    [Fact]
    public void Apply_VisitsChildrenBeforeTheModule()
    {
        using var model = new Model();
        var visited = new List<nn.Module>();
        model.apply(visited.Add);
        Assert.Equal(5, visited.Count);
        Assert.Same(model, visited[^1]);
    }

    [Fact]
    public void Registration_OfBadNames_Throws()
    {
        using var model = new Model();
        using var layer = nn.Linear(1, 1);
        Assert.Throws<ArgumentException>(() => model.register_module("a.b", layer));
        Assert.Throws<InvalidOperationException>(() => model.register_module("first", layer));
        Assert.Throws<InvalidOperationException>(() => model.register_buffer("offset", zeros(1)));
        Assert.Throws<ArgumentNullException>(() => model.register_buffer("none", null));
    }

    [Fact]
    public void GetParameter_FollowsADottedPath()
    {
        using var model = new Model();
        Assert.Equal([3, 2], model.get_parameter("first.weight").shape);
        Assert.True(model.has_parameter("rest.0.bias"));
        Assert.False(model.has_parameter("rest.1.bias"));
    }

    [Fact]
    public void Dispose_DisposesTheParameters()
    {
        var model = new Model();
        Parameter scale = model.get_parameter("scale");
        Parameter weight = model.get_parameter("first.weight");
        model.Dispose();
        Assert.True(scale.IsInvalid);
        Assert.True(weight.IsInvalid);
    }

    [Fact]
    public void Hooks_SeeAndReplaceInputsAndOutputs()
    {
        using var layer = nn.ReLU();
        var before = layer.register_forward_pre_hook((_, input) => input + 1);
        var after = layer.register_forward_hook((_, _, output) => output * 10);
        Values.Equal([20, 0], layer.call(tensor(new float[] { 1, -5 })));
        before.remove();
        after.remove();
        Values.Equal([1, 0], layer.call(tensor(new float[] { 1, -5 })));
    }

    [Fact]
    public void Sequential_CallsItsModulesInOrder()
    {
        using var model = nn.Sequential(("linear", nn.Linear(2, 2)), ("activation", nn.ReLU()));
        using (no_grad())
        {
            model.get_parameter("linear.weight").copy_(tensor(new float[] { 1, 0, 0, -1 }, [2, 2]));
            model.get_parameter("linear.bias").fill_(1);
        }

        Values.Equal([3, 0], model.call(tensor(new float[] { 2, 3 })));
        Assert.Equal(["linear.weight", "linear.bias"], model.named_parameters().Select(item => item.name));
    }

    [Fact]
    public void Parameter_TakesOverTheTensor()
    {
        Tensor data = ones(2);
        using var parameter = new Parameter(data);
        Assert.True(data.IsInvalid);
        Assert.True(parameter.requires_grad);
        Assert.True(parameter.is_leaf);
    }
}
