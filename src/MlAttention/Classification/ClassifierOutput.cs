namespace MlAttention.Classification;

/// <summary>What a classifier's task is in ML.NET's columns: what the label's column must be, how it is read, which columns are added and how they are computed.</summary>
internal abstract class ClassifierOutput
{
    /// <summary>The one of a task.</summary>
    /// <param name="task">What the model is asked for.</param>
    /// <param name="settings">Its columns.</param>
    public static ClassifierOutput Of(TaskKind task, ClassifierSettings settings) => task switch
    {
        TaskKind.SingleLabel => settings.Probability is not null ? new BinaryOutput() : new SingleLabelOutput(),
        TaskKind.MultiLabel => new MultiLabelOutput(),
        TaskKind.TokenLabels => new TokenLabelOutput(),
        TaskKind.Regression => new RegressionOutput(),
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, "This task is not known."),
    };

    /// <summary>What the label's column must be.</summary>
    public abstract ColumnRequirement Label(string name);

    /// <summary>Number of classes C that a label's column has.</summary>
    public virtual int Classes(DataViewSchema.Column label) => label.KeyCount();

    /// <summary>What the classes stand for, or null when nothing says so.</summary>
    public virtual KeyValues? Labels(DataViewSchema.Column label) => KeyValues.OfLabel(label);

    /// <summary>The same for a shape: some values of the right type.</summary>
    public virtual KeyValues? ExampleLabels(SchemaShape.Column label) => KeyValues.ExampleOf(label);

    /// <summary>Reads the target of a cursor's rows.</summary>
    public abstract TargetReader Reader(DataViewRow row, DataViewSchema.Column label, ClassifierSettings settings);

    /// <summary>The columns that are added.</summary>
    /// <param name="names">What they are called.</param>
    /// <param name="classes">Number of classes C.</param>
    /// <param name="labels">What the classes stand for.</param>
    /// <param name="setId">The number of this scorer among those of the schema.</param>
    public abstract DataViewSchema.DetachedColumn[] Columns(ClassifierSettings names, int classes, KeyValues? labels, uint setId);

    /// <summary>What computes these columns.</summary>
    public abstract BatchMapper Mapper(AttentionClassifierModel model, ClassifierSettings settings, int batchSize);

    private protected static DataViewSchema.DetachedColumn Column(string name, DataViewType type, string kind, string value, uint setId, Action<DataViewSchema.Annotations.Builder>? more = null)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddScore(setId, kind, value);
        more?.Invoke(annotations);
        return new(name, type, annotations.ToAnnotations());
    }

    /// <summary>The scores of all classes: their names are the slots'.</summary>
    private protected static void NameClasses(DataViewSchema.Annotations.Builder score, KeyValues? labels)
    {
        labels?.AddTo(score, AnnotationKinds.TrainingLabelValues);
        if (labels?.Texts is { } names) score.AddTexts(AnnotationKinds.SlotNames, names);
    }
}

/// <summary>Adds a row with its target to a dataset.</summary>
internal abstract class TargetReader
{
    /// <summary>Adds the current row.</summary>
    /// <returns>False, with nothing added, when the row's target is missing.</returns>
    public abstract bool Add(TokenDatasetBuilder builder, ReadOnlySpan<int> tokens, float weight, int? group);
}

/// <summary>Maps the sequences that a trained classifier takes.</summary>
internal abstract class ModelMapper(AttentionClassifierModel model, string inputName, int batchSize)
    : SequenceBatchMapper(inputName, model.VocabularySize, model.Architecture, batchSize)
{
    private float[] _scores = [];
    private int _rowFloats;

    protected AttentionClassifierModel Model => model;

    /// <summary>Scores the rows of a batch; each row's logits become what its task shows.</summary>
    public override void Run(int count)
    {
        var batch = Build(count);
        int floats = model.Configuration.LogitCount(batch);
        if (_scores.Length < floats) _scores = new float[floats];
        model.Scorer.Score(batch, _scores.AsSpan(0, floats));
        _rowFloats = floats / count;
        Finish(_scores.AsSpan(0, floats));
    }

    /// <summary>Turns the logits of all vectors into what is shown.</summary>
    protected virtual void Finish(Span<float> logits)
    {
        for (int at = 0; at < logits.Length; at += model.ClassCount) model.Configuration.Objective.Activate(logits.Slice(at, model.ClassCount));
    }

    /// <summary>The scores of a row: [C], or [L,C] of its tokens with padding.</summary>
    protected Span<float> Row(int row) => _scores.AsSpan(row * _rowFloats, _rowFloats);
}
