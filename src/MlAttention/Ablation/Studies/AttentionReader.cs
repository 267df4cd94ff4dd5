using MlAttention.Data;
using MlAttention.Encoders;
using MlAttention.Pipeline;
using MlAttention.Weights;
using static TorchSharp.torch;

namespace MlAttention.Ablation.Studies;

/// <summary>Reads what the heads of a trained classifier attend to, through its TorchSharp module whichever engine trained it.</summary>
internal static class AttentionReader
{
    private const int Digits = 4;

    /// <summary>The pattern of one text.</summary>
    /// <param name="model">The trained model; its encoder must be attention.</param>
    /// <param name="tokens">Token ids as in a batch, CLS included.</param>
    /// <param name="vocabulary">The vocabulary's tokens as texts.</param>
    public static AttentionPattern Read(AttentionClassifierModel model, IReadOnlyList<int> tokens, IReadOnlyList<string> vocabulary)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var classifier = new SequenceClassifier(model.Architecture, model.Configuration.EmbeddingRows, model.ClassCount);
        ModuleWeights.Set(classifier, model.Weights);
        classifier.eval();
        var ids = tensor(tokens.Select(token => (long)token).ToArray()).reshape(1, tokens.Count);
        var layers = classifier.AttentionWeights(ids, ones(1, tokens.Count, ScalarType.Bool));
        var heads = layers.SelectMany((layer, index) => Heads(layer, index, tokens.Count));
        return new(model.Architecture.Positions, [.. tokens.Select(token => TokenIds.Name(token, vocabulary))], [.. heads]);
    }

    /// <summary>Weights and their summary.</summary>
    internal static AttentionHead Summarize(int layer, int head, float[] weights, int length)
    {
        double entropy = 0, distance = 0, diagonal = 0, previous = 0;
        for (int row = 0; row < length; row++)
            for (int column = 0; column < length; column++)
            {
                double weight = weights[row * length + column];
                if (weight > 0) entropy -= weight * Math.Log(weight);
                distance += weight * Math.Abs(row - column);
                if (row == column) diagonal += weight;
                if (row == column + 1) previous += weight;
            }
        return new(layer, head, [.. weights.Select(weight => Math.Round(weight, Digits))], Mean(entropy), Mean(distance), Mean(diagonal), Mean(previous));

        double Mean(double sum) => Math.Round(sum / length, Digits);
    }

    private static IEnumerable<AttentionHead> Heads(Tensor layer, int index, int length)
    {
        float[] weights = layer.cpu().contiguous().data<float>().ToArray(); // [1,H,L,L]
        return Enumerable.Range(0, weights.Length / (length * length)).Select(head => Summarize(index, head, weights[(head * length * length)..((head + 1) * length * length)], length));
    }
}
