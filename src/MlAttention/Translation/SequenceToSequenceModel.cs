using MlAttention.Core.Architecture;
using MlAttention.Core.Training;
using MlAttention.Translation;
using static TorchSharp.torch;

namespace MlAttention;

/// <summary>A trained model that writes a text for each text: its two vocabularies, its architecture, its weights. Thread-safe; runs on TorchSharp alone.</summary>
public sealed class SequenceToSequenceModel
{
    private readonly TorchLayer<SequenceToSequence> _layer;

    internal SequenceToSequenceModel(TextVocabulary source, TextVocabulary target, SequenceModelOptions encoder, SequenceModelOptions decoder, IReadOnlyList<WeightTensor> weights)
    {
        (Source, Target, Encoder, Decoder, Weights) = (source, target, encoder, decoder, weights);
        Tokens = new PairTokens(source.Vocabulary.Size, target.Vocabulary.Size + 1);
        _layer = new(nameof(SequenceToSequence), () => new SequenceToSequence(encoder, decoder, Tokens.SourceVocabulary, Tokens.TargetVocabulary), weights);
    }

    /// <summary>The encoder.</summary>
    public SequenceModelOptions Encoder { get; }

    /// <summary>The decoder.</summary>
    public SequenceModelOptions Decoder { get; }

    /// <summary>The source's tokens in the order of their keys.</summary>
    public IReadOnlyList<string> SourceVocabulary => Source.Vocabulary.Tokens;

    /// <summary>The target's tokens in the order of their keys; the key after them ends a target.</summary>
    public IReadOnlyList<string> TargetVocabulary => Target.Vocabulary.Tokens;

    /// <summary>The weights, named and shaped as those of torch.nn.Transformer's layers.</summary>
    public IReadOnlyList<WeightTensor> Weights { get; }

    /// <summary>The learning curve, one entry an epoch; empty for a model that was loaded. The accuracy is that of tokens after the true ones before them.</summary>
    public IReadOnlyList<EpochMetrics> History => Training?.History ?? [];

    /// <summary>Why training ended; null for a model that was loaded.</summary>
    public TrainingStopReason? StopReason => Training?.StopReason;

    internal TextVocabulary Source { get; }

    internal TextVocabulary Target { get; }

    internal PairTokens Tokens { get; }

    /// <summary>How training went; null for a model that was loaded.</summary>
    internal TrainedSequenceModel? Training { get; init; }

    /// <summary>The texts that the model finds for each source, the most probable first.</summary>
    /// <param name="sources">The texts.</param>
    /// <param name="options">How they are searched for; null for a beam of 4. The greatest length is at most what the decoder has room for.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="NotSupportedException">libtorch cannot be loaded here; the message says why.</exception>
    public IReadOnlyList<IReadOnlyList<DecodedText>> Write(IReadOnlyList<string> sources, BeamSearchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var reader = new SourceReader(this);
        return Write([.. sources.Select(source => reader.Read(source).Ids)], options ?? new() { MaxLength = Decoder.MaxLength - 1 });
    }

    /// <summary>Where the model looks in the source while it writes each token of the target, and its end.</summary>
    /// <param name="source">The text that is read.</param>
    /// <param name="target">The text that is written: the model's own, or any other.</param>
    /// <returns>For each layer of the decoder.</returns>
    /// <exception cref="NotSupportedException">libtorch cannot be loaded here; the message says why.</exception>
    public IReadOnlyList<CrossAttentionMap> CrossAttention(string source, string target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        var pair = new PairDatasetBuilder(Tokens, Encoder, Decoder);
        pair.Add(Source.NewTokenizer().Keys(source), Target.NewTokenizer().Keys(target));
        var row = pair.Build();
        int mark = Tokens.PlaceOfMark(row.Row(0)), length = row.Length(0) - mark;
        string[] sources = [.. row.Row(0)[..mark].ToArray().Select(Source.Name)], targets = [.. row.Row(0)[(mark + 1)..].ToArray().Select(Target.Name), CrossAttentionMap.End];
        long[] ids = [Tokens.Start, .. row.Row(0)[(mark + 1)..].ToArray()];
        var layers = _layer.Run(module => module.CrossAttentionWeights(SourceTensor(row.Row(0)[..mark].ToArray()), ones(1, Math.Max(1, mark), ScalarType.Bool), tensor(ids).unsqueeze(0)));
        return [.. layers.Select(weights => new CrossAttentionMap(sources, targets, Heads(weights, length, Math.Max(1, mark))))];
    }

    /// <summary>
    /// Writes the weights as safetensors, which PyTorch users open with safetensors.torch.load_file. The vocabularies are in the model that
    /// mlContext.Model.Save writes.
    /// </summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    public void SaveWeights(string path) => SafetensorsFile.Write(path, Weights);

    /// <summary>The texts for sources that are ids already.</summary>
    internal IReadOnlyList<IReadOnlyList<DecodedText>> Write(IReadOnlyList<int[]> sources, BeamSearchOptions options)
    {
        RequireRoom(options);
        if (sources.Count == 0) return [];
        return _layer.Use(module =>
        {
            var longest = Math.Max(1, sources.Max(source => source.Length));
            var (ids, mask) = (new long[sources.Count * longest], new bool[sources.Count * longest]);
            for (var row = 0; row < sources.Count; row++)
                for (var i = 0; i < sources[row].Length; i++) (ids[row * longest + i], mask[row * longest + i]) = (sources[row][i], true);
            var found = module.Decode(tensor(ids, [sources.Count, longest]), tensor(mask, [sources.Count, longest]), options);
            return found.Select(row => row.Select(sequence => new DecodedText(Target.Join(sequence.Tokens), sequence.LogProbability, sequence.Score, sequence.IsComplete)).ToArray()).ToArray();
        });
    }

    /// <exception cref="ArgumentException">An option is out of range, or the greatest length is more than the decoder has room for.</exception>
    internal void RequireRoom(BeamSearchOptions options)
    {
        options.Validate();
        if (options.MaxLength >= Decoder.MaxLength) throw new ArgumentException($"MaxLength = {options.MaxLength}: must be less than the decoder's MaxLength = {Decoder.MaxLength}, which has a place for the token before the target.", nameof(options));
    }

    internal void Write(ComponentState state)
    {
        Source.Write(state, "source");
        Target.Write(state, "target");
        state.Add("encoder", Encoder, ServingJson.Default.SequenceModelOptions);
        state.Add("decoder", Decoder, ServingJson.Default.SequenceModelOptions);
        state.Add(Weights);
    }

    /// <exception cref="InvalidDataException">The weights are not those of the architecture.</exception>
    internal static SequenceToSequenceModel Read(ComponentState state)
    {
        var (source, target) = (TextVocabulary.Read(state, "source"), TextVocabulary.Read(state, "target"));
        var encoder = state.TakeOptions("encoder", ServingJson.Default.SequenceModelOptions, ModelState.Validate);
        var decoder = state.TakeOptions("decoder", ServingJson.Default.SequenceModelOptions, ModelState.Validate);
        EncoderDecoderRules.Require(encoder, decoder);
        var weights = state.TakeWeights(EncoderDecoderLayout.Of(encoder, decoder, source.Vocabulary.Size, target.Vocabulary.Size + 1));
        return new(source, target, encoder, decoder, weights);
    }

    private static Tensor SourceTensor(int[] ids) => tensor(ids.Length == 0 ? [0L] : Array.ConvertAll(ids, id => (long)id)).unsqueeze(0);

    /// <summary>From [1,H,L,S] to a table for each head.</summary>
    private static float[][,] Heads(float[] weights, int rows, int columns)
    {
        var heads = new float[weights.Length / (rows * columns)][,];
        for (var head = 0; head < heads.Length; head++)
        {
            heads[head] = new float[rows, columns];
            Buffer.BlockCopy(weights, head * rows * columns * sizeof(float), heads[head], 0, rows * columns * sizeof(float));
        }
        return heads;
    }
}

/// <summary>A text that a model has written.</summary>
/// <param name="Text">The text.</param>
/// <param name="LogProbability">log p(text | source), its end included.</param>
/// <param name="Score">What texts are compared by: the log probability, normalised by the length.</param>
/// <param name="IsComplete">Whether it has ended; false for one that was cut at the greatest length.</param>
public sealed record DecodedText(string Text, double LogProbability, double Score, bool IsComplete);

/// <summary>The cross-attention of one layer: a row for each token that is written, a column for each token of the source.</summary>
/// <param name="SourceTokens">The columns.</param>
/// <param name="TargetTokens">The rows; the last is the end.</param>
/// <param name="Heads">For each head the weights [L,S]; each row adds up to 1.</param>
public sealed record CrossAttentionMap(IReadOnlyList<string> SourceTokens, IReadOnlyList<string> TargetTokens, IReadOnlyList<float[,]> Heads)
{
    /// <summary>What the row of the end is called.</summary>
    public const string End = "[end]";

    /// <summary>The mean over the heads.</summary>
    public float[,] Mean()
    {
        var mean = new float[TargetTokens.Count, Heads[0].GetLength(1)];
        foreach (var head in Heads)
            for (var row = 0; row < mean.GetLength(0); row++)
                for (var column = 0; column < mean.GetLength(1); column++) mean[row, column] += head[row, column] / Heads.Count;
        return mean;
    }
}
