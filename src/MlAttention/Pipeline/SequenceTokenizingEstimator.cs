using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlAttention.Data;
using MlAttention.Pipeline.Schema;
using MlAttention.Text;

namespace MlAttention.Pipeline;

/// <summary>Learns a vocabulary from texts, and turns texts into sequences of its keys.</summary>
/// <remarks>Made by <see cref="AttentionCatalog.TokenizeSequence(TokenizeSequenceOptions)"/>, whose documentation tells the columns.</remarks>
public sealed class SequenceTokenizingEstimator : SequenceEstimator<SequenceTokenizingTransformer>
{
    private readonly TokenizeSequenceOptions _options;

    internal SequenceTokenizingEstimator(IHostEnvironment environment, TokenizeSequenceOptions options)
        : base(environment, "TokenizeSequence")
    {
        options.Validate();
        _options = options;
        Requirements = [ColumnRequirement.Text("input", options.InputColumnName ?? options.OutputColumnName)];
    }

    private protected override IReadOnlyList<ColumnRequirement> Requirements { get; }

    private protected override DataViewSchema.DetachedColumn[] ExampleOutputColumns(SchemaShape input) =>
        [SequenceTokenizingTransformer.OutputColumn(_options.OutputColumnName, ["?"])];

    private protected override SequenceTokenizingTransformer Fit(IDataView input, IChannel channel)
    {
        var vocabulary = _options.VocabularyPath is null ? Learn(input) : VocabularyLearner.Read(_options.VocabularyPath, _options);
        channel.Info(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture, $"Vocabulary: {vocabulary.Size} tokens."));
        return new SequenceTokenizingTransformer(Host, _options, vocabulary);
    }

    private Vocabulary Learn(IDataView input)
    {
        var learner = new VocabularyLearner(_options);
        var column = Requirements[0].Check(input.Schema);
        using var cursor = input.GetRowCursor([column]);
        var getter = cursor.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> text = default;
        while (cursor.ReadNext())
        {
            getter(ref text);
            learner.Add(text.Span);
        }

        return learner.Learn();
    }
}
