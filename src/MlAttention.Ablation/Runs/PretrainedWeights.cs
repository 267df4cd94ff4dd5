namespace MlAttention.Ablation.Runs;

/// <summary>The weights that each variant starts from, made of the encoder's own: no variant needs an engine that knows of it.</summary>
internal static class PretrainedWeights
{
    private const string Positions = "positions.weight", TokenTypes = "token_types.weight";

    /// <summary>The weights of a variant, without a head.</summary>
    /// <param name="variant">What is done to the positions.</param>
    /// <param name="encoder">The encoder.</param>
    /// <param name="model">The plan's model: at most as long as the encoder's table.</param>
    /// <param name="seed">Draws positions anew.</param>
    public static IReadOnlyList<WeightTensor> Of(PretrainedVariant variant, PretrainedEncoder encoder, SequenceModelOptions model, int seed) => variant switch
    {
        PretrainedVariant.Zero => WithoutPositions(encoder.Weights),
        PretrainedVariant.Constant => [.. WithoutPositions(encoder.Weights).Where(weight => weight.Name != TokenTypes), OnePosition(encoder.Weights, model)],
        PretrainedVariant.Fresh => [.. encoder.Weights.Select(weight => weight.Name == Positions ? DrawnAnew(weight, seed) : weight)],
        _ => encoder.Weights,
    };

    /// <summary>Without the table of positions: as a table that is zero, and stays so.</summary>
    public static IReadOnlyList<WeightTensor> WithoutPositions(IReadOnlyList<WeightTensor> weights) => [.. weights.Where(weight => weight.Name != Positions)];

    /// <summary>The vector of token type 0, which every token gets, or of every type in texts of several parts, with the mean of the positions' vectors added to it.</summary>
    private static WeightTensor OnePosition(IReadOnlyList<WeightTensor> weights, SequenceModelOptions model)
    {
        var types = weights.FirstOrDefault(weight => weight.Name == TokenTypes);
        int width = model.ModelWidth;
        float[] values = types is null ? new float[width] : [.. types.Values];
        float[] table = weights.Single(weight => weight.Name == Positions).Values;
        int first = model.PositionDetails.LearnedOffset;
        for (int column = 0; column < width; column++)
        {
            double sum = 0;
            for (int position = first; position < first + model.MaxLength; position++) sum += table[position * width + column];
            for (int type = 0; type < (model.TypeSeparator is null ? 1 : model.TokenTypes); type++) values[type * width + column] += (float)(sum / model.MaxLength);
        }
        return new(TokenTypes, [values.Length / width, width], values);
    }

    private static WeightTensor DrawnAnew(WeightTensor table, int seed)
    {
        double mean = table.Values.Average(value => (double)value), deviation = Math.Sqrt(table.Values.Average(value => (value - mean) * (value - mean)));
        var random = Xoshiro256.For(seed, "positions drawn anew");
        float[] values = new float[table.Values.Length];
        foreach (ref float value in values.AsSpan()) value = (float)(random.NextNormal() * deviation);
        return table with { Values = values };
    }
}
