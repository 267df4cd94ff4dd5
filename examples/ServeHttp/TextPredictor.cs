using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ServeHttp;

/// <summary>Predicts on many threads over one model: a prediction engine serves one thread at a time, so engines are pooled.</summary>
internal sealed class TextPredictor
{
    private readonly ConcurrentBag<PredictionEngine<TextRow, TextPrediction>> _idle = [];
    private readonly Func<PredictionEngine<TextRow, TextPrediction>> _createEngine;
    private readonly string[] _labels;

    public TextPredictor(MLContext ml, ITransformer model, DataViewSchema inputSchema)
    {
        _createEngine = () => ml.Model.CreatePredictionEngine<TextRow, TextPrediction>(model, new PredictionEngineOptions { OwnsTransformer = false });
        VBuffer<ReadOnlyMemory<char>> labels = default;
        model.GetOutputSchema(inputSchema)["Score"].GetSlotNames(ref labels);
        _labels = [.. labels.DenseValues().Select(label => label.ToString())];
    }

    public TextAnswer Predict(string text)
    {
        if (!_idle.TryTake(out var engine)) engine = _createEngine();
        try
        {
            var prediction = engine.Predict(new TextRow { Text = text });
            var probabilities = _labels.Zip(prediction.Score).ToDictionary(pair => pair.First, pair => pair.Second);
            return new TextAnswer(prediction.PredictedLabel, probabilities);
        }
        finally
        {
            _idle.Add(engine);
        }
    }

    private sealed class TextRow
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class TextPrediction
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];
    }
}
