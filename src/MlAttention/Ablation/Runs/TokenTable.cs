using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Data;
using MlAttention.Pipeline.Schema;

namespace MlAttention.Ablation.Runs;

/// <summary>Tokenised texts as an ML.NET data view, so that what users train and test with trains and tests here too.</summary>
internal static class TokenTable
{
    /// <summary>Name of the column with the sequence, a variable vector of keys; key 0 is an unknown token.</summary>
    public const string Tokens = nameof(Row.Tokens);

    /// <summary>Name of the column with the label, a key.</summary>
    public const string Label = nameof(Row.Label);

    /// <summary>The texts, row by row while the view is used.</summary>
    /// <param name="context">Where the view lives.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="classes">Names of the label's keys.</param>
    public static IDataView Of(MLContext context, TokenDataset texts, IReadOnlyList<string> classes)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[Tokens].ColumnType = new VectorDataViewType(new KeyDataViewType(typeof(uint), texts.VocabularySize));
        schema[Label].ColumnType = new KeyDataViewType(typeof(uint), texts.ClassCount);
        schema[Label].AddAnnotation(AnnotationKinds.KeyValues,
            new VBuffer<ReadOnlyMemory<char>>(classes.Count, [.. classes.Select(name => name.AsMemory())]),
            new VectorDataViewType(TextDataViewType.Instance, classes.Count));
        return context.Data.LoadFromEnumerable(Rows(texts), schema);
    }

    private static IEnumerable<Row> Rows(TokenDataset texts) => Enumerable.Range(0, texts.Count).Select(row => new Row
    {
        Tokens = Array.ConvertAll(texts.Row(row).ToArray(), token => token > texts.VocabularySize ? 0u : (uint)token),
        Label = (uint)texts.Labels[row],
    });

    private sealed class Row
    {
        // ML.NET takes a vector's keys as they are, 1-based with 0 for missing.
        public uint[] Tokens { get; set; } = [];

        // ML.NET counts a scalar key of an object from 0.
        public uint Label { get; set; }
    }
}
