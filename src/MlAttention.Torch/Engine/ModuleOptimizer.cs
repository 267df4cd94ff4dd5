using MlAttention.Core.Validation;
using MlAttention.Torch.Engine;

namespace MlAttention;

/// <summary>
/// Trains the parameters of any module on the CPU by the rules that the engines use: AdamW or SGD, a learning rate that rises and falls,
/// clipped gradients. It saves and loads all that the next step depends on, so that a training that was interrupted goes on to the same weights.
/// </summary>
/// <remarks>
/// After the backward pass of a loss: <see cref="Step"/>. Weight decay applies to matrices and not to vectors; give <see cref="OptimizerOptions.WeightDecay"/> 0
/// where a matrix is a table of vectors that it should not touch. The same weights need the same batches in each step; a module with dropout also torch's random state.
/// </remarks>
public sealed class ModuleOptimizer
{
    private const string StatePrefix = "optimizer.";
    private readonly nn.Module _module;
    private readonly TorchParameters _parameters;
    private readonly Optimizer _optimizer;
    private readonly LearningRateCurve _rates;

    /// <summary>Creates an optimizer that has taken no step.</summary>
    /// <param name="module">The module, float32 on the CPU; it stays the owner of its parameters.</param>
    /// <param name="options">The rule.</param>
    /// <param name="steps">The steps of the whole training, over which the learning rate rises and falls; at least 1.</param>
    /// <exception cref="ArgumentException">An option is out of range, the module has no parameters, or one is not float32 on the CPU.</exception>
    public ModuleOptimizer(nn.Module module, OptimizerOptions options, int steps)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        var errors = new OptionErrors(nameof(OptimizerOptions));
        options.Validate(errors);
        errors.ThrowIfAny();
        var named = module.named_parameters().ToArray();
        if (named.Length == 0) throw new ArgumentException("The module has no parameters to train.", nameof(module));
        foreach (var (name, parameter) in named)
            if (parameter.dtype != ScalarType.Float32 || parameter.device_type != DeviceType.CPU)
                throw new ArgumentException($"{name} is {parameter.dtype} on {parameter.device}; the optimizer trains Float32 on the CPU.", nameof(module));
        (_module, Steps) = (module, steps);
        _parameters = new TorchParameters(module, [.. named.Select(pair => new WeightShape(pair.name, [], WeightInit.Zero, Decays: pair.parameter.dim() > 1))]);
        _optimizer = Optimizer.Create(_parameters.Layout, options);
        _rates = new LearningRateCurve(options, steps);
    }

    /// <summary>The steps of the whole training.</summary>
    public int Steps { get; }

    /// <summary>The steps taken.</summary>
    public int Taken => _optimizer.Steps;

    /// <summary>Changes the parameters by their gradients and sets these to zero.</summary>
    /// <returns>The gradients' norm before clipping. When it is not finite nothing was changed: the training has diverged.</returns>
    public double Step()
    {
        var norm = _parameters.Step(_optimizer, _rates.At(Taken));
        _module.zero_grad();
        return norm;
    }

    /// <summary>Writes weights and state, whole or not at all, as one safetensors file: the weights under their names, the state under "optimizer.".</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    public void Save(string path) =>
        SafetensorsFile.Write(path, [.. ModuleWeights.Get(_module), .. _optimizer.GetState().Select(entry => entry with { Name = StatePrefix + entry.Name })]);

    /// <summary>Reads weights and state that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ArgumentException">The file is of another module or rule, or holds no state; nothing is changed.</exception>
    public void Load(string path)
    {
        var entries = SafetensorsFile.Read(path).ToLookup(entry => entry.Name.StartsWith(StatePrefix, StringComparison.Ordinal));
        if (!entries[true].Any()) throw new ArgumentException($"{path} holds weights alone; to go on training takes a file that Save wrote, which holds the optimizer's state too.", nameof(path));
        var before = _optimizer.GetState();
        try
        {
            _optimizer.SetState([.. entries[true].Select(entry => entry with { Name = entry.Name[StatePrefix.Length..] })]);
            ModuleWeights.Set(_module, [.. entries[false]]);
        }
        catch (ArgumentException)
        {
            _optimizer.SetState(before);
            throw;
        }
    }
}
