using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Pipeline;

namespace MlAttention.Cli.Commands;

/// <summary>The pipeline that train fits, in two steps, so that what was read is known before training begins.</summary>
internal sealed class TrainingPipeline
{
    /// <summary>The columns that the pipeline makes of Text and Label.</summary>
    public const string Label = nameof(Label), Tokens = nameof(Tokens);

    private readonly MLContext _context;
    private readonly ITransformer[] _reading;

    /// <summary>Learns labels and vocabulary.</summary>
    /// <param name="context">The environment.</param>
    /// <param name="data">The training rows, with the columns Text and Label.</param>
    public TrainingPipeline(MLContext context, IDataView data)
    {
        _context = context;
        var labels = context.Transforms.Conversion.MapValueToKey(Label).Fit(data);
        var labelled = labels.Transform(data);
        var tokenizer = context.Attention().TokenizeSequence(Tokens, "Text").Fit(labelled);
        _reading = [labels, tokenizer];
        Training = tokenizer.Transform(labelled);
    }

    /// <summary>The training rows as keys.</summary>
    public IDataView Training { get; }

    /// <summary>Other rows as the keys of the training rows.</summary>
    public IDataView Read(IDataView data) => _reading.Aggregate(data, (rows, step) => step.Transform(rows));

    /// <summary>Trains the classifier.</summary>
    /// <param name="options">How.</param>
    /// <param name="validation">Rows that <see cref="Read"/> gave, which choose the epoch; null to hold some of the training rows out.</param>
    /// <returns>The whole pipeline: from Text and Label to PredictedText and Score.</returns>
    public ITransformer Fit(AttentionClassifierOptions options, IDataView? validation)
    {
        var estimator = _context.Attention().Classifier(options);
        var classifier = validation is null ? estimator.Fit(Training) : estimator.Fit(Training, validation);
        var names = _context.Transforms.Conversion.MapKeyToValue(SavedModel.PredictedText, "PredictedLabel").Fit(classifier.Transform(Training));
        return new TransformerChain<ITransformer>([.. _reading, classifier, names]);
    }
}
