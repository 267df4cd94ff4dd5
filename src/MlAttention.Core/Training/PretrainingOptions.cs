using System.Text.Json.Serialization;
using MlAttention.Core.Pretrained;

namespace MlAttention;

/// <summary>How an encoder is pre-trained on texts without labels, by masked language modelling (Devlin et al. 2019).</summary>
public sealed record PretrainingOptions
{
    /// <summary>What an encoder that has read much is trained on with: fewer epochs at a lower rate; a head that starts from nothing learns faster.</summary>
    internal static TrainingOptions Adapting { get; } = TrainingOptions.Pretraining with { Epochs = 5, Optimizer = TrainingOptions.Pretraining.Optimizer with { LearningRate = 1e-4, HeadRate = 10 } };

    /// <summary>An encoder from nothing.</summary>
    public PretrainingOptions() { }

    /// <summary>Going on from an encoder, so that it learns the language of one's own texts: its sizes, texts of at most 128 tokens at a time, and a lower rate.</summary>
    /// <param name="encoder">The encoder to go on from; its tokenizer has a mask token.</param>
    public PretrainingOptions(PretrainedEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        var architecture = encoder.Architecture;
        Pretrained = encoder;
        (ModelWidth, Layers, Heads, FeedForwardWidth) = (architecture.ModelWidth, architecture.Layers, architecture.Heads, architecture.FeedForwardWidth);
        (MaxLength, Dropout) = (Math.Min(MaxLength, architecture.MaxLength), architecture.Dropout);
        Training = Adapting;
    }

    /// <summary>The encoder to go on from; its head that predicts masked tokens is gone on from too, where it has one.</summary>
    /// <value>Default null: an encoder from nothing.</value>
    [JsonIgnore]
    public PretrainedEncoder? Pretrained { get; init; }

    /// <summary>The tokenizer of an encoder from nothing, one of BERT's kind (vocab.txt).</summary>
    /// <value>Default null: one is learned from the texts, by <see cref="PretrainedTokenizer.Learn"/>.</value>
    [JsonIgnore]
    public PretrainedTokenizer? Tokenizer { get; init; }

    /// <summary>Most tokens of a vocabulary that is learned, the five special ones included.</summary>
    /// <value>At least 6; default 8,000.</value>
    public int VocabularySize { get; init; } = 8000;

    /// <summary>Whether a tokenizer that is learned makes upper case lower case and drops accents.</summary>
    /// <value>Default true.</value>
    public bool LowerCase { get; init; } = true;

    /// <summary>Width D of the encoder.</summary>
    /// <value>A multiple of <see cref="Heads"/>; default 128. With <see cref="Pretrained"/> the encoder's, as all sizes.</value>
    public int ModelWidth { get; init; } = 128;

    /// <summary>Number of layers.</summary>
    /// <value>At least 1; default 2.</value>
    public int Layers { get; init; } = 2;

    /// <summary>Number of heads H.</summary>
    /// <value>At least 1; default 4.</value>
    public int Heads { get; init; } = 4;

    /// <summary>Width of the feed-forward layers.</summary>
    /// <value>At least 1; default 512.</value>
    public int FeedForwardWidth { get; init; } = 512;

    /// <summary>
    /// Longest sequence in tokens, [CLS] and [SEP] included: a longer text is cut into several sequences, all of which are trained on. An encoder
    /// from nothing has as many positions, so that no classifier can read longer texts with it.
    /// </summary>
    /// <value>At least 3 tokens; default 128. With <see cref="Pretrained"/> at most the encoder's positions.</value>
    public int MaxLength { get; init; } = 128;

    /// <summary>Probability that a number inside the model is dropped while training.</summary>
    /// <value>From 0 to below 1; default 0.1.</value>
    public double Dropout { get; init; } = 0.1;

    /// <summary>
    /// Share of a text's words that are to be predicted, in each epoch others; whole words, all their pieces. Of these 80% are shown as the mask
    /// token, 10% as a random token, 10% as they are.
    /// </summary>
    /// <value>Above 0 and below 1; default 0.15 (Devlin et al. 2019). At least one word of each text.</value>
    public double MaskedShare { get; init; } = 0.15;

    /// <summary>How it is trained. <see cref="TrainingOptions.ValidationFraction"/> of the texts are held out, equal ones together; their perplexity chooses the epoch.</summary>
    /// <value>Default <see cref="TrainingOptions.Pretraining"/>; with an encoder to go on from 5 epochs at 1e-4, ten times that in the head.</value>
    public TrainingOptions Training { get; init; } = TrainingOptions.Pretraining;

    /// <summary>The encoder's architecture.</summary>
    internal SequenceModelOptions Architecture => Pretrained?.Architecture ?? MaskedLanguageModel.Bert(new() { ModelWidth = ModelWidth, Layers = Layers, Heads = Heads, FeedForwardWidth = FeedForwardWidth, MaxLength = MaxLength, Dropout = Dropout });

    /// <summary>What is trained: the encoder with the head that predicts masked tokens.</summary>
    internal SequenceModelOptions Model => MaskedLanguageModel.Of(Architecture) with { MaxLength = MaxLength, Dropout = Dropout };

    /// <summary>Checks all values.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    public void Validate()
    {
        var errors = new OptionErrors(nameof(PretrainingOptions));
        errors.Require(MaskedShare is > 0 and < 1, nameof(MaskedShare), MaskedShare, "must be above 0 and below 1");
        errors.Require(MaxLength >= SequenceCut.LeastWithBoundaries, nameof(MaxLength), MaxLength, $"must be at least {SequenceCut.LeastWithBoundaries} tokens");
        errors.Require(Tokenizer is null || Pretrained is null, nameof(Tokenizer), Tokenizer, "must be null with Pretrained, which has its own");
        if (Pretrained is { } encoder) RequireSizes(errors, encoder);
        Training.Validate(errors);
        Training.RequireFit(errors, TaskKind.MaskedTokens);
        errors.Require(Training.RareTokenDropout == 0, nameof(Training.RareTokenDropout), Training.RareTokenDropout, "must be 0: tokens are hidden by the mask here");
        errors.Require(Training.InitialWeightsPath is null, nameof(Training.InitialWeightsPath), Training.InitialWeightsPath, "must be null: Pretrained is what is gone on from");
        errors.Require(Training.FrozenLayers <= Layers || Layers < 1, nameof(Training.FrozenLayers), Training.FrozenLayers, $"must be at most {Layers}, the layers of the encoder");
        errors.ThrowIfAny();
        Model.Validate();
    }

    private void RequireSizes(OptionErrors errors, PretrainedEncoder encoder)
    {
        var architecture = encoder.Architecture;
        (string Name, int Own, int Theirs)[] sizes =
        [
            (nameof(ModelWidth), ModelWidth, architecture.ModelWidth), (nameof(Layers), Layers, architecture.Layers),
            (nameof(Heads), Heads, architecture.Heads), (nameof(FeedForwardWidth), FeedForwardWidth, architecture.FeedForwardWidth),
        ];
        foreach (var (name, own, theirs) in sizes)
            errors.Require(own == theirs, name, own, FormattableString.Invariant($"must be {theirs}, as the weights of the encoder '{encoder.Name}' need; make the options with new PretrainingOptions(encoder)"));
        errors.Require(MaxLength <= architecture.MostPositions, nameof(MaxLength), MaxLength, FormattableString.Invariant($"must be at most {architecture.MostPositions}, the positions that the encoder '{encoder.Name}' has"));
    }
}
