using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlAttention.Encoders;

/// <summary>Gated recurrent units: order enters by reading one token after the other, with fewer weights than an LSTM.</summary>
/// <remarks>Source: Cho et al. 2014, section 2.3, in PyTorch's form, which applies the reset gate after the product.</remarks>
/// <param name="width">The width D of the vectors; even in both directions.</param>
/// <param name="layers">The number of layers; at least 1.</param>
/// <param name="bidirectional">Whether each layer reads the sequence backwards too.</param>
/// <param name="dropout">The share of each layer's output that training drops; from 0 to below 1.</param>
public sealed class GruEncoder(int width, int layers, bool bidirectional = true, double dropout = 0)
    : RecurrentEncoder<GRU>(nameof(GruEncoder), width, layers, bidirectional, dropout,
        (inputWidth, hiddenWidth) => nn.GRU(inputWidth, hiddenWidth, batchFirst: true), (cell, x) => cell.call(x).Item1);
