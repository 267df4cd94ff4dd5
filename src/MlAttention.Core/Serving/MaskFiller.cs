using MlAttention.Core.Managed;
using MlAttention.Core.Pretrained;

namespace MlAttention;

/// <summary>Guesses the hidden words of texts, with an encoder that has the head of its pre-training: what such an encoder has learned, to be looked at.</summary>
/// <remarks>On the managed engine. Thread-safe.</remarks>
public sealed class MaskFiller
{
    private readonly PretrainedTokenizer _tokenizer;
    private readonly SequenceModelOptions _model;
    private readonly ISequenceScorer _scorer;

    /// <summary>Guesses with an encoder.</summary>
    /// <param name="encoder">The encoder: one that was pre-trained here, or a folder of BertForMaskedLM, RobertaForMaskedLM and the like.</param>
    /// <exception cref="ArgumentException">The encoder has no head that predicts masked tokens, or no mask token.</exception>
    public MaskFiller(PretrainedEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        if (encoder.MaskHeadWeights.Count == 0) throw new ArgumentException($"The encoder '{encoder.Name}' has no head that predicts masked tokens; pre-train it, or take a folder of a model for masked language modelling.", nameof(encoder));
        if (encoder.Tokenizer.MaskId is null) throw new ArgumentException($"The tokenizer of the encoder '{encoder.Name}' has no mask token.", nameof(encoder));
        (_tokenizer, _model) = (encoder.Tokenizer, MaskedLanguageModel.Of(encoder.Architecture));
        int vocabulary = _tokenizer.VocabularySize;
        var engines = new EngineFactory(new ManagedEngineProvider()) { Refusal = (_, reason) => $"Masked words are guessed by the managed engine, and {reason}" };
        _scorer = engines.CreateScorer(new EngineConfiguration(_model, TokenIds.EmbeddingRows(vocabulary, _model), vocabulary), [.. encoder.Weights, .. encoder.MaskHeadWeights]);
    }

    /// <summary>The most probable tokens for each mask of a text, in the order of the masks.</summary>
    /// <param name="text">A text with one or several of the tokenizer's mask token, such as "the [MASK] was warm".</param>
    /// <param name="count">Guesses for each mask, at least 1.</param>
    /// <exception cref="ArgumentException">The text has no mask, or more tokens than the encoder can read.</exception>
    public IReadOnlyList<IReadOnlyList<MaskGuess>> Fill(string text, int count = 5)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        int[] ids = _tokenizer.Encode(text);
        int mask = _tokenizer.MaskId!.Value, vocabulary = _tokenizer.VocabularySize, masks = ids.AsSpan().Count(mask);
        if (masks == 0) throw new ArgumentException($"The text has no {_tokenizer.Tokens[mask]} to guess: \"{text}\".", nameof(text));
        if (ids.Length > _model.MaxLength) throw new ArgumentException($"The text has {ids.Length} tokens; the encoder reads at most {_model.MaxLength}.", nameof(text));
        var batch = new TokenBatch
        {
            Rows = 1,
            Length = ids.Length,
            Tokens = [.. ids.Select(id => id + 1)],
            Lengths = [ids.Length],
            Targets = Targets.OfTokens([.. ids.Select(id => id == mask ? id : Targets.Ignored)], [0, ids.Length]),      // only their logits are computed
        };
        float[] logits = new float[masks * vocabulary];
        _scorer.Score(batch, logits);
        return [.. Enumerable.Range(0, masks).Select(place => Best(logits.AsSpan(place * vocabulary, vocabulary), count))];
    }

    private MaskGuess[] Best(Span<float> logits, int count)
    {
        Softmax.InPlace(logits);
        float[] probabilities = logits.ToArray();
        return [.. Enumerable.Range(0, probabilities.Length).OrderByDescending(id => probabilities[id]).Take(count).Select(id => new MaskGuess(_tokenizer.Tokens[id], probabilities[id]))];
    }
}

/// <summary>A token that may stand in place of a mask.</summary>
/// <param name="Token">The token as the vocabulary has it: pieces that go on with a word are marked.</param>
/// <param name="Probability">Its probability, from 0 to 1.</param>
public sealed record MaskGuess(string Token, double Probability);
