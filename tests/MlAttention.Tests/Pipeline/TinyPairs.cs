using Microsoft.ML;

namespace MlAttention.Tests.Pipeline;

/// <summary>Pairs of texts whose label follows from the first text alone, while words of either animal stand in both: which part a word is of decides.</summary>
internal static class TinyPairs
{
    public static readonly string[] Columns = ["First", "Second"];

    public sealed class Row
    {
        public string First { get; set; } = "";

        public string Second { get; set; } = "";

        public string Label { get; set; } = "";
    }

    public static Row[] Rows(int count, int seed = 7)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            int first = random.Next(3), second = (first + random.Next(1, 3)) % 3;
            return new Row { First = Text(first), Second = Text(second), Label = TinyTexts.Labels[first] };
        })];

        string Text(int label) => string.Join(' ', Enumerable.Range(0, random.Next(1, 5)).Select(_ => TinyTexts.Words[label][random.Next(3)]));
    }

    public static IDataView Data(MLContext ml, int count, int seed = 7) => ml.Data.LoadFromEnumerable(Rows(count, seed));

    /// <summary>Texts that are hard to divide: empty ones, long ones, separators that are written out.</summary>
    public static (string First, string Second)[] Hard { get; } =
    [
        ("bark bone", "purr"), ("purr", "bark bone"), ("", ""), ("hoot", ""), ("", "hoot"), ("bark [SEP] hoot", "purr"), ("bark", "[SEP] hoot [SEP]"),
        (string.Join(' ', Enumerable.Repeat("flies night", 20)), "bark"), ("bark", string.Join(' ', Enumerable.Repeat("flies night", 20))),
        (string.Join(' ', Enumerable.Repeat("purr", 30)), string.Join(' ', Enumerable.Repeat("bark", 31))), ("zebra", "caf\u00e9 d\u2019hoot \U0001F989"),
    ];

    /// <summary>From pairs to predicted labels as texts, of a vocabulary of their own.</summary>
    public static IEstimator<ITransformer> Pipeline(MLContext ml, AttentionClassifierOptions? options = null) => ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.Attention().TokenizeSequence("Tokens", Columns))
        .Append(ml.Attention().Classifier(options ?? TinyTexts.Classifier with { TokenTypes = 2 }))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    /// <summary>The same of a pretrained encoder.</summary>
    public static IEstimator<ITransformer> Pretrained(MLContext ml, AttentionClassifierOptions? options = null) => ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.Attention().PretrainedClassifier(options ?? TinyEncoder.Options(), Columns))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
}
