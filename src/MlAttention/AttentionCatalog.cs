using System.Runtime.CompilerServices;
using MlAttention;
using MlAttention.Csv;

namespace Microsoft.ML;

/// <summary>Attention for ML.NET pipelines; got by <see cref="AttentionExtensions.Attention"/>.</summary>
public sealed partial class AttentionCatalog
{
    internal AttentionCatalog(MLContext context) => Context = context;

    internal MLContext Context { get; }

    private IHostEnvironment Environment => Context;

    /// <summary>Reads a CSV file with a header as a data view, row by row while it is used.</summary>
    /// <param name="path">The file, or a pattern with * and ? in the file name and ** as the last folder.</param>
    /// <param name="textColumn">The column of the file with the text.</param>
    /// <param name="labelColumn">The column of the file with the label.</param>
    /// <returns>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>Text</term><description>text</description></item>
    /// <item><term>Label</term><description>text</description></item>
    /// </list>
    /// </returns>
    /// <exception cref="CsvDataException">A file is missing, empty or lacks a column, or a row cannot be read; the message names the place.</exception>
    /// <example><code source="LoadCsv_Short">
    /// var mlContext = new MLContext(seed: 1);
    /// IDataView data = mlContext.Attention().LoadCsv("reviews.csv");
    /// Console.WriteLine(data.GetColumn&lt;string&gt;("Text").First());
    /// </code></example>
    public IDataView LoadCsv(string path, string textColumn = "Text", string labelColumn = "Label") =>
        LoadCsv(new CsvOptions { TextColumns = [textColumn], LabelColumn = labelColumn }, path);

    /// <summary>Reads a CSV file with a header as a data view that leaves several columns of texts apart, such as questions and answers.</summary>
    /// <param name="path">The file, or a pattern with * and ? in the file name and ** as the last folder.</param>
    /// <param name="textColumns">The columns of the file with the texts.</param>
    /// <param name="labelColumn">The column of the file with the label.</param>
    /// <returns>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>the names of textColumns</term><description>text</description></item>
    /// <item><term>Label</term><description>text</description></item>
    /// </list>
    /// </returns>
    /// <exception cref="CsvDataException">A file is missing, empty or lacks a column, or a row cannot be read; the message names the place.</exception>
    public IDataView LoadCsv(string path, IReadOnlyList<string> textColumns, string labelColumn = "Label")
    {
        ArgumentNullException.ThrowIfNull(textColumns);
        return LoadCsv(new CsvOptions { TextColumns = [.. textColumns.Select(CsvColumn.FromString)], JoinTexts = false, LabelColumn = labelColumn }, path);
    }

    /// <summary>Reads CSV files as one data view, row by row while it is used.</summary>
    /// <param name="options">How the files are read.</param>
    /// <param name="paths">Files, or patterns with * and ? in the file name and ** as the last folder.</param>
    /// <returns>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>options.TextColumnName, or the names of options.TextColumns where they are not joined</term><description>text</description></item>
    /// <item><term>options.LabelColumnName, if there is a label</term><description>text, Single or Boolean</description></item>
    /// <item><term>options.WeightColumnName, if there is a weight</term><description>Single</description></item>
    /// <item><term>the names of options.KeptColumns</term><description>text</description></item>
    /// </list>
    /// </returns>
    /// <exception cref="ArgumentException">The options have errors; the message lists all of them.</exception>
    /// <exception cref="CsvDataException">A file is missing, empty or lacks a column, or a row cannot be read; the message names the place.</exception>
    /// <example><code source="LoadCsv_Options">
    /// var mlContext = new MLContext(seed: 1);
    /// IDataView data = mlContext.Attention().LoadCsv(
    ///     new CsvOptions { TextColumns = ["Title", "Body"], LabelColumn = "Stars", Delimiter = ";", BadRows = BadRowPolicy.Skip },
    ///     "reviews/*.csv");
    /// Console.WriteLine(data.GetColumn&lt;string&gt;("Text").First());
    /// </code></example>
    public IDataView LoadCsv(CsvOptions options, params string[] paths)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(paths);
        return new CsvDataView(Environment, paths, options);
    }

    /// <summary>Learns a vocabulary from texts, and turns texts into sequences of its keys.</summary>
    /// <param name="outputColumnName">The column with the sequence.</param>
    /// <param name="inputColumnName">The column with the text; null for the output's name.</param>
    /// <param name="tokenizer">What a token is.</param>
    /// <param name="maxSize">Largest vocabulary in tokens.</param>
    /// <param name="minCount">How often a token must occur to get a key.</param>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>input</term><description>text</description></item>
    /// <item><term>output</term><description>variable vector of keys (UInt32); the KeyValues annotation is the vocabulary; key 0 is a token without a key</description></item>
    /// </list>
    /// ML.NET's TokenizeIntoWords with MapValueToKey gives such a column too.
    /// </remarks>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    /// <example><code source="TokenizeSequence_Short">
    /// var mlContext = new MLContext(seed: 1);
    /// IDataView data = mlContext.Attention().LoadCsv("reviews.csv");
    /// var tokenizer = mlContext.Attention().TokenizeSequence("Tokens", "Text").Fit(data);
    /// uint[] keys = tokenizer.Transform(data).GetColumn&lt;uint[]&gt;("Tokens").First();
    /// Console.WriteLine(string.Join(' ', keys.Select(key =&gt; tokenizer.Vocabulary[(int)key - 1])));
    /// </code></example>
    [OverloadResolutionPriority(1)] // null names no columns
    public SequenceTokenizingEstimator TokenizeSequence(string outputColumnName, string? inputColumnName = null,
        TokenizerKind tokenizer = TokenizerKind.Word, int maxSize = 30_000, int minCount = 1) =>
        TokenizeSequence(new TokenizeSequenceOptions
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            Tokenizer = tokenizer,
            MaxSize = maxSize,
            MinCount = minCount,
        });

    /// <summary>Learns one vocabulary from several columns of texts, and turns each row's texts into one sequence: a pair such as a question and its answer.</summary>
    /// <param name="outputColumnName">The column with the sequence.</param>
    /// <param name="inputColumnNames">2 or more columns with texts, in their order in the sequence.</param>
    /// <param name="tokenizer">What a token is.</param>
    /// <param name="maxSize">Largest vocabulary in tokens, the separator included.</param>
    /// <param name="minCount">How often a token must occur to get a key.</param>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>inputs</term><description>text</description></item>
    /// <item><term>output</term><description>variable vector of keys (UInt32), with the separator [SEP] between two texts; the KeyValues annotation is the vocabulary; key 0 is a token without a key</description></item>
    /// </list>
    /// The classifier sees from the column which token separates: of a pair that is too long it cuts the longer text first, and with TokenTypes of
    /// 2 or more each text has a vector of its own that is added to its tokens.
    /// </remarks>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    public SequenceTokenizingEstimator TokenizeSequence(string outputColumnName, IReadOnlyList<string> inputColumnNames,
        TokenizerKind tokenizer = TokenizerKind.Word, int maxSize = 30_000, int minCount = 1)
    {
        ArgumentNullException.ThrowIfNull(inputColumnNames);
        return TokenizeSequence(new TokenizeSequenceOptions
        {
            OutputColumnName = outputColumnName,
            InputColumnNames = inputColumnNames,
            Tokenizer = tokenizer,
            MaxSize = maxSize,
            MinCount = minCount,
        });
    }

    /// <summary>Learns a vocabulary from texts or reads it from a file, and turns texts into sequences of its keys.</summary>
    /// <param name="options">Columns, tokenizer and vocabulary.</param>
    /// <remarks><inheritdoc cref="TokenizeSequence(string, string?, TokenizerKind, int, int)" path="/remarks/node()"/></remarks>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    /// <example><code source="TokenizeSequence_Options">
    /// var mlContext = new MLContext(seed: 1);
    /// IDataView data = mlContext.Attention().LoadCsv("reviews.csv");
    /// var options = new TokenizeSequenceOptions { Tokenizer = TokenizerKind.BytePair, MaxSize = 40, UnknownToken = "[UNK]", MaxLength = 3 };
    /// var tokenizer = mlContext.Attention().TokenizeSequence(options).Fit(data);
    /// int longest = tokenizer.Transform(data).GetColumn&lt;uint[]&gt;("Tokens").Max(keys =&gt; keys.Length);
    /// Console.WriteLine($"{tokenizer.Vocabulary.Count} tokens; longest row {longest}; {tokenizer.TruncatedRows} rows cut");
    /// </code></example>
    [OverloadResolutionPriority(1)]
    public SequenceTokenizingEstimator TokenizeSequence(TokenizeSequenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new SequenceTokenizingEstimator(Environment, options);
    }

    /// <summary>Trains a sequence classifier, binary or multi-class.</summary>
    /// <param name="labelColumnName">The column with the label, a key.</param>
    /// <param name="tokensColumnName">The column with the sequence, a vector of keys.</param>
    /// <param name="exampleWeightColumnName">The column with the rows' weights; null for none.</param>
    /// <param name="positions">How token order reaches the encoder.</param>
    /// <param name="epochs">Passes over the training rows, at most.</param>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>tokens (input)</term><description>vector of keys; in a vector of fixed length, zeros at the end are padding</description></item>
    /// <item><term>label (input)</term><description>key; rows without a label are left out and counted</description></item>
    /// <item><term>example weight (input, optional)</term><description>Single, 0 or more</description></item>
    /// <item><term>PredictedLabel (output)</term><description>key (UInt32) with the label's KeyValues</description></item>
    /// <item><term>Score (output)</term><description>vector of Single: the probability of each class; SlotNames are the label's texts</description></item>
    /// </list>
    /// <list type="table">
    /// <listheader><term>Trainer characteristics</term><description></description></listheader>
    /// <item><term>Machine learning task</term><description>binary and multi-class classification; with <see cref="SequenceModelOptions.Task"/> of the options also several labels, a label for each token, and regression, whose columns docs/TASKS.md tells</description></item>
    /// <item><term>Is normalization required?</term><description>no</description></item>
    /// <item><term>Is caching required?</term><description>no: the data is read once, into memory</description></item>
    /// <item><term>Exportable to ONNX</term><description>yes, with mlContext.Model.SaveOnnx; not with ConvertToOnnx</description></item>
    /// </list>
    /// </remarks>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    /// <example><code source="Classifier_Short">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadCsv("reviews.csv");
    /// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(attention.TokenizeSequence("Tokens", "Text"))
    ///     .Append(attention.Classifier(epochs: 8))
    ///     .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
    /// ITransformer model = pipeline.Fit(data);
    /// Console.WriteLine(model.Transform(data).GetColumn&lt;string&gt;("PredictedLabel").First());
    /// </code></example>
    public AttentionClassifierEstimator Classifier(string labelColumnName = "Label", string tokensColumnName = "Tokens",
        string? exampleWeightColumnName = null, PositionScheme positions = PositionScheme.Sinusoidal, int epochs = TrainingOptions.DefaultEpochs) =>
        Classifier(new AttentionClassifierOptions
        {
            LabelColumnName = labelColumnName,
            TokensColumnName = tokensColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            Positions = positions,
            Training = new() { Epochs = epochs },
        });

    /// <summary>Trains a sequence classifier, binary or multi-class, of any architecture.</summary>
    /// <param name="options">Columns, architecture and training.</param>
    /// <remarks><inheritdoc cref="Classifier(string, string, string?, PositionScheme, int)" path="/remarks/node()"/></remarks>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    /// <example><code source="Classifier_Options">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadCsv("reviews.csv");
    /// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(attention.TokenizeSequence("Tokens", "Text"))
    ///     .Append(attention.Classifier(new AttentionClassifierOptions
    ///     {
    ///         Positions = PositionScheme.Rotary,
    ///         ModelWidth = 32,
    ///         Heads = 4,
    ///         Layers = 1,
    ///         Training = new TrainingOptions { Epochs = 16, BalanceClasses = true },
    ///     }));
    /// var metrics = mlContext.MulticlassClassification.Evaluate(pipeline.Fit(data).Transform(data));
    /// Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());
    /// </code></example>
    public AttentionClassifierEstimator Classifier(AttentionClassifierOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new AttentionClassifierEstimator(Environment, options);
    }
}
