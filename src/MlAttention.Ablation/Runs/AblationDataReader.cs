using Microsoft.ML.Transforms;
using MlAttention.Classification;
using MlAttention.Schema;

namespace MlAttention.Ablation.Runs;

/// <summary>Turns texts of ML.NET data views into token sequences, through an ML.NET pipeline fitted to the training texts.</summary>
internal sealed class AblationDataReader(MLContext context, AblationPlan plan)
{
    private const string Tokens = "AblationTokens", Label = "AblationLabel";

    /// <summary>Reads texts that come as one set, with the plan's share of them as test texts.</summary>
    /// <exception cref="ArgumentException">A column is missing, there are too few rows, or there is only one class; the message says which.</exception>
    public AblationData Read(IDataView data)
    {
        RequireColumns(data.Schema, "ablation's");
        RequireTwoClasses(KeyedLabels().Fit(data).GetOutputSchema(data.Schema)[Label].KeyTexts());
        var (train, test) = TestSplit.Of(context, data, plan);
        return Read(train, test);
    }

    /// <summary>Reads both sets.</summary>
    /// <exception cref="ArgumentException">A column is missing, a set is empty, or there is only one class; the message says which.</exception>
    public AblationData Read(IDataView train, IDataView test)
    {
        RequireColumns(train.Schema, "training");
        RequireColumns(test.Schema, "test");
        var pipeline = KeyedLabels().Append(context.Attention().TokenizeSequence(Tokens, plan.TextColumn));
        var fitted = pipeline.Fit(train);
        var (trainTokens, testTokens) = (fitted.Transform(train), fitted.Transform(test));
        var classes = trainTokens.Schema[Label].KeyTexts();
        RequireTwoClasses(classes);
        // One token is left free for CLS, so that reordering comes after truncation for every pooling.
        var columns = new AttentionClassifierOptions(plan.Model) { TokensColumnName = Tokens, LabelColumnName = Label, SamplingKeyColumnName = plan.GroupColumn };
        var (training, tests) = (TokenDatasetReader.Read(trainTokens, columns), TokenDatasetReader.Read(testTokens, columns));
        if (training.Count == 0 || tests.Count == 0) throw new ArgumentException($"There are {training.Count} training and {tests.Count} test texts with a known label; an ablation needs both.");
        return new() { Training = training, Test = tests, Classes = classes, Vocabulary = trainTokens.Schema[Tokens].KeyTexts() };
    }

    private ValueToKeyMappingEstimator KeyedLabels() => context.Transforms.Conversion
        .MapValueToKey(Label, plan.LabelColumn, keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue, addKeyValueAnnotationsAsText: true);

    private void RequireTwoClasses(IReadOnlyList<string> classes)
    {
        if (classes.Count < 2) throw new ArgumentException($"Column '{plan.LabelColumn}' has only {classes.Count} label{(classes.Count == 1 ? $", '{classes[0]}'" : "s")}; an ablation needs at least 2.");
    }

    private void RequireColumns(DataViewSchema schema, string set)
    {
        foreach (string? name in new[] { plan.TextColumn, plan.LabelColumn, plan.GroupColumn })
            if (name is not null && schema.GetColumnOrNull(name) is null)
                throw new ArgumentException($"The {set} data has no column '{name}'. It has: {string.Join(", ", schema.Where(column => !column.IsHidden).Select(column => column.Name))}.");
    }
}
