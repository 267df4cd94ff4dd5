using Microsoft.ML.Data;

namespace MlAttention.Ablation.Runs;

/// <summary>Baselines on a few numbers a text, with the linear trainer of the others.</summary>
internal static class VectorBaselines
{
    private const int LongestLength = 64;

    /// <summary>On nothing but the number of words: one feature a length, the longest sharing the last, so that no form of dependence is presumed.</summary>
    public static (int[] Predictions, int Parameters) Length(MLContext context, IEstimator<ITransformer> trainer, AblationData data)
    {
        return Linear(context, trainer, data, LongestLength + 1, Of(data.Training), Of(data.Test));

        static float[][] Of(TokenDataset texts) => [.. Enumerable.Range(0, texts.Count).Select(row =>
        {
            float[] vector = new float[LongestLength + 1];
            vector[Math.Min(texts.Length(row), LongestLength)] = 1;
            return vector;
        })];
    }

    /// <summary>On the mean of the vectors that an encoder has for the pieces of a text before its first layer, special tokens left out.</summary>
    public static (int[] Predictions, int Parameters) StaticVectors(MLContext context, IEstimator<ITransformer> trainer, AblationData data, PretrainedEncoder encoder)
    {
        var embedding = encoder.Weights.First(weight => weight.Name == WeightLayout.EmbeddingName);
        int width = embedding.Shape[1];
        var pieces = new PieceReader(encoder, encoder.Architecture.MaxLength);
        return Linear(context, trainer, data, width, [.. data.Words!.Training.Select(Mean)], [.. data.Words.Test.Select(Mean)]);

        float[] Mean(string[] words)
        {
            var keys = pieces.BetweenSpecialTokens(pieces.Keys(words, WordOrder.Same(words.Length))).Where(key => data.Parts is null || key != data.Parts.SeparatorKey);
            double[] sum = new double[width];
            foreach (int key in keys)
                for (int column = 0; column < width; column++) sum[column] += embedding.Values[key * width + column];
            // Of unit length, as the counts of the other baselines are.
            double norm = Math.Sqrt(sum.Sum(value => value * value));
            return Array.ConvertAll(sum, value => norm > 0 ? (float)(value / norm) : 0);
        }
    }

    private static (int[], int) Linear(MLContext context, IEstimator<ITransformer> trainer, AblationData data, int width, float[][] training, float[][] test)
    {
        var scored = trainer.Fit(View(data.Training, training)).Transform(View(data.Test, test));
        return ([.. scored.GetColumn<uint>("PredictedLabel").Select(key => (int)key - 1)], (width + 1) * data.Training.ClassCount);

        IDataView View(TokenDataset texts, float[][] vectors)
        {
            var schema = SchemaDefinition.Create(typeof(VectorRow));
            schema[BaselineRunner.Features].ColumnType = new VectorDataViewType(NumberDataViewType.Single, width);
            schema[TokenTable.Label].ColumnType = new KeyDataViewType(typeof(uint), texts.ClassCount);
            return context.Data.LoadFromEnumerable(vectors.Select((vector, row) => new VectorRow { Features = vector, Label = (uint)texts.Labels[row] }), schema);
        }
    }

    private sealed class VectorRow
    {
        public float[] Features { get; set; } = [];

        // ML.NET counts a scalar key of an object from 0.
        public uint Label { get; set; }
    }
}
