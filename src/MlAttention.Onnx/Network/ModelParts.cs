using MlAttention.Onnx.Precision;

namespace MlAttention.Onnx.Network;

/// <summary>What every part of the graph is built from: the graph, the architecture, and the trained weights by name.</summary>
internal sealed class ModelParts
{
    /// <summary>What stands for minus infinity, so that a softmax over nothing else still gives numbers.</summary>
    public const float Lowest = float.MinValue;

    private readonly Dictionary<string, WeightTensor> _weights;

    public ModelParts(SequenceModelOptions model, IEnumerable<WeightTensor> weights, OnnxPrecision precision)
    {
        Model = model;
        Form = IWeightForm.Create(precision, Graph);
        _weights = weights.ToDictionary(weight => weight.Name, StringComparer.Ordinal);
    }

    public GraphBuilder Graph { get; } = new("classifier");

    public SequenceModelOptions Model { get; }

    public IWeightForm Form { get; }

    public WeightTensor Weight(string name) => _weights[name];

    /// <summary>A weight for sums and element-wise products, in float32.</summary>
    public Value Vector(string name) => Form.Vector(Weight(name));

    /// <summary>x Wᵀ + b.</summary>
    /// <param name="x">[..,inputs].</param>
    /// <param name="name">What the names of W and b begin with.</param>
    public Value Linear(Value x, string name) => Linear(x, name + ".weight", name + ".bias");

    /// <summary>x Wᵀ + b, of weights with names of their own.</summary>
    public Value Linear(Value x, string weight, string bias) => Form.Linear(x, Weight(weight), Weight(bias));

    /// <summary>(x - mean) / sqrt(variance + ε) gain + bias, over the last dimension.</summary>
    /// <param name="x">[..,D].</param>
    /// <param name="name">What the names of gain and bias begin with.</param>
    public Value LayerNorm(Value x, string name) => Graph.Node("LayerNormalization", [x, Vector(name + ".weight"), Vector(name + ".bias")], ("axis", -1), ("epsilon", (float)Model.LayerNormEpsilon));
}
