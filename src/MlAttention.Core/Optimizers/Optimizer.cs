using System.Numerics.Tensors;

namespace MlAttention.Core.Optimizers;

/// <summary>
/// Changes weights by their gradients, wherever these lie in memory; holds one or two moments for each weight.
/// Plain C# on purpose: both engines train with the same rule, and a checkpoint is arrays of numbers.
/// </summary>
/// <remarks>
/// The rate of a weight is the step's rate times LayerDecay for each layer above the weight's, and times HeadRate in the head. Each value
/// changes by itself, so a weight may be updated in parts, by several threads. A row that never had a gradient has moments of 0, and
/// where nothing decays it, a step leaves it as it is: it may be left out, and its moments are pages that nothing has written.
/// </remarks>
internal abstract class Optimizer
{
    private const double NormEpsilon = 1e-6;
    private readonly float[][][] _moments;
    private readonly double[] _rateFactors;

    private protected Optimizer(IReadOnlyList<WeightShape> layout, OptimizerOptions options)
    {
        Layout = layout;
        Options = options;
        int top = layout.Max(weight => weight.Depth);
        _rateFactors = [.. layout.Select(weight => Math.Pow(options.LayerDecay, Math.Max(0, top - 1 - weight.Depth)) * (weight.IsHead ? options.HeadRate : 1))];
        _moments = [.. MomentNames.Select(_ => layout.Select(weight => new float[weight.Count]).ToArray())];
    }

    /// <summary>Steps taken.</summary>
    public int Steps { get; private set; }

    /// <summary>The weights' names and shapes, in the order in which their index counts.</summary>
    protected IReadOnlyList<WeightShape> Layout { get; }

    /// <summary>The options of the rule.</summary>
    protected OptimizerOptions Options { get; }

    /// <summary>The names of the moments, "first" and "second".</summary>
    protected abstract IReadOnlyList<string> MomentNames { get; }

    /// <summary>A moment's values for a part of one weight.</summary>
    protected Span<float> Moment(int moment, int index, int start, int count) => _moments[moment][index].AsSpan(start, count);

    /// <summary>What the step's rate is multiplied by for a weight.</summary>
    public double RateFactor(int index) => _rateFactors[index];

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

    /// <summary>Changes one weight, or a part of it. Parts may be changed at once by several threads.</summary>
    /// <param name="index">The weight's place in the layout.</param>
    /// <param name="weights">The values of the part.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="gradientScale">A factor on the gradients, for clipping.</param>
    /// <param name="start">Where the part begins in the weight.</param>
    public abstract void Update(int index, Span<float> weights, ReadOnlySpan<float> gradients, float gradientScale, int start = 0);

    /// <summary>Rows of a weight [rows, width] that a step may move without a gradient: those with a moment that is not 0.</summary>
    public RowSet RowsInMotion(int index)
    {
        int rows = Layout[index].Shape[0], width = Layout[index].Count / Math.Max(1, rows);
        var moving = new RowSet(rows);
        for (int row = 0; row < rows; row++)
            if (_moments.Any(moment => moment[index].AsSpan(row * width, width).ContainsAnyExcept(0f))) moving.Add(row);
        return moving;
    }

    /// <summary>A copy of the state: "step" [1] and the moments.</summary>
    public IReadOnlyList<WeightTensor> GetState()
    {
        var state = new List<WeightTensor> { new("step", [1], [Steps]) };
        for (int moment = 0; moment < _moments.Length; moment++)
            for (int i = 0; i < Layout.Count; i++)
                state.Add(new($"{MomentNames[moment]}.{Layout[i].Name}", Layout[i].Shape, [.. _moments[moment][i]]));
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
                Find(byName, $"{MomentNames[moment]}.{Layout[i].Name}", Layout[i].Count).Values.CopyTo(_moments[moment][i], 0);
        Steps = (int)Find(byName, "step", 1).Values[0];
    }

    /// <summary>Prepares what the values of a weight share in this step.</summary>
    protected abstract void BeginStepCore(double learningRate);

    private static WeightTensor Find(Dictionary<string, WeightTensor> state, string name, int count) =>
        state.TryGetValue(name, out var tensor) && tensor.Values.Length == count
            ? tensor
            : throw new ArgumentException($"The optimizer state must have '{name}' with {count} values; got {(tensor is null ? "none" : $"{tensor.Values.Length}")}.", nameof(state));
}
