using System.Numerics.Tensors;

namespace MlAttention.Core.Optimizers;

/// <summary>
/// Changes weights by their gradients, wherever these lie in memory; holds one or two moments for each weight.
/// Plain C# on purpose: both engines train with the same rule, and a checkpoint is arrays of numbers.
/// </summary>
internal abstract class Optimizer
{
    private const double NormEpsilon = 1e-6;
    private readonly int[] _offsets;
    private readonly float[][] _moments;

    private protected Optimizer(IReadOnlyList<WeightShape> layout, OptimizerOptions options)
    {
        Layout = layout;
        Options = options;
        int count = 0;
        _offsets = new int[layout.Count];
        for (int i = 0; i < layout.Count; i++) (_offsets[i], count) = (count, checked(count + layout[i].Count));
        _moments = [.. MomentNames.Select(_ => new float[count])];
    }

    /// <summary>Steps taken.</summary>
    public int Steps { get; private set; }

    /// <summary>The weights' names and shapes, in the order in which their index counts.</summary>
    protected IReadOnlyList<WeightShape> Layout { get; }

    /// <summary>The options of the rule.</summary>
    protected OptimizerOptions Options { get; }

    /// <summary>The names of the moments, "first" and "second".</summary>
    protected abstract IReadOnlyList<string> MomentNames { get; }

    /// <summary>A moment's values for one weight; those of all weights lie one behind the other.</summary>
    protected Span<float> Moment(int moment, int index) => _moments[moment].AsSpan(_offsets[index], Layout[index].Count);

    /// <summary>The optimizer of the options.</summary>
    public static Optimizer Create(IReadOnlyList<WeightShape> layout, OptimizerOptions options) => options.Kind switch
    {
        OptimizerKind.AdamW => new AdamW(layout, options),
        OptimizerKind.Sgd => new Sgd(layout, options),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Kind, "This optimizer is not known."),
    };

    /// <summary>The sum of squares; add those of all weights and take the root for the gradients' norm.</summary>
    public static double SumOfSquares(ReadOnlySpan<float> gradients) => TensorPrimitives.SumOfSquares(gradients);

    /// <summary>The factor that brings a norm down to the allowed one, as torch.nn.utils.clip_grad_norm_; 1 when it is allowed.</summary>
    public float ClipScale(double norm) => Options.MaxGradientNorm > 0 ? (float)Math.Min(1, Options.MaxGradientNorm / (norm + NormEpsilon)) : 1;

    /// <summary>Opens the next step; <see cref="Update"/> follows for each weight.</summary>
    /// <param name="learningRate">The rate of this step.</param>
    public void BeginStep(double learningRate)
    {
        Steps++;
        BeginStepCore(learningRate);
    }

    /// <summary>Changes one weight.</summary>
    /// <param name="index">The weight's place in the layout.</param>
    /// <param name="weights">Its values.</param>
    /// <param name="gradients">Its gradients.</param>
    /// <param name="gradientScale">A factor on the gradients, for clipping.</param>
    public abstract void Update(int index, Span<float> weights, ReadOnlySpan<float> gradients, float gradientScale);

    /// <summary>A copy of the state: "step" [1] and the moments.</summary>
    public IReadOnlyList<WeightTensor> GetState()
    {
        var state = new List<WeightTensor> { new("step", [1], [Steps]) };
        for (int moment = 0; moment < _moments.Length; moment++)
            for (int i = 0; i < Layout.Count; i++)
                state.Add(new($"{MomentNames[moment]}.{Layout[i].Name}", Layout[i].Shape, Moment(moment, i).ToArray()));
        return state;
    }

    /// <summary>Replaces the state.</summary>
    /// <exception cref="ArgumentException">A name or a shape differs from this optimizer's.</exception>
    public void SetState(IReadOnlyList<WeightTensor> state)
    {
        var byName = state.ToDictionary(tensor => tensor.Name);
        if (byName.Count != 1 + _moments.Length * Layout.Count)
            throw new ArgumentException($"The optimizer state has {byName.Count} arrays; {Options.Kind} of this model has {1 + _moments.Length * Layout.Count}.", nameof(state));
        for (int moment = 0; moment < _moments.Length; moment++)
            for (int i = 0; i < Layout.Count; i++)
                Find(byName, $"{MomentNames[moment]}.{Layout[i].Name}", Layout[i].Count).Values.CopyTo(Moment(moment, i));
        Steps = (int)Find(byName, "step", 1).Values[0];
    }

    /// <summary>Prepares what all weights of the step share.</summary>
    protected abstract void BeginStepCore(double learningRate);

    private static WeightTensor Find(Dictionary<string, WeightTensor> state, string name, int count) =>
        state.TryGetValue(name, out var tensor) && tensor.Values.Length == count
            ? tensor
            : throw new ArgumentException($"The optimizer state must have '{name}' with {count} values; got {(tensor is null ? "none" : $"{tensor.Values.Length}")}.", nameof(state));
}
