using MlAttention;
using MlAttention.TokenFiles;

namespace Microsoft.ML;

public sealed partial class AttentionCatalog
{
    /// <summary>Reads files with a label for each word, as for named entities, into memory: in CoNLL form or as JSON lines.</summary>
    /// <param name="path">The file; .jsonl, .ndjson and .json are JSON lines, others CoNLL.</param>
    /// <returns>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>Words</term><description>variable vector of texts</description></item>
    /// <item><term>Label</term><description>variable vector of texts, one for each word</description></item>
    /// </list>
    /// </returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line cannot be read; the message names file, line and fix.</exception>
    /// <example><code source="TokenLabels_FromConll">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadTokenLabels("entities.conll");                       // Words and Label, vectors of texts
    /// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(attention.TokenizeWords("Tokens", "Words"))
    ///     .Append(attention.Classifier(new AttentionClassifierOptions { Task = TaskKind.TokenLabels, WordStartsColumnName = "WordStarts" }));
    /// IDataView scored = pipeline.Fit(data).Transform(data);
    /// TokenLabelMetrics metrics = attention.EvaluateTokenLabels(scored);
    /// Console.WriteLine($"entities: precision {metrics.Entities!.Precision:0.000}, recall {metrics.Entities.Recall:0.000}, F1 {metrics.Entities.F1:0.000}");
    /// </code></example>
    public IDataView LoadTokenLabels(string path) => LoadTokenLabels(new TokenFileOptions(), path);

    /// <summary>Reads files with a label for each word, as the options say.</summary>
    /// <param name="options">How files are read.</param>
    /// <param name="paths">The files, one after another.</param>
    /// <returns><inheritdoc cref="LoadTokenLabels(string)" path="/returns/node()"/></returns>
    /// <exception cref="ArgumentException">An option is out of range, or no file is named.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line cannot be read; the message names file, line and fix.</exception>
    public IDataView LoadTokenLabels(TokenFileOptions options, params string[] paths)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(paths);
        options.Validate();
        if (paths.Length == 0) throw new ArgumentException("Name at least one file.", nameof(paths));
        Sentence[] sentences = [.. paths.SelectMany(path => new TokenFile(path, options).Read())];
        return options.HasLabels ? Context.Data.LoadFromEnumerable(sentences.Select(sentence => new LabelledSentence { Words = sentence.Words, Label = sentence.Labels }).ToArray())
            : Context.Data.LoadFromEnumerable(sentences.Select(sentence => new UnlabelledSentence { Words = sentence.Words }).ToArray());
    }

    /// <summary>Turns texts that are split into words already into sequences of a vocabulary's keys, and tells with which token each word begins.</summary>
    /// <param name="outputColumnName">The column with the sequence.</param>
    /// <param name="inputColumnName">The column with the words.</param>
    /// <param name="encoder">The pretrained encoder whose tokenizer is taken; null learns a vocabulary of words.</param>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>input</term><description>vector of texts: the words of a text</description></item>
    /// <item><term>output</term><description>variable vector of keys (UInt32): the tokens of all words; the KeyValues annotation is the vocabulary</description></item>
    /// <item><term>WordStarts</term><description>variable vector of UInt32, one for each word: the place of its first token, from 1; 0 for a word without a token</description></item>
    /// </list>
    /// Each word is tokenised by itself; a pretrained tokenizer's special tokens stand once around all of them.
    /// </remarks>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    public WordTokenizingEstimator TokenizeWords(string outputColumnName = "Tokens", string inputColumnName = "Words", PretrainedEncoder? encoder = null) =>
        TokenizeWords(new TokenizeSequenceOptions
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            Tokenizer = encoder is null ? TokenizerKind.Word : TokenizerKind.Pretrained,
            Pretrained = encoder?.Tokenizer,
        });

    /// <summary>Turns words into sequences of keys as the options say, and tells with which token each word begins.</summary>
    /// <param name="options">Columns, tokenizer and vocabulary; the input is the column with the words, and the longest sequence is the classifier's.</param>
    /// <param name="wordStartsColumnName">The column that tells where words begin.</param>
    /// <remarks><inheritdoc cref="TokenizeWords(string, string, PretrainedEncoder?)" path="/remarks/node()"/></remarks>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    public WordTokenizingEstimator TokenizeWords(TokenizeSequenceOptions options, string wordStartsColumnName = DefaultWordStarts)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(wordStartsColumnName);
        return new WordTokenizingEstimator(Environment, options, wordStartsColumnName);
    }

    /// <summary>Counts how well none to several labels of rows are predicted: micro and macro F1, subset accuracy, average precision.</summary>
    /// <param name="data">Rows that a classifier with <see cref="TaskKind.MultiLabel"/> has scored.</param>
    /// <param name="labelColumnName">The column with the labels, a vector of the same keys as the predicted ones.</param>
    /// <param name="scoreColumnName">The column with the probability of each label.</param>
    /// <param name="predictedLabelColumnName">The column with the predicted labels.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, of another type, or has other keys; the message names it.</exception>
    /// <exception cref="InvalidOperationException">There is no row.</exception>
    /// <example><code source="MultiLabel_FromCsv">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadCsv(new CsvOptions { LabelColumn = "Topics", LabelSeparator = "|" }, "topics.csv");
    /// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(attention.TokenizeSequence("Tokens", "Text"))
    ///     .Append(attention.Classifier(new AttentionClassifierOptions { Task = TaskKind.MultiLabel }));
    /// ITransformer model = pipeline.Fit(data);
    /// MultiLabelMetrics metrics = attention.EvaluateMultiLabel(model.Transform(data));
    /// Console.WriteLine($"micro F1 {metrics.MicroF1:0.000}, all labels right in {metrics.SubsetAccuracy:P0} of the rows");
    /// foreach (LabelMetrics label in metrics.Labels) Console.WriteLine($"{label.Label}: F1 {label.F1:0.000}, average precision {label.AveragePrecision:0.000}");
    /// </code></example>
    public MultiLabelMetrics EvaluateMultiLabel(IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score", string predictedLabelColumnName = "PredictedLabel")
    {
        ArgumentNullException.ThrowIfNull(data);
        var metrics = MultiLabelMetrics.Of(data, labelColumnName, scoreColumnName, predictedLabelColumnName);
        if (metrics.UnknownLabels > 0) Warn(string.Create(CultureInfo.InvariantCulture, $"{metrics.UnknownLabels} labels are none that the model knows; they count as not predicted."));
        return metrics;
    }

    /// <summary>Counts how well labels of tokens are predicted, and the entities that BIO labels spell: precision, recall and F1.</summary>
    /// <param name="data">Rows that a classifier with <see cref="TaskKind.TokenLabels"/> has scored.</param>
    /// <param name="labelColumnName">The column with the labels, a vector of the same keys as the predicted ones.</param>
    /// <param name="predictedLabelColumnName">The column with the predicted labels.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, of another type, or has other keys; the message names it.</exception>
    /// <exception cref="InvalidOperationException">No token has a label, or a row has more labels than predictions.</exception>
    public TokenLabelMetrics EvaluateTokenLabels(IDataView data, string labelColumnName = "Label", string predictedLabelColumnName = "PredictedLabel")
    {
        ArgumentNullException.ThrowIfNull(data);
        var metrics = TokenLabelMetrics.Of(data, labelColumnName, predictedLabelColumnName);
        if (metrics.TokensWithoutLabel > 0) Warn(string.Create(CultureInfo.InvariantCulture, $"{metrics.TokensWithoutLabel} tokens have no label, or one that the model does not know; they count for nothing."));
        return metrics;
    }

    internal const string DefaultWordStarts = "WordStarts";

    private void Warn(string sentence)
    {
        using var channel = Environment.Register("Evaluate").Start("Evaluate");
        channel.Warning(MessageSensitivity.None, sentence);
    }
}
