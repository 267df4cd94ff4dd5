using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MlAttention.Classification;
using MlAttention.Core.Text;
using MlAttention.Rows;
using MlAttention.Schema;

namespace MlAttention.Ablation.Runs;

/// <summary>Turns texts of ML.NET data views into token sequences, through an ML.NET pipeline fitted to the training texts.</summary>
internal sealed class AblationDataReader(MLContext context, AblationPlan plan)
{
    private const string Tokens = "AblationTokens", Key = "AblationLabel";

    /// <summary>
    /// Reads texts that come as one set. The test texts are the plan's TestFraction of them, chosen by its SplitSeed: whole groups where the
    /// plan names a group column, otherwise the same share of each label. Both sets are in the order of the data.
    /// </summary>
    /// <exception cref="ArgumentException">A column is missing, there are too few rows, or there is only one class; the message says which.</exception>
    public AblationData Read(IDataView data)
    {
        RequireColumns(data.Schema, "ablation's");
        RequireTwoClasses(Keys(plan.LabelColumn).Fit(data).Transform(data).Schema[Key].KeyTexts());
        var (train, test) = Divide(Strata(data), plan.TestFraction);
        if (train.Length == 0 || test.Length == 0) throw new ArgumentException(Invariant($"{train.Length + test.Length} rows are too few for a test share of {plan.TestFraction}."));
        return Read(new RowSubset(data, train), new RowSubset(data, test));
    }

    /// <summary>Reads both sets.</summary>
    /// <exception cref="ArgumentException">A column is missing, a set is empty, or there is only one class; the message says which.</exception>
    public AblationData Read(IDataView train, IDataView test)
    {
        RequireColumns(train.Schema, "training");
        RequireColumns(test.Schema, "test");
        (train, test) = (PartOf(train, plan.TrainingTexts), PartOf(test, plan.TestTexts));
        var pipeline = Keys(plan.LabelColumn).Append(context.Attention().TokenizeSequence(new TokenizeSequenceOptions { OutputColumnName = Tokens, InputColumnName = plan.TextColumn, InputColumnNames = plan.TextColumns }));
        var fitted = pipeline.Fit(train);
        var (trainTokens, testTokens) = (fitted.Transform(train), fitted.Transform(test));
        var classes = trainTokens.Schema[Key].KeyTexts();
        RequireTwoClasses(classes);
        // One token is left free for CLS, so that reordering comes after truncation for every pooling.
        var columns = new AttentionClassifierOptions(plan.IsPretrained ? new SequenceModelOptions { MaxLength = plan.Model.MaxLength } : plan.Model) { TokensColumnName = Tokens, LabelColumnName = Key, SamplingKeyColumnName = plan.GroupColumn };
        if (trainTokens.Schema[Tokens].Parts() is { } ofWords) columns = ofWords.ApplyTo(columns);
        var (training, tests) = (TokenDatasetReader.Read(trainTokens, columns), TokenDatasetReader.Read(testTokens, columns));
        if (training.Count == 0 || tests.Count == 0) throw new ArgumentException($"There are {training.Count} training and {tests.Count} test texts with a known label; an ablation needs both.");
        return new(training, tests, classes, trainTokens.Schema[Tokens].KeyTexts()) { TestParts = Texts(testTokens), Words = Words(trainTokens, testTokens), Parts = Parts(trainTokens) };
    }

    /// <summary>Each row's group where the plan names a group column, otherwise its label.</summary>
    private string[] Strata(IDataView data) => Values(Keys(plan.GroupColumn ?? plan.LabelColumn).Fit(data).Transform(data));

    /// <summary>Divides rows: whole groups, or the same share of each label.</summary>
    private (int[] First, int[] Second) Divide(string[] strata, double fraction) =>
        plan.GroupColumn is null ? RowSplit.Stratified(strata, fraction, plan.SplitSeed) : RowSplit.Grouped(strata, fraction, plan.SplitSeed);

    private IDataView PartOf(IDataView data, int? texts)
    {
        if (texts is not { } wanted) return data;
        string[] strata = Strata(data);
        return strata.Length <= wanted ? data : new RowSubset(data, Divide(strata, wanted / (double)strata.Length).Second);
    }

    /// <summary>The words of the texts with a label, for a pretrained encoder.</summary>
    private PretrainedTexts? Words(IDataView train, IDataView test)
    {
        if (!plan.IsPretrained) return null;
        var encoder = plan.Pretrained ?? throw new ArgumentException($"The plan is one for the pretrained encoder {plan.PretrainedDetails!.Encoder?.Name}, and that is not here: set {nameof(AblationPlan.Pretrained)} to it.");
        return PretrainedTexts.Of(new PieceReader(encoder, plan.Model.MaxLength), Texts(train), Texts(test));
    }

    /// <summary>How the parts of texts stand together in what the models read: an encoder has a separator of its own.</summary>
    private TextParts? Parts(IDataView words)
    {
        if (plan.TextColumns is null || plan.Pretrained is not { } encoder) return words.Schema[Tokens].Parts();
        var options = new TokenizeSequenceOptions { InputColumnNames = plan.TextColumns, Tokenizer = TokenizerKind.Pretrained, Pretrained = encoder.Tokenizer };
        options.Validate();
        return TextParts.Of(options, new Vocabulary(encoder.Tokenizer.Tokens));
    }

    /// <summary>The texts with a label: the parts of each, or the one text.</summary>
    private string[][] Texts(IDataView data)
    {
        uint[] keys = [.. data.GetColumn<uint>(Key)];
        string[][] columns = [.. TextColumns.Select(column => data.GetColumn<string>(column).ToArray())];
        return [.. Enumerable.Range(0, keys.Length).Where(row => keys[row] != 0).Select(row => Array.ConvertAll(columns, column => column[row]))];
    }

    private IReadOnlyList<string> TextColumns => plan.TextColumns ?? [plan.TextColumn];

    private ValueToKeyMappingEstimator Keys(string column) => context.Transforms.Conversion
        .MapValueToKey(Key, column, keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue, addKeyValueAnnotationsAsText: true);

    private static string[] Values(IDataView keyed)
    {
        var names = keyed.Schema[Key].KeyTexts();
        return [.. keyed.GetColumn<uint>(Key).Select(key => key == 0 ? "" : names[(int)key - 1])];
    }

    private void RequireTwoClasses(IReadOnlyList<string> classes)
    {
        if (classes.Count < 2) throw new ArgumentException($"Column '{plan.LabelColumn}' has only {classes.Count} label{(classes.Count == 1 ? $", '{classes[0]}'" : "s")}; an ablation needs at least 2.");
    }

    private void RequireColumns(DataViewSchema schema, string set)
    {
        foreach (string? name in TextColumns.Append(plan.LabelColumn).Append(plan.GroupColumn))
            if (name is not null && schema.GetColumnOrNull(name) is null)
                throw new ArgumentException($"The {set} data has no column '{name}'. It has: {string.Join(", ", schema.Where(column => !column.IsHidden).Select(column => column.Name))}.");
    }
}
