namespace MlAttention.Classification;

/// <summary>
/// A label for each token, or for each word where a column tells which token begins one: PredictedLabel a vector of keys as long as the
/// tokens or words, Score the probabilities of their classes one after another. What a model does not see, since it was cut, has key 0.
/// </summary>
internal sealed class TokenLabelOutput : ClassifierOutput
{
    private const string Kind = "TokenClassification";

    public override ColumnRequirement Label(string name) => ColumnRequirement.Keys("label", name);

    public override TargetReader Reader(DataViewRow row, DataViewSchema.Column label, ClassifierSettings settings) => new TokenTarget(KeyReader.Vector(row, label), settings.WordStarts is { } column ? new WordStarts(row, column) : null);

    public override DataViewSchema.DetachedColumn[] Columns(ClassifierSettings names, int classes, KeyValues? labels, uint setId) =>
    [
        Column(names.PredictedLabel, new VectorDataViewType(new KeyDataViewType(typeof(uint), classes)), Kind, "PredictedLabel", setId, column => labels?.AddTo(column, AnnotationKinds.KeyValues)),
        Column(names.Score, new VectorDataViewType(NumberDataViewType.Single), Kind, "Score", setId, column => labels?.AddTo(column, AnnotationKinds.TrainingLabelValues)),
    ];

    public override BatchMapper Mapper(AttentionClassifierModel model, ClassifierSettings settings, int batchSize) => new TokenLabelMapper(model, settings, batchSize);

    /// <summary>A row of which no token has a label is left out. Zeros at the end of labels may be missing, as at the end of a vector of fixed length.</summary>
    private sealed class TokenTarget(KeyReader.ReadKeys read, WordStarts? words) : TargetReader
    {
        public override bool Add(TokenDatasetBuilder builder, ReadOnlySpan<int> tokens, float weight, int? group)
        {
            var keys = read();
            if (!keys.ContainsAnyExcept(0)) return false;
            int[] labels = new int[tokens.Length];
            labels.AsSpan().Fill(Targets.Ignored);
            int[] places = words?.Read() ?? [.. Enumerable.Range(0, tokens.Length)];
            if (keys.Length > places.Length)
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"A row has {places.Length} {(words is null ? "tokens" : "words")} and {keys.Length} labels; each needs one, or a missing value."));
            for (int i = 0; i < keys.Length; i++)
                if (places[i] >= 0 && keys[i] > 0) labels[places[i]] = keys[i] - 1;
            builder.Add(tokens, labels, weight, group);
            return true;
        }
    }
}
