using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ServeHttp;

/// <summary>Predicts on many threads over one model: a prediction engine serves one thread at a time, so engines are pooled.</summary>
internal sealed class TextPredictor
{
    private readonly ConcurrentBag<PredictionEngine<TextRow, TextScore>> _idle = [];
    private readonly Func<PredictionEngine<TextRow, TextScore>> _createEngine;
    private readonly string[] _labels;

    /// <exception cref="ArgumentException">The model does not give a Score with a name for each label.</exception>
    public TextPredictor(MLContext ml, ITransformer model, DataViewSchema inputSchema)
    {
        _createEngine = () => ml.Model.CreatePredictionEngine<TextRow, TextScore>(model, new PredictionEngineOptions { OwnsTransformer = false });
        _labels = Labels(model.GetOutputSchema(inputSchema));
        _idle.Add(_createEngine());       // a model that does not fit fails now, not at the first request
    }

    public TextAnswer Predict(string text)
    {
        if (!_idle.TryTake(out var engine)) engine = _createEngine();
        try
        {
            var probabilities = _labels.Zip(engine.Predict(new TextRow { Text = text }).Score).ToDictionary(pair => pair.First, pair => pair.Second);
            return new TextAnswer(probabilities.MaxBy(pair => pair.Value).Key, probabilities);
        }
        finally
        {
            _idle.Add(engine);
        }
    }

    private static string[] Labels(DataViewSchema schema)
    {
        if (schema.GetColumnOrNull("Score") is not { } score || !score.HasSlotNames())
            throw new ArgumentException("The model must have a column Score with a name for each label: a classifier trained on labels that are texts.", nameof(schema));
        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private sealed class TextRow
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class TextScore
    {
        public float[] Score { get; set; } = [];
    }
}
