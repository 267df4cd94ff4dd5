using Microsoft.ML;

namespace MlAttention.Tests.Pipeline.Tasks;

/// <summary>Texts of <see cref="TinyTexts"/>'s words with something to predict for every task.</summary>
internal static class TaskTexts
{
    public const int RowCount = 157;

    public sealed class Row
    {
        public string Text { get; set; } = "";

        public string[] Words { get; set; } = [];

        /// <summary>The animals that words are of, none to all.</summary>
        public string[] Animals { get; set; } = [];

        /// <summary>B- and I- of the animal of each word; O for the owl's.</summary>
        public string[] Tags { get; set; } = [];

        /// <summary>500, and 40 times the share of the dog's words.</summary>
        public float Number { get; set; }

        /// <summary>Whether the text begins with a word of the dog's.</summary>
        public bool IsDog { get; set; }

        public float Id { get; set; }
    }

    public static Row[] Rows(int count, int seed = 11)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(id =>
        {
            int[] animals = [.. Enumerable.Range(0, random.Next(0, 8)).Select(_ => random.Next(3))];
            string[] words = [.. animals.Select(animal => TinyTexts.Words[animal][random.Next(3)])];
            return new Row
            {
                Text = string.Join(' ', words),
                Words = words,
                Animals = [.. animals.Distinct().Select(animal => TinyTexts.Labels[animal])],
                Tags = [.. animals.Select((animal, i) => animal == 2 ? "O" : $"{(i > 0 && animals[i - 1] == animal ? "I" : "B")}-{TinyTexts.Labels[animal]}")],
                Number = 500 + 40f * animals.Count(animal => animal == 0) / Math.Max(1, animals.Length),
                IsDog = animals is [0, ..],
                Id = id,
            };
        })];
    }

    public static IDataView Data(MLContext ml, int count = RowCount, int seed = 11) => ml.Data.LoadFromEnumerable(Rows(count, seed));
}

/// <summary>A task in a pipeline, from nothing or on a pretrained encoder.</summary>
public sealed record TaskCase(string Name, bool Pretrained)
{
    private static readonly string[] s_names = ["MultiLabel", "TokenLabels", "Regression", "Binary", "BinaryKey"];

    internal static readonly TaskCase[] All = [.. new[] { false, true }.SelectMany(pretrained => s_names.Select(name => new TaskCase(name, pretrained)))];

    public static TheoryData<TaskCase> Cases => [.. All];

    public string[] Outputs => Name switch
    {
        "Regression" => ["Score"],
        "Binary" or "BinaryKey" => ["PredictedLabel", "Score", "Probability"],
        _ => ["PredictedLabel", "Score"],
    };

    /// <summary>The pipeline over <see cref="TaskTexts"/>.</summary>
    internal IEstimator<ITransformer> Pipeline(MLContext ml, int epochs = 2, Func<AttentionClassifierOptions, AttentionClassifierOptions>? change = null)
    {
        var attention = ml.Attention();
        var options = Options(epochs);
        options = change?.Invoke(options) ?? options;
        IEstimator<ITransformer> tokens = Name == "TokenLabels"
            ? attention.TokenizeWords("Tokens", "Words", Pretrained ? TinyEncoder.Shared : null)
            : Pretrained ? attention.TokenizeSequence("Tokens", "Text", TinyEncoder.Shared) : attention.TokenizeSequence("Tokens", "Text");
        var keys = Name switch
        {
            "MultiLabel" => ml.Transforms.Conversion.MapValueToKey("Label", "Animals").Append(tokens),
            "TokenLabels" => ml.Transforms.Conversion.MapValueToKey("Label", "Tags").Append(tokens),
            "BinaryKey" => ml.Transforms.Conversion.MapValueToKey("Label", "IsDog", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Append(tokens),
            _ => tokens,
        };
        return keys.Append(attention.Classifier(options));
    }

    private AttentionClassifierOptions Options(int epochs)
    {
        var start = Pretrained ? TinyEncoder.Options() : TinyTexts.Classifier;
        start = start with { Training = start.Training with { Epochs = epochs, Seed = 3, RareTokenDropout = 0 } };
        return Name switch
        {
            "MultiLabel" => start with { Task = TaskKind.MultiLabel },
            "TokenLabels" => start with { Task = TaskKind.TokenLabels, WordStartsColumnName = "WordStarts" },
            "Regression" => start with { Task = TaskKind.Regression, LabelColumnName = "Number" },
            "BinaryKey" => start with { BinaryColumns = true },
            _ => start with { BinaryColumns = true, LabelColumnName = "IsDog" },
        };
    }

    public override string ToString() => Name + (Pretrained ? " pretrained" : "");
}
