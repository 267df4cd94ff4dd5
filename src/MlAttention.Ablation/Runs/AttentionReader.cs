using MlAttention.Core.Engines;
using MlAttention.Core.Text.Subwords;

namespace MlAttention.Ablation.Runs;

/// <summary>Reads what the heads of a trained classifier attend to.</summary>
internal static class AttentionReader
{
    private const int Digits = 4;

    /// <summary>The pattern of one text in a model of ML.NET's Classifier.</summary>
    public static AttentionPattern Read(AttentionClassifierModel model, IReadOnlyList<int> tokens, IReadOnlyList<string> vocabulary) =>
        Read(model.Configuration, model.Weights, tokens, vocabulary);

    /// <summary>The pattern of one text.</summary>
    /// <param name="configuration">The trained model; its encoder must be attention.</param>
    /// <param name="trained">Its weights.</param>
    /// <param name="tokens">Token ids as in a batch, CLS included.</param>
    /// <param name="vocabulary">The vocabulary's tokens as texts.</param>
    public static AttentionPattern Read(EngineConfiguration configuration, IReadOnlyList<WeightTensor> trained, IReadOnlyList<int> tokens, IReadOnlyList<string> vocabulary)
    {
        var layers = new AttentionWeightsReader(configuration, trained).Read(new TokenBatch { Rows = 1, Length = tokens.Count, Tokens = [.. tokens], Lengths = [tokens.Count] });
        var heads = layers.SelectMany((weights, layer) => Heads(weights, layer, tokens.Count));
        return new(configuration.Model.Positions, [.. tokens.Select(token => TokenIds.Name(token, vocabulary))], [.. heads]);
    }

    /// <summary>The words of a text that a model reads and does not know; null where it knows all.</summary>
    /// <param name="spelled">The text's tokens, before the model cuts them.</param>
    /// <param name="model">The model.</param>
    /// <param name="vocabulary">The vocabulary's tokens as texts.</param>
    public static IReadOnlyList<UnknownWord>? UnknownWords(ReadOnlySpan<SpelledToken> spelled, SequenceModelOptions model, IReadOnlyList<string> vocabulary)
    {
        var read = new SpelledToken[model.Cut.Kept(spelled.Length)];
        model.Cut.Copy(spelled, read, model.SeparatorKey is { } key ? new(vocabulary[key - 1], IsUnknown: false) : default);
        UnknownWord[] unknown = [.. read.Index().Where(token => token.Item.IsUnknown).Select(token => new UnknownWord(model.SpecialTokens + token.Index, token.Item.Text))];
        return unknown.Length == 0 ? null : unknown;
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

    /// <param name="weights">[1,H,L,L].</param>
    /// <param name="layer">The layer's index.</param>
    /// <param name="length">L.</param>
    private static IEnumerable<AttentionHead> Heads(float[] weights, int layer, int length) => Enumerable.Range(0, weights.Length / (length * length))
        .Select(head => Summarize(layer, head, weights[(head * length * length)..((head + 1) * length * length)], length));
}
