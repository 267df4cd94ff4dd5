using MlAttention.Core.Pretrained;

namespace MlAttention.Core.Training;

/// <summary>Pre-trains an encoder on texts: holds some out, learns a vocabulary where there is none, masks words anew in each epoch, and measures perplexity.</summary>
/// <param name="options">What is trained, and how.</param>
/// <param name="engines">Chooses the engine.</param>
internal sealed class EncoderPretrainer(PretrainingOptions options, EngineFactory engines)
{
    private const string TrainingMasks = "masks", HeldOutMasks = "held-out masks";

    /// <summary>Receives lines for people.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Receives lines about what training does not get to see.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>Called several times a second; an <see cref="OperationCanceledException"/> from it stops training.</summary>
    public Action? ThrowIfCancelled { get; init; }

    /// <summary>Trains on texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <exception cref="ArgumentException">Options or texts cannot be trained with; the message says why.</exception>
    /// <exception cref="TrainingDivergedException">The loss or the gradients became NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public PretrainedEncoder Train(IReadOnlyList<string> texts)
    {
        options.Validate();
        int seed = options.Training.SeedOrDefault;
        var (trained, heldOut) = HoldOut([.. texts.Where(text => !string.IsNullOrWhiteSpace(text))], seed);
        if (trained.Count == 0) throw new ArgumentException($"There is no text to train on{(texts.Count > 0 ? $": all {texts.Count} rows are empty" : "")}.", nameof(texts));

        var start = options.Pretrained ?? Begin(trained, seed);
        var masking = new TokenMasking(start.Tokenizer, options.MaskedShare);
        var rows = Read(ref trained, start.Tokenizer, masking) ?? throw new ArgumentException($"There is no text to train on: none has a word that the vocabulary knows.", nameof(texts));
        var checks = Read(ref heldOut, start.Tokenizer, masking);
        int empty = texts.Count - trained.Count - heldOut.Count;
        if (empty > 0) Warn?.Invoke(FormattableString.Invariant($"{empty} texts have no word to mask and were left out."));
        if (checks is null) Warn?.Invoke(FormattableString.Invariant($"No text is held out: perplexity is not known, and the last epoch's weights are taken."));
        var validation = checks is null ? null : masking.Apply(checks, seed, HeldOutMasks, epoch: 0);
        TellStart(start, rows, checks);

        IReadOnlyList<WeightTensor> weights = [.. start.Weights, .. start.MaskHeadWeights];
        double? before = validation is null ? null : Perplexity(validation, start, weights);
        if (before is not null) Log?.Invoke(FormattableString.Invariant($"Perplexity of the held-out texts before training: {before:F2}."));
        var trainer = new SequenceTrainer(options.Model, options.Training with { ValidationFraction = 0 }, engines, Log, ThrowIfCancelled)
        {
            InitialWeights = weights,
            Warn = Warn,
            Names = RowNames.Unknown with { Vocabulary = start.Tokenizer.Tokens },
            EpochData = epoch => masking.Apply(rows, seed, TrainingMasks, epoch),
        };
        var model = trainer.Train(masking.Apply(rows, seed, TrainingMasks, epoch: 0), validation);
        return Result(start, model, new PretrainingSummary
        {
            TrainingTexts = trained.Count,
            HeldOutTexts = heldOut.Count,
            EmptyTexts = empty,
            PerplexityBefore = before,
            Perplexity = model.History[model.ChosenEpoch - 1].ValidationPerplexity,
            Perplexities = [.. model.History.Select(epoch => epoch.ValidationPerplexity).OfType<double>()],
            ChosenEpoch = model.ChosenEpoch,
            Duration = model.Duration,
        });
    }

    /// <summary>Divides the texts; equal ones stay on one side, so that no held-out text was trained on.</summary>
    private (List<string> Trained, List<string> HeldOut) HoldOut(List<string> texts, int seed)
    {
        if (options.Training.ValidationFraction == 0 || texts.Distinct(StringComparer.Ordinal).Take(2).Count() < 2) return (texts, []);
        var (trained, heldOut) = RowSplit.Grouped(texts, options.Training.ValidationFraction, seed);
        return ([.. trained.Select(text => texts[text])], [.. heldOut.Select(text => texts[text])]);
    }

    private PretrainedEncoder Begin(List<string> texts, int seed)
    {
        var tokenizer = options.Tokenizer ?? PretrainedTokenizer.Learn(texts, options.VocabularySize, options.LowerCase);
        return MaskedLanguageModel.New("pretrained", tokenizer, options.Architecture, seed);
    }

    /// <summary>The texts as sequences, long ones as several; null where none has a word to mask. Only texts that have one stay in the list.</summary>
    private TokenDataset? Read(ref List<string> texts, PretrainedTokenizer tokenizer, TokenMasking masking)
    {
        var builder = new TokenDatasetBuilder(tokenizer.VocabularySize, tokenizer.VocabularySize, options.MaxLength, TruncationSide.KeepStart, keepBoundaries: true, TaskKind.MaskedTokens);
        var (before, after) = tokenizer.Boundaries;
        int most = options.MaxLength - before - after;
        var read = new List<string>();
        foreach (string text in texts)
        {
            int[] keys = [.. tokenizer.Encode(text).Select(id => id + 1)];
            int[][] parts = [.. keys[before..^after].Chunk(most).Where(part => masking.HasPlace(part))];
            foreach (int[] part in parts) builder.AddText([.. keys[..before], .. part, .. keys[^after..]]);
            if (parts.Length > 0) read.Add(text);
        }
        texts = read;
        return read.Count > 0 ? builder.Build() : null;
    }

    private void TellStart(PretrainedEncoder start, TokenDataset rows, TokenDataset? checks)
    {
        string from = options.Pretrained is null
            ? FormattableString.Invariant($"from nothing, with a vocabulary of {start.Tokenizer.VocabularySize} tokens")
            : FormattableString.Invariant($"from the encoder '{start.Name}' ({start.ModelType}); the head that predicts masked tokens {(start.MaskHeadWeights.Count > 0 ? "is its own" : "starts from the seed, since its folder has none")}");
        Log?.Invoke(FormattableString.Invariant($"Pre-training {from}: {rows.Count} sequences of {rows.Offsets[^1]} tokens, and {checks?.Count ?? 0} held out."));
    }

    private double Perplexity(TokenDataset validation, PretrainedEncoder start, IReadOnlyList<WeightTensor> weights)
    {
        var configuration = options.Training.Configure(options.Model, TokenIds.EmbeddingRows(start.Tokenizer.VocabularySize, options.Model), start.Tokenizer.VocabularySize);
        using var engine = engines.CreateEngine(configuration with { InitialWeights = weights });
        return DatasetScorer.Evaluate(engine, validation, options.Model).Perplexity!.Value;
    }

    /// <summary>The encoder with the trained weights; what its folder said of poolings and lengths stays.</summary>
    private static PretrainedEncoder Result(PretrainedEncoder start, TrainedSequenceModel model, PretrainingSummary summary)
    {
        var weights = model.Weights.ToLookup(PretrainedReader.IsHead);
        return new PretrainedEncoder(start.Name, start.ModelType, start.Architecture, start.Tokenizer, [.. weights[false]])
        {
            Normalizes = start.Normalizes,
            MaskHeadWeights = [.. weights[true]],
            Pretraining = summary,
        };
    }
}
