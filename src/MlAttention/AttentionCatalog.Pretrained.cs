using System.Runtime.CompilerServices;
using MlAttention;

namespace Microsoft.ML;

public sealed partial class AttentionCatalog
{
    /// <summary>Turns texts into sequences of a pretrained encoder's tokens.</summary>
    /// <param name="outputColumnName">The column with the sequence.</param>
    /// <param name="inputColumnName">The column with the text; null for the output's name.</param>
    /// <param name="encoder">The encoder, whose tokenizer is taken.</param>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>input</term><description>text</description></item>
    /// <item><term>output</term><description>variable vector of keys (UInt32): Hugging Face's ids + 1, with the special tokens of the family; the KeyValues annotation is the vocabulary</description></item>
    /// </list>
    /// Nothing is learned from the data, and nothing is cut here: the classifier cuts to its maximum length and keeps the special tokens.
    /// </remarks>
    [OverloadResolutionPriority(1)] // null names no columns
    public SequenceTokenizingEstimator TokenizeSequence(string outputColumnName, string? inputColumnName, PretrainedEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        return TokenizeSequence(outputColumnName, inputColumnName, encoder.Tokenizer);
    }

    /// <summary>Turns several texts of a row, such as a question and its answer, into one sequence of a pretrained encoder's tokens.</summary>
    /// <param name="outputColumnName">The column with the sequence.</param>
    /// <param name="inputColumnNames">2 or more columns with texts, in their order in the sequence.</param>
    /// <param name="encoder">The encoder, whose tokenizer is taken.</param>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>inputs</term><description>text</description></item>
    /// <item><term>output</term><description>variable vector of keys (UInt32): of a pair Hugging Face's ids + 1, [CLS] a [SEP] b [SEP] or &lt;s&gt; a &lt;/s&gt;&lt;/s&gt; b &lt;/s&gt; as the family wants it, and so on for more texts; the KeyValues annotation is the vocabulary</description></item>
    /// </list>
    /// Nothing is cut here: the classifier cuts the longer text first and keeps the special tokens. The classifier gives the second text token type
    /// 1 where the encoder has such a type and its tokenizer such texts, as BERT's have. A separator that is written out in a text is the unknown token.
    /// </remarks>
    /// <exception cref="ArgumentException">There are fewer than 2 columns, or the tokenizer's files do not tell how two texts stand together.</exception>
    public SequenceTokenizingEstimator TokenizeSequence(string outputColumnName, IReadOnlyList<string> inputColumnNames, PretrainedEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        return TokenizeSequence(outputColumnName, inputColumnNames, encoder.Tokenizer);
    }

    /// <summary>Turns several texts of a row into one sequence of a pretrained tokenizer's tokens.</summary>
    /// <param name="outputColumnName">The column with the sequence.</param>
    /// <param name="inputColumnNames">2 or more columns with texts, in their order in the sequence.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <remarks><inheritdoc cref="TokenizeSequence(string, IReadOnlyList{string}, PretrainedEncoder)" path="/remarks/node()"/></remarks>
    /// <exception cref="ArgumentException">There are fewer than 2 columns, or the tokenizer's files do not tell how two texts stand together.</exception>
    public SequenceTokenizingEstimator TokenizeSequence(string outputColumnName, IReadOnlyList<string> inputColumnNames, PretrainedTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(inputColumnNames);
        ArgumentNullException.ThrowIfNull(tokenizer);
        return TokenizeSequence(new TokenizeSequenceOptions
        {
            OutputColumnName = outputColumnName,
            InputColumnNames = inputColumnNames,
            Tokenizer = TokenizerKind.Pretrained,
            Pretrained = tokenizer,
        });
    }

    /// <summary>Turns texts into sequences of a pretrained tokenizer's tokens.</summary>
    /// <param name="outputColumnName">The column with the sequence.</param>
    /// <param name="inputColumnName">The column with the text; null for the output's name.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <remarks><inheritdoc cref="TokenizeSequence(string, string?, PretrainedEncoder)" path="/remarks/node()"/></remarks>
    [OverloadResolutionPriority(1)]
    public SequenceTokenizingEstimator TokenizeSequence(string outputColumnName, string? inputColumnName, PretrainedTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return TokenizeSequence(new TokenizeSequenceOptions
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            Tokenizer = TokenizerKind.Pretrained,
            Pretrained = tokenizer,
        });
    }

    /// <summary>Fine-tunes a pretrained encoder as a classifier of texts, binary or multi-class.</summary>
    /// <param name="encoder">The encoder to start from.</param>
    /// <param name="textColumnName">The column with the text.</param>
    /// <param name="labelColumnName">The column with the label, a key.</param>
    /// <param name="epochs">Passes over the training rows, at most; null for those of <see cref="TrainingOptions.FineTuning"/>.</param>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>text (input)</term><description>text</description></item>
    /// <item><term>label (input)</term><description>key; rows without a label are left out and counted</description></item>
    /// <item><term>Tokens (output)</term><description>variable vector of keys (UInt32): the tokens of the encoder's tokenizer</description></item>
    /// <item><term>PredictedLabel (output)</term><description>key (UInt32) with the label's KeyValues</description></item>
    /// <item><term>Score (output)</term><description>vector of Single: the probability of each class; SlotNames are the label's texts</description></item>
    /// </list>
    /// It stands where Microsoft.ML.TorchSharp's <c>MulticlassClassification.Trainers.TextClassification</c> stands: the same kinds of
    /// columns in and out. It is <see cref="TokenizeSequence(string, string?, PretrainedEncoder)"/> and, after it, <see cref="Classifier(AttentionClassifierOptions)"/>.
    /// </remarks>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    /// <example><code source="PretrainedClassifier_Short">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadCsv("reviews.csv");
    /// PretrainedEncoder encoder = PretrainedEncoder.Load("minilm");       // a Hugging Face folder
    /// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(attention.PretrainedClassifier(encoder, epochs: 3))
    ///     .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
    /// ITransformer model = pipeline.Fit(data);
    /// Console.WriteLine(model.Transform(data).GetColumn&lt;string&gt;("PredictedLabel").First());
    /// </code></example>
    public EstimatorChain<AttentionClassifierTransformer> PretrainedClassifier(PretrainedEncoder encoder, string textColumnName = "Text", string labelColumnName = "Label", int? epochs = null)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        var options = new AttentionClassifierOptions(encoder) { LabelColumnName = labelColumnName };
        return PretrainedClassifier(epochs is { } count ? options with { Training = options.Training with { Epochs = count } } : options, textColumnName);
    }

    /// <summary>Fine-tunes a pretrained encoder as a classifier of several texts together, such as a question and its answer.</summary>
    /// <param name="encoder">The encoder to start from.</param>
    /// <param name="textColumnNames">2 or more columns with texts, in their order in the sequence.</param>
    /// <param name="labelColumnName">The column with the label, a key.</param>
    /// <param name="epochs">Passes over the training rows, at most; null for those of <see cref="TrainingOptions.FineTuning"/>.</param>
    /// <remarks>
    /// The columns are those of <see cref="PretrainedClassifier(PretrainedEncoder, string, string, int?)"/>, with several texts. It is
    /// <see cref="TokenizeSequence(string, IReadOnlyList{string}, PretrainedEncoder)"/> and, after it, <see cref="Classifier(AttentionClassifierOptions)"/>.
    /// </remarks>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    /// <example><code source="PretrainedClassifier_Pairs">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadCsv("questions.csv", ["Question", "Answer"]);
    /// PretrainedEncoder encoder = PretrainedEncoder.Load("minilm");
    /// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(attention.PretrainedClassifier(encoder, ["Question", "Answer"], epochs: 3))      // [CLS] question [SEP] answer [SEP]
    ///     .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
    /// ITransformer model = pipeline.Fit(data);
    /// Console.WriteLine(model.Transform(data).GetColumn&lt;string&gt;("PredictedLabel").First());
    /// </code></example>
    public EstimatorChain<AttentionClassifierTransformer> PretrainedClassifier(PretrainedEncoder encoder, IReadOnlyList<string> textColumnNames, string labelColumnName = "Label", int? epochs = null)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        var options = new AttentionClassifierOptions(encoder) { LabelColumnName = labelColumnName };
        return PretrainedClassifier(epochs is { } count ? options with { Training = options.Training with { Epochs = count } } : options, textColumnNames);
    }

    /// <summary>Fine-tunes a pretrained encoder as a classifier of several texts together, with training and columns of one's own.</summary>
    /// <param name="options">Columns and training, made by <see cref="AttentionClassifierOptions(PretrainedEncoder)"/>.</param>
    /// <param name="textColumnNames">2 or more columns with texts, in their order in the sequence.</param>
    /// <remarks><inheritdoc cref="PretrainedClassifier(PretrainedEncoder, IReadOnlyList{string}, string, int?)" path="/remarks/node()"/></remarks>
    /// <exception cref="ArgumentException">The options have no encoder, or a value is out of range; the message lists every such value.</exception>
    public EstimatorChain<AttentionClassifierTransformer> PretrainedClassifier(AttentionClassifierOptions options, IReadOnlyList<string> textColumnNames) =>
        TokenizeSequence(RequireEncoder(options).TokensColumnName, textColumnNames, options.Pretrained!).Append(Classifier(options));

    /// <summary>Fine-tunes a pretrained encoder as a classifier of texts, with training and columns of one's own.</summary>
    /// <param name="options">Columns, task and training, made by <see cref="AttentionClassifierOptions(PretrainedEncoder)"/>.</param>
    /// <param name="textColumnName">The column with the text; with <see cref="TaskKind.TokenLabels"/> the column with the words.</param>
    /// <remarks><inheritdoc cref="PretrainedClassifier(PretrainedEncoder, string, string, int?)" path="/remarks/node()"/></remarks>
    /// <exception cref="ArgumentException">The options have no encoder, or a value is out of range; the message lists every such value.</exception>
    /// <example><code source="PretrainedClassifier_Options">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadCsv("reviews.csv");
    /// PretrainedEncoder encoder = PretrainedEncoder.Load("minilm");
    /// var options = new AttentionClassifierOptions(encoder)
    /// {
    ///     MaxLength = 10,                                                 // texts are cut to 10 tokens
    ///     Training = TrainingOptions.FineTuning with { Epochs = 2, FrozenLayers = 1, BalanceClasses = true },
    /// };
    /// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(attention.PretrainedClassifier(options));
    /// var metrics = mlContext.MulticlassClassification.Evaluate(pipeline.Fit(data).Transform(data));
    /// Console.WriteLine($"accuracy {metrics.MicroAccuracy:0.000}");
    /// </code></example>
    public EstimatorChain<AttentionClassifierTransformer> PretrainedClassifier(AttentionClassifierOptions options, string textColumnName = "Text")
    {
        var encoder = RequireEncoder(options).Pretrained!;
        if (options.Task != TaskKind.TokenLabels) return TokenizeSequence(options.TokensColumnName, textColumnName, encoder).Append(Classifier(options));
        var ofWords = options with { WordStartsColumnName = options.WordStartsColumnName ?? DefaultWordStarts };
        var tokenizer = new TokenizeSequenceOptions { OutputColumnName = options.TokensColumnName, InputColumnName = textColumnName, Tokenizer = TokenizerKind.Pretrained, Pretrained = encoder.Tokenizer };
        return TokenizeWords(tokenizer, ofWords.WordStartsColumnName).Append(Classifier(ofWords));
    }

    private static AttentionClassifierOptions RequireEncoder(AttentionClassifierOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Pretrained is not null ? options
            : throw new ArgumentException("The options have no encoder: make them with new AttentionClassifierOptions(encoder), or use TokenizeSequence and Classifier to train from nothing.", nameof(options));
    }

    /// <summary>Turns texts into vectors with a pretrained encoder: features for any of ML.NET's trainers.</summary>
    /// <param name="outputColumnName">The column with the vectors.</param>
    /// <param name="inputColumnName">The column with the text; null for the output's name.</param>
    /// <param name="encoder">The encoder.</param>
    /// <param name="pooling">How the tokens' vectors become one: Mean, Max, First or Last; null for what the encoder's folder says.</param>
    /// <param name="normalize">Whether vectors are scaled to length 1; null for what the encoder's folder says.</param>
    /// <param name="maxLength">Longest text in tokens; null for what the encoder's folder says.</param>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>input</term><description>text</description></item>
    /// <item><term>output</term><description>vector of Single of the encoder's width D</description></item>
    /// </list>
    /// Nothing is learned from the data. The encoder is kept in the model that <c>mlContext.Model.Save</c> writes.
    /// </remarks>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    /// <example><code source="EmbedText_Short">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadCsv("reviews.csv");
    /// PretrainedEncoder encoder = PretrainedEncoder.Load("minilm");
    /// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(attention.EmbedText("Features", "Text", encoder))
    ///     .Append(mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy());
    /// ITransformer model = pipeline.Fit(data);
    /// Console.WriteLine(mlContext.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy);
    /// </code></example>
    public TextEmbeddingEstimator EmbedText(string outputColumnName, string? inputColumnName, PretrainedEncoder encoder,
        PoolingKind? pooling = null, bool? normalize = null, int? maxLength = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentNullException.ThrowIfNull(encoder);
        var embedder = new TextEmbedder(encoder, new TextEmbedderOptions { Pooling = pooling, Normalize = normalize, MaxLength = maxLength });
        return new TextEmbeddingEstimator(Environment, outputColumnName, inputColumnName ?? outputColumnName, embedder, encoder.Weights);
    }
}
