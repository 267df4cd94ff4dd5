using MlAttention;

namespace Microsoft.ML;

public sealed partial class AttentionCatalog
{
    /// <summary>Trains a fitted classifier on, with rows that may have new words and new labels: its tokenizer, and after it the classifier.</summary>
    /// <param name="model">The pipeline of the classifier, loaded or just fitted.</param>
    /// <param name="training">How it is trained; null for the defaults of its kind, which are those of <see cref="TrainingOptions.FineTuning"/> for a pretrained encoder.</param>
    /// <param name="labelColumnName">The column with the label, a key.</param>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>text (input), Tokens, PredictedLabel, Score (output)</term><description>those of <paramref name="model"/>, with its names</description></item>
    /// <item><term>label (input)</term><description>key; rows without a label are left out and counted</description></item>
    /// </list>
    /// Words of the earlier vocabulary keep their vectors, new ones are added after them (<see cref="TokenizeSequenceOptions.InitialVocabulary"/>);
    /// a pretrained encoder's vocabulary is fixed. Rows of the head are found by the label: those of new labels start from the seed, those of
    /// labels that the column's keys lack are dropped, with a warning. <see cref="LabelKeys"/> keeps them. It is <see cref="TokenizeSequence(TokenizeSequenceOptions)"/>
    /// with <see cref="SequenceTokenizingTransformer.ContinueOptions"/>, and <see cref="Classifier(AttentionClassifierOptions)"/> with
    /// <see cref="AttentionClassifierOptions.ContinueFrom"/>.
    /// </remarks>
    /// <exception cref="ArgumentException">The pipeline has no tokenizer and classifier that belong together, or a value is out of range; the message says what.</exception>
    public EstimatorChain<AttentionClassifierTransformer> ContinueClassifier(ITransformer model, TrainingOptions? training = null, string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(model);
        var (tokenizer, vocabulary, classifier) = TextPipeline.Steps(model, "a classifier to train on");
        var options = classifier.Settings.ApplyTo(new AttentionClassifierOptions(classifier.Model) { LabelColumnName = labelColumnName });
        if (training is not null) options = options with { Training = training };
        var words = tokenizer.ContinuedFrom(vocabulary);
        return options.WordStartsColumnName is { } starts ? TokenizeWords(words, starts).Append(Classifier(options)) : TokenizeSequence(words).Append(Classifier(options));
    }

    /// <summary>
    /// The labels of a fitted classifier in their order, then those that data adds: as keyData of MapValueToKey they keep labels of which the
    /// data has no row, so that the classifier that is trained on still knows them.
    /// </summary>
    /// <param name="model">The pipeline of the classifier, loaded or just fitted.</param>
    /// <param name="data">The rows that it is trained on.</param>
    /// <param name="labelColumnName">Their column with the label, of the type that the classifier's labels had before they were keys.</param>
    /// <returns>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>Value</term><description>the label's type</description></item>
    /// </list>
    /// </returns>
    /// <exception cref="ArgumentException">The pipeline has no classifier, or nothing says what its classes stand for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or has another type.</exception>
    public IDataView LabelKeys(ITransformer model, IDataView data, string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        var labels = TextPipeline.ClassifierOf(model, "a classifier to train on").Model.Labels
            ?? throw new ArgumentException("Nothing says what the classifier's classes stand for: its label column had keys without values.", nameof(model));
        return labels.Union(Context, data, labelColumnName);
    }
}
