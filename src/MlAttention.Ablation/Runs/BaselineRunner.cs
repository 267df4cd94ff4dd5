using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms.Text;
using MlAttention.Schema;

namespace MlAttention.Ablation.Runs;

/// <summary>Trains the models without attention on the same texts: ML.NET's n-gram counts, scaled to unit length, and its linear trainers.</summary>
internal static class BaselineRunner
{
    /// <summary>Name of the column with what a linear trainer sees.</summary>
    public const string Features = "Features";

    /// <summary>The baseline's predictions on the test texts and its number of parameters.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="data">The texts.</param>
    /// <param name="seed">Its seed, where there is chance in it.</param>
    /// <param name="encoder">The encoder whose vectors it takes, where it takes any.</param>
    public static (int[] Predictions, int Parameters) Run(BaselineKind kind, AblationData data, int seed, PretrainedEncoder? encoder = null)
    {
        var context = new MLContext(seed);
        var trainers = context.MulticlassClassification.Trainers;
        return kind switch
        {
            BaselineKind.Majority => (Majority(data), 0),
            BaselineKind.BagOfWords => Linear(context, trainers.LbfgsMaximumEntropy(Lbfgs()), data, words: 1),
            BaselineKind.BagOfBigrams => Linear(context, trainers.LbfgsMaximumEntropy(Lbfgs()), data, words: 2),
            BaselineKind.SdcaMaximumEntropy => Linear(context, trainers.SdcaMaximumEntropy(Sdca()), data, words: 2),
            BaselineKind.LengthOnly => VectorBaselines.Length(context, trainers.LbfgsMaximumEntropy(Lbfgs()), data),
            BaselineKind.StaticVectors => VectorBaselines.StaticVectors(context, trainers.LbfgsMaximumEntropy(Lbfgs()), data, encoder ?? throw new ArgumentNullException(nameof(encoder), $"{kind} needs a pretrained encoder.")),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such baseline."),
        };
    }

    private static int[] Majority(AblationData data)
    {
        int[] counts = data.Training.CountClasses();
        int most = Array.IndexOf(counts, counts.Max());
        return [.. Enumerable.Repeat(most, data.Test.Count)];
    }

    private static (int[], int) Linear(MLContext context, IEstimator<ITransformer> trainer, AblationData data, int words)
    {
        var pipeline = context.Transforms.Text.ProduceNgrams(Features, TokenTable.Tokens, ngramLength: words, skipLength: 0, useAllLengths: true, weighting: NgramExtractingEstimator.WeightingCriteria.Tf)
            .Append(context.Transforms.NormalizeLpNorm(Features))
            .Append(trainer);
        var scored = pipeline.Fit(View(data.Training)).Transform(View(data.Test));
        int features = ((VectorDataViewType)scored.Schema[Features].Type).Size;
        return ([.. scored.GetColumn<uint>("PredictedLabel").Select(key => (int)key - 1)], (features + 1) * data.Training.ClassCount);

        IDataView View(TokenDataset texts) => TokenTable.Of(context, texts, data.Classes);
    }

    // One thread, so that a seed always gives the same model. The regularization was chosen on held-out tenths of SNIPS and BANKING77.
    private static LbfgsMaximumEntropyMulticlassTrainer.Options Lbfgs() => new()
    {
        LabelColumnName = TokenTable.Label, FeatureColumnName = Features, NumberOfThreads = 1, L1Regularization = 0, L2Regularization = 0.1f,
    };

    private static SdcaMaximumEntropyMulticlassTrainer.Options Sdca() => new()
    {
        LabelColumnName = TokenTable.Label, FeatureColumnName = Features, NumberOfThreads = 1,
    };
}

/// <summary>Tokenised texts as an ML.NET data view, so that what users train and test with trains and tests here too.</summary>
internal static class TokenTable
{
    /// <summary>Name of the column with the sequence, a variable vector of keys; key 0 is an unknown token.</summary>
    public const string Tokens = nameof(TextRow.Tokens);

    /// <summary>Name of the column with the label, a key.</summary>
    public const string Label = nameof(TextRow.Label);

    /// <summary>The texts, row by row while the view is used.</summary>
    /// <param name="context">Where the view lives.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="classes">Names of the label's keys.</param>
    public static IDataView Of(MLContext context, TokenDataset texts, IReadOnlyList<string> classes)
    {
        var schema = SchemaDefinition.Create(typeof(TextRow));
        schema[Tokens].ColumnType = new VectorDataViewType(new KeyDataViewType(typeof(uint), texts.VocabularySize));
        schema[Label].ColumnType = new KeyDataViewType(typeof(uint), texts.ClassCount);
        schema[Label].AddAnnotation(AnnotationKinds.KeyValues,
            new VBuffer<ReadOnlyMemory<char>>(classes.Count, [.. classes.Select(name => name.AsMemory())]),
            new VectorDataViewType(TextDataViewType.Instance, classes.Count));
        return context.Data.LoadFromEnumerable(Rows(texts), schema);
    }

    private static IEnumerable<TextRow> Rows(TokenDataset texts) => Enumerable.Range(0, texts.Count).Select(row => new TextRow
    {
        Tokens = Array.ConvertAll(texts.Row(row).ToArray(), token => token > texts.VocabularySize ? 0u : (uint)token),
        Label = (uint)texts.Labels[row],
    });

    private sealed class TextRow
    {
        // ML.NET takes a vector's keys as they are, 1-based with 0 for missing.
        public uint[] Tokens { get; set; } = [];

        // ML.NET counts a scalar key of an object from 0.
        public uint Label { get; set; }
    }
}
