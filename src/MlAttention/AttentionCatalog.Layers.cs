using MlAttention;

namespace Microsoft.ML;

public sealed partial class AttentionCatalog
{
    /// <summary>Looks up a vector for each token: x = sqrt(D) · embedding[token].</summary>
    /// <param name="outputColumnName">The column with the vectors.</param>
    /// <param name="inputColumnName">The column with the sequence; null for the output's name.</param>
    /// <param name="width">Width D of a vector.</param>
    /// <param name="seed">The seed of the vectors; null draws it from the MLContext.</param>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>input</term><description>vector of keys</description></item>
    /// <item><term>output</term><description>variable vector of Single, dimensions [L,D] with L the row's number of tokens</description></item>
    /// </list>
    /// The vectors are not trained: they come from the seed, or from a safetensors file.
    /// </remarks>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    /// <example><code source="EmbedTokens_Short">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadCsv("reviews.csv");
    /// var pipeline = attention.TokenizeSequence("Tokens", "Text")
    ///     .Append(attention.EmbedTokens("Embeddings", "Tokens", width: 32));
    /// float[] vectors = pipeline.Fit(data).Transform(data).GetColumn&lt;float[]&gt;("Embeddings").First();
    /// Console.WriteLine($"{vectors.Length / 32} tokens of 32 numbers");
    /// </code></example>
    public SequenceLayerEstimator EmbedTokens(string outputColumnName, string? inputColumnName = null, int width = 64, int? seed = null) =>
        EmbedTokens(new EmbedTokensOptions { OutputColumnName = outputColumnName, InputColumnName = inputColumnName, Width = width, Seed = seed });

    /// <inheritdoc cref="EmbedTokens(string, string?, int, int?)"/>
    /// <param name="options">Columns, width, and where the vectors come from.</param>
    /// <example><code source="EmbedTokens_Options">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadCsv("reviews.csv");
    /// var pipeline = attention.TokenizeSequence("Tokens", "Text")
    ///     .Append(attention.EmbedTokens(new EmbedTokensOptions { Width = 32, Seed = 7 }));
    /// float[] vectors = pipeline.Fit(data).Transform(data).GetColumn&lt;float[]&gt;("Embeddings").First();
    /// Console.WriteLine($"{vectors.Length / 32} tokens of 32 numbers");
    /// </code></example>
    public SequenceLayerEstimator EmbedTokens(EmbedTokensOptions options) => Layer(options);

    /// <summary>Adds positions to token vectors: x_i + p_i.</summary>
    /// <param name="outputColumnName">The column with the sums.</param>
    /// <param name="inputColumnName">The column with the vectors; null for the output's name.</param>
    /// <param name="positions">The scheme: none, sinusoidal or learned; the others act inside attention.</param>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>input</term><description>variable vector of Single, dimensions [L,D]</description></item>
    /// <item><term>output</term><description>variable vector of Single, dimensions [L,D]</description></item>
    /// </list>
    /// </remarks>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    /// <example><code source="AddPositions_Short">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadCsv("reviews.csv");
    /// var pipeline = attention.TokenizeSequence("Tokens", "Text")
    ///     .Append(attention.EmbedTokens("Embeddings", "Tokens", width: 32))
    ///     .Append(attention.AddPositions("Positioned", "Embeddings", PositionScheme.Sinusoidal));
    /// float[] vectors = pipeline.Fit(data).Transform(data).GetColumn&lt;float[]&gt;("Positioned").First();
    /// Console.WriteLine($"{vectors.Length / 32} tokens of 32 numbers");
    /// </code></example>
    public SequenceLayerEstimator AddPositions(string outputColumnName, string? inputColumnName = null, PositionScheme positions = PositionScheme.Sinusoidal) =>
        AddPositions(new AddPositionsOptions { OutputColumnName = outputColumnName, InputColumnName = inputColumnName, Positions = positions });

    /// <inheritdoc cref="AddPositions(string, string?, PositionScheme)"/>
    /// <param name="options">Columns and scheme.</param>
    /// <example><code source="AddPositions_Options">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadCsv("reviews.csv");
    /// var pipeline = attention.TokenizeSequence("Tokens", "Text")
    ///     .Append(attention.EmbedTokens("Embeddings", "Tokens", width: 32))
    ///     .Append(attention.AddPositions(new AddPositionsOptions { Positions = PositionScheme.Learned, MaxLength = 16 }));
    /// float[] vectors = pipeline.Fit(data).Transform(data).GetColumn&lt;float[]&gt;("Positioned").First();
    /// Console.WriteLine($"{vectors.Length / 32} tokens of 32 numbers");
    /// </code></example>
    public SequenceLayerEstimator AddPositions(AddPositionsOptions options) => Layer(options);

    /// <summary>A layer of multi-head self-attention: y = x + attention(x).</summary>
    /// <param name="outputColumnName">The column with the layer's output.</param>
    /// <param name="inputColumnName">The column with the vectors; null for the output's name.</param>
    /// <param name="heads">Number of heads H; the width D must be a multiple.</param>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>input</term><description>variable vector of Single, dimensions [L,D]</description></item>
    /// <item><term>output</term><description>variable vector of Single, dimensions [L,D]</description></item>
    /// </list>
    /// The weights are not trained: they come from the seed, or from a safetensors file.
    /// </remarks>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    /// <example><code source="SelfAttention_Short">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadCsv("reviews.csv");
    /// var pipeline = attention.TokenizeSequence("Tokens", "Text")
    ///     .Append(attention.EmbedTokens("Embeddings", "Tokens", width: 32))
    ///     .Append(attention.AddPositions("Positioned", "Embeddings"))
    ///     .Append(attention.SelfAttention("Attended", "Positioned", heads: 4));
    /// float[] vectors = pipeline.Fit(data).Transform(data).GetColumn&lt;float[]&gt;("Attended").First();
    /// Console.WriteLine($"{vectors.Length / 32} tokens of 32 numbers");
    /// </code></example>
    public SequenceLayerEstimator SelfAttention(string outputColumnName, string? inputColumnName = null, int heads = 4) =>
        SelfAttention(new SelfAttentionOptions { OutputColumnName = outputColumnName, InputColumnName = inputColumnName, Heads = heads });

    /// <inheritdoc cref="SelfAttention(string, string?, int)"/>
    /// <param name="options">Columns, heads, score, mask, algorithm and positions.</param>
    /// <example><code source="SelfAttention_Options">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadCsv("reviews.csv");
    /// var pipeline = attention.TokenizeSequence("Tokens", "Text")
    ///     .Append(attention.EmbedTokens("Embeddings", "Tokens", width: 32))
    ///     .Append(attention.SelfAttention(new SelfAttentionOptions { Heads = 4, Positions = PositionScheme.Rotary, Mask = MaskKind.Causal }));
    /// float[] vectors = pipeline.Fit(data).Transform(data).GetColumn&lt;float[]&gt;("Attended").First();
    /// Console.WriteLine($"{vectors.Length / 32} tokens of 32 numbers");
    /// </code></example>
    public SequenceLayerEstimator SelfAttention(SelfAttentionOptions options) => Layer(options);

    /// <summary>Makes one vector of the vectors of a sequence, so that any ML.NET trainer can take it.</summary>
    /// <param name="outputColumnName">The column with the vector.</param>
    /// <param name="inputColumnName">The column with the token vectors; null for the output's name.</param>
    /// <param name="pooling">The pooling.</param>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>input</term><description>variable vector of Single, dimensions [L,D]</description></item>
    /// <item><term>output</term><description>vector of Single, size D; zeros for an empty sequence</description></item>
    /// </list>
    /// </remarks>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    /// <example><code source="PoolSequence_Short">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadCsv("reviews.csv");
    /// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(attention.TokenizeSequence("Tokens", "Text"))
    ///     .Append(attention.EmbedTokens("Embeddings", "Tokens", width: 32))
    ///     .Append(attention.SelfAttention("Attended", "Embeddings"))
    ///     .Append(attention.PoolSequence("Features", "Attended"))
    ///     .Append(mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy());
    /// var metrics = mlContext.MulticlassClassification.Evaluate(pipeline.Fit(data).Transform(data));
    /// Console.WriteLine($"accuracy {metrics.MicroAccuracy:0.000}");
    /// </code></example>
    public SequenceLayerEstimator PoolSequence(string outputColumnName, string? inputColumnName = null, PoolingKind pooling = PoolingKind.Mean) =>
        PoolSequence(new PoolSequenceOptions { OutputColumnName = outputColumnName, InputColumnName = inputColumnName, Pooling = pooling });

    /// <inheritdoc cref="PoolSequence(string, string?, PoolingKind)"/>
    /// <param name="options">Columns and pooling.</param>
    /// <example><code source="PoolSequence_Options">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadCsv("reviews.csv");
    /// var pipeline = attention.TokenizeSequence("Tokens", "Text")
    ///     .Append(attention.EmbedTokens("Embeddings", "Tokens", width: 32))
    ///     .Append(attention.PoolSequence(new PoolSequenceOptions { InputColumnName = "Embeddings", Pooling = PoolingKind.Max }));
    /// float[] features = pipeline.Fit(data).Transform(data).GetColumn&lt;float[]&gt;("Features").First();
    /// Console.WriteLine($"{features.Length} numbers for the text");
    /// </code></example>
    public SequenceLayerEstimator PoolSequence(PoolSequenceOptions options) => Layer(options);

    /// <summary>Turns a trained classifier's encoder into features for any ML.NET trainer.</summary>
    /// <param name="classifier">The trained classifier; a fitted chain ends in it, or holds it among its transformers.</param>
    /// <param name="outputColumnName">The column with the features.</param>
    /// <param name="inputColumnName">The column with the sequence, tokenized with the classifier's vocabulary.</param>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>input</term><description>vector of keys</description></item>
    /// <item><term>output</term><description>vector of Single, the model's width: what the classifier's head sees</description></item>
    /// </list>
    /// </remarks>
    /// <example><code source="EncodeSequence_Short">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadCsv("reviews.csv");
    /// var tokens = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(attention.TokenizeSequence("Tokens", "Text")).Fit(data).Transform(data);
    /// var classifier = attention.Classifier(epochs: 8).Fit(tokens);
    /// var pipeline = attention.EncodeSequence(classifier, "Features", "Tokens")
    ///     .Append(mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy());
    /// var metrics = mlContext.MulticlassClassification.Evaluate(pipeline.Fit(tokens).Transform(tokens));
    /// Console.WriteLine($"accuracy {metrics.MicroAccuracy:0.000}");
    /// </code></example>
    public SequenceLayerEstimator EncodeSequence(AttentionClassifierTransformer classifier, string outputColumnName = "Features", string? inputColumnName = "Tokens")
    {
        ArgumentNullException.ThrowIfNull(classifier);
        return EncodeSequence(new EncodeSequenceOptions(classifier.Model) { OutputColumnName = outputColumnName, InputColumnName = inputColumnName });
    }

    /// <inheritdoc cref="EncodeSequence(AttentionClassifierTransformer, string, string?)"/>
    /// <param name="options">The model and the columns.</param>
    /// <example><code source="EncodeSequence_Options">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadCsv("reviews.csv");
    /// var tokens = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(attention.TokenizeSequence("Tokens", "Text")).Fit(data).Transform(data);
    /// var classifier = attention.Classifier(epochs: 8).Fit(tokens);
    /// var encoder = attention.EncodeSequence(new EncodeSequenceOptions(classifier.Model) { OutputColumnName = "Encoded" });
    /// float[] features = encoder.Fit(tokens).Transform(tokens).GetColumn&lt;float[]&gt;("Encoded").First();
    /// Console.WriteLine($"{features.Length} numbers for the text");
    /// </code></example>
    public SequenceLayerEstimator EncodeSequence(EncodeSequenceOptions options) => Layer(options);

    /// <summary>Shows what a trained classifier's tokens attend to.</summary>
    /// <param name="classifier">The trained classifier.</param>
    /// <param name="outputColumnName">The column with the weights.</param>
    /// <param name="inputColumnName">The column with the sequence, tokenized with the classifier's vocabulary.</param>
    /// <param name="layer">The encoder layer, from 0.</param>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type</description></listheader>
    /// <item><term>input</term><description>vector of keys</description></item>
    /// <item><term>output</term><description>variable vector of Single, dimensions [H,L,L]: head, query, key; each query's weights sum to 1</description></item>
    /// </list>
    /// With CLS pooling, token 0 is CLS and L counts it. Weights are computed by TorchSharp.
    /// </remarks>
    /// <exception cref="ArgumentException">The model has no such layer, or no attention.</exception>
    /// <example><code source="AttentionWeights_Short">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadCsv("reviews.csv");
    /// var tokens = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(attention.TokenizeSequence("Tokens", "Text")).Fit(data).Transform(data);
    /// var classifier = attention.Classifier(epochs: 8).Fit(tokens);
    /// var inspector = attention.AttentionWeights(classifier, layer: 0);
    /// float[] weights = inspector.Fit(tokens).Transform(tokens).GetColumn&lt;float[]&gt;("AttentionWeights").First();
    /// Console.WriteLine($"head 0, first token: {string.Join(' ', weights.Take(5))}");
    /// </code></example>
    public SequenceLayerEstimator AttentionWeights(AttentionClassifierTransformer classifier, string outputColumnName = "AttentionWeights",
        string? inputColumnName = "Tokens", int layer = 0)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        return AttentionWeights(new AttentionWeightsOptions(classifier.Model) { OutputColumnName = outputColumnName, InputColumnName = inputColumnName, Layer = layer });
    }

    /// <inheritdoc cref="AttentionWeights(AttentionClassifierTransformer, string, string?, int)"/>
    /// <param name="options">The model, the layer and the columns.</param>
    /// <example><code source="AttentionWeights_Options">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadCsv("reviews.csv");
    /// var tokens = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(attention.TokenizeSequence("Tokens", "Text")).Fit(data).Transform(data);
    /// var classifier = attention.Classifier(epochs: 8).Fit(tokens);
    /// var inspector = attention.AttentionWeights(new AttentionWeightsOptions(classifier.Model) { Layer = 1, OutputColumnName = "SecondLayer" });
    /// float[] weights = inspector.Fit(tokens).Transform(tokens).GetColumn&lt;float[]&gt;("SecondLayer").First();
    /// Console.WriteLine($"head 0, first token: {string.Join(' ', weights.Take(5))}");
    /// </code></example>
    public SequenceLayerEstimator AttentionWeights(AttentionWeightsOptions options) => Layer(options);

    private SequenceLayerEstimator Layer(SequenceLayerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new SequenceLayerEstimator(Environment, options);
    }
}
