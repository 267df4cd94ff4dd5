using MlAttention.Ablation.Runs;

namespace MlAttention.Tests.Ablation.Runs;

public class PretrainedWeightsTests
{
    private static readonly PretrainedEncoder s_encoder = TinyEncoder.Create();
    private static readonly SequenceModelOptions s_model = TinyEncoder.Architecture with { MaxLength = 100 };

    private static float[] Values(IEnumerable<WeightTensor> weights, string name) => weights.Single(weight => weight.Name == name).Values;

    [Fact]
    public void Of_Ordered_AreTheEncoders() => Assert.Same(s_encoder.Weights, PretrainedWeights.Of(PretrainedVariant.Ordered, s_encoder, s_model, seed: 1));

    [Fact]
    public void Of_Zero_LackThePositionsAlone() =>
        Assert.Equal(s_encoder.Weights.Where(weight => weight.Name != "positions.weight"), PretrainedWeights.Of(PretrainedVariant.Zero, s_encoder, s_model, seed: 1));

    [Fact]
    public void Of_Constant_HaveTheMeanPositionInTheTokenType()
    {
        var weights = PretrainedWeights.Of(PretrainedVariant.Constant, s_encoder, s_model, seed: 1);
        float[] table = Values(s_encoder.Weights, "positions.weight"), before = Values(s_encoder.Weights, "token_types.weight"), types = Values(weights, "token_types.weight");
        for (int column = 0; column < 16; column++)
        {
            double mean = Enumerable.Range(0, 100).Average(position => (double)table[position * 16 + column]); // positions that a text of 100 tokens has
            Assert.Equal(before[column] + mean, types[column], 5);
            Assert.Equal(before[16 + column], types[16 + column]); // the other type is never asked for
        }
        Assert.DoesNotContain(weights, weight => weight.Name == "positions.weight");
    }

    [Fact]
    public void Of_ConstantOfPairs_HaveTheMeanPositionInEveryTokenType()
    {
        var weights = PretrainedWeights.Of(PretrainedVariant.Constant, s_encoder, s_model with { SeparatorKey = 4 }, seed: 1);
        float[] table = Values(s_encoder.Weights, "positions.weight"), before = Values(s_encoder.Weights, "token_types.weight"), types = Values(weights, "token_types.weight");
        for (int i = 0; i < types.Length; i++) Assert.Equal(before[i] + Enumerable.Range(0, 100).Average(position => (double)table[position * 16 + i % 16]), types[i], 5);
    }

    [Fact]
    public void Of_ConstantWithAnOffset_LeavesOutTheRowsBeforeIt()
    {
        var model = s_model with { PositionDetails = new() { LearnedRows = 160, LearnedOffset = 2 }, MaxLength = 3 };
        float[] table = Values(s_encoder.Weights, "positions.weight"), before = Values(s_encoder.Weights, "token_types.weight");
        float[] types = Values(PretrainedWeights.Of(PretrainedVariant.Constant, s_encoder, model, seed: 1), "token_types.weight");
        Assert.Equal(before[5] + (table[2 * 16 + 5] + table[3 * 16 + 5] + table[4 * 16 + 5]) / 3, types[5], 5);
    }

    [Fact]
    public void Of_ConstantWithoutTokenTypes_BringOne()
    {
        var encoder = new PretrainedEncoder("tiny", "distilbert", s_model with { TokenTypes = 0 }, s_encoder.Tokenizer, [.. s_encoder.Weights.Where(weight => weight.Name != "token_types.weight")]);
        var types = PretrainedWeights.Of(PretrainedVariant.Constant, encoder, encoder.Architecture, seed: 1).Single(weight => weight.Name == "token_types.weight");
        Assert.Equal([1, 16], types.Shape);
        Assert.Equal(Enumerable.Range(0, 100).Average(position => (double)Values(s_encoder.Weights, "positions.weight")[position * 16 + 3]), types.Values[3], 5);
    }

    [Fact]
    public void Of_Fresh_HaveTheTablesSpreadAndNothingElseOfIt()
    {
        var encoder = new PretrainedEncoder("tiny", "bert", s_model, s_encoder.Tokenizer, [.. s_encoder.Weights.Select(weight => weight.Name == "positions.weight" ? weight with { Values = [.. weight.Values.Select(value => 3 * value)] } : weight)]);
        float[] table = Values(encoder.Weights, "positions.weight"), drawn = Values(PretrainedWeights.Of(PretrainedVariant.Fresh, encoder, s_model, seed: 1), "positions.weight");
        Assert.Equal(Deviation(table), Deviation(drawn), 0.1 * Deviation(table));
        Assert.NotEqual(table, drawn);
        Assert.Equal(drawn, Values(PretrainedWeights.Of(PretrainedVariant.Fresh, encoder, s_model, seed: 1), "positions.weight"));
        Assert.NotEqual(drawn, Values(PretrainedWeights.Of(PretrainedVariant.Fresh, encoder, s_model, seed: 2), "positions.weight"));
    }

    private static double Deviation(float[] values) => Math.Sqrt(values.Average(value => (double)value * value));
}
