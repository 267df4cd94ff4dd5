using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlAttention.Encoders;

/// <summary>Long short-term memory: order enters by reading one token after the other.</summary>
/// <remarks>Source: Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000; both directions: Graves and Schmidhuber 2005.</remarks>
/// <param name="width">The width D of the vectors; even in both directions.</param>
/// <param name="layers">The number of layers; at least 1.</param>
/// <param name="bidirectional">Whether each layer reads the sequence backwards too.</param>
/// <param name="dropout">The share of each layer's output that training drops; from 0 to below 1.</param>
public sealed class LstmEncoder(int width, int layers, bool bidirectional = true, double dropout = 0)
    : RecurrentEncoder<LSTM>(nameof(LstmEncoder), width, layers, bidirectional, dropout,
        (inputWidth, hiddenWidth) => nn.LSTM(inputWidth, hiddenWidth, batchFirst: true), (cell, x) => cell.call(x).Item1);
