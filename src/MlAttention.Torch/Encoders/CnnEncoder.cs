namespace MlAttention;

/// <summary>One-dimensional convolutions over neighbouring tokens: order matters within reach, at O(n) cost.</summary>
/// <remarks>
/// Each layer: x = x + dropout(activation(conv(x))), zeros beyond both ends and at padding.
/// A token sees Layers * (KernelSize - 1) / 2 tokens to each side.
/// Weights: layers.N.weight [D,D,KernelSize], layers.N.bias [D]. Source: Kim 2014, section 2, with residual sums.
/// </remarks>
public sealed class CnnEncoder : SequenceEncoder
{
    [ComponentName(Name = "layers")] private readonly ModuleList<Conv1d> _layers;
    private readonly ActivationKind _activation;
    private readonly double _dropout;

    /// <summary>A new encoder.</summary>
    /// <param name="width">The width D of the vectors.</param>
    /// <param name="layers">The number of convolutions; at least 1.</param>
    /// <param name="kernelSize">Tokens that a convolution spans; odd.</param>
    /// <param name="activation">The nonlinearity after each convolution.</param>
    /// <param name="dropout">The share of each layer's output that training drops; from 0 to below 1.</param>
    public CnnEncoder(int width, int layers, int kernelSize = SequenceModelOptions.ConvolutionTokens, ActivationKind activation = ActivationKind.Gelu, double dropout = 0)
        : base(nameof(CnnEncoder), width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        if (kernelSize < 1 || kernelSize % 2 == 0) throw new ArgumentOutOfRangeException(nameof(kernelSize), kernelSize, "The kernel size must be odd, so that a token stands in its middle.");
        _activation = activation;
        _dropout = DropoutSource.Checked(dropout);
        _layers = new ModuleList<Conv1d>([.. Enumerable.Range(0, layers).Select(_ => nn.Conv1d(width, width, kernelSize, padding: kernelSize / 2))]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override Tensor Encode(Tensor x, Tensor mask)
    {
        var padding = mask.logical_not().unsqueeze(2);                                        // [B,L,1]
        foreach (var layer in _layers)
        {
            var tokens = x.masked_fill(padding, Number(0)).transpose(1, 2);                           // [B,D,L]
            var features = _activation.Apply(layer.call(tokens).transpose(1, 2));             // [B,L,D]
            x = x.Plus(DropoutSource.Apply(features, _dropout, training));
        }
        return x;
    }
}
