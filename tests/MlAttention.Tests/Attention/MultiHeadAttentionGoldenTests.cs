using MlAttention.Tests.Golden;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention;

public sealed class MultiHeadAttentionGoldenTests
{
    private static readonly GoldenFile File = GoldenFile.Load("mha.json");

    public static TheoryData<string> SelfAttention => GoldenFile.Names("mha.json", goldenCase => goldenCase.Has("X"));

    [Theory]
    [MemberData(nameof(SelfAttention))]
    [GoldenCases("mha.json")]
    public void Attend_WithWeights_EqualsPyTorch(string name) => Check(name, new AttentionOptions(), withWeights: true);

    [Theory]
    [MemberData(nameof(SelfAttention))]
    public void Attend_WithoutWeights_EqualsPyTorch(string name) => Check(name, new AttentionOptions(), withWeights: false);

    [Theory]
    [MemberData(nameof(SelfAttention))]
    public void Attend_Chunked_EqualsPyTorch(string name) =>
        Check(name, new AttentionOptions { Algorithm = AttentionAlgorithm.Chunked, BlockSize = 2 }, withWeights: false);

    [Theory]
    [MemberData(nameof(SelfAttention))]
    public void Attend_WindowAsWideAsTheText_EqualsPyTorch(string name) =>
        Check(name, new AttentionOptions { Algorithm = AttentionAlgorithm.LocalWindow, WindowRadius = 4 }, withWeights: false);

    [Theory]
    [InlineData("cross_E8_H2_nobias")]
    [GoldenCases("mha.json")]
    public void Attend_CrossAttentionWithoutBias_EqualsPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        var goldenCase = File[name];
        using var layer = new MultiHeadAttention(new AttentionOptions { ModelWidth = 8, Heads = 2, Bias = false });
        GoldenLayer.SetParameters(layer, goldenCase.Tensors("params"));
        var query = goldenCase.Tensor("query").requires_grad_();
        var memory = goldenCase.Tensor("key_value").requires_grad_();

        var (output, weights) = layer.Attend(query, memory, memory, returnWeights: true);

        TensorAssert.Close(goldenCase.Tensor("output"), output);
        TensorAssert.Close(goldenCase.Tensor("attention_per_head"), weights!);
        output.mul(goldenCase.Tensor("G")).sum().backward();
        TensorAssert.Close(goldenCase.Tensor("grad_query"), query.grad!);
        TensorAssert.Close(goldenCase.Tensor("grad_key_value"), memory.grad!);
        var gradients = goldenCase.Tensors("grads");
        foreach (var (parameter, value) in layer.named_parameters()) TensorAssert.Close(gradients[parameter], value.grad!, what: parameter);
    }

    private static void Check(string name, AttentionOptions options, bool withWeights)
    {
        using var scope = NewDisposeScope();
        var goldenCase = File[name];
        var positions = GoldenLayer.IsBias(goldenCase) ? new FixedBias(goldenCase.Numbers("attn_mask"), goldenCase.Integer("config.L")) : null;
        using var layer = new MultiHeadAttention(options with { ModelWidth = goldenCase.Integer("config.E"), Heads = goldenCase.Integer("config.H") }, positions);
        GoldenLayer.SetParameters(layer, goldenCase.Tensors("params"));
        GoldenLayer.Check(layer, goldenCase, goldenCase.Tensors("grads"), withWeights ? goldenCase.Tensor("attention_per_head") : null);
    }

    /// <summary>A scheme of one's own: numbers added to the scores, -inf for blocked.</summary>
    private sealed class FixedBias(double[] bias, int length) : PositionEncoding(nameof(FixedBias))
    {
        public override bool ActsOnScores => true;

        public override Tensor ScoreBias(Tensor query, PositionSpan queries, PositionSpan keys)
        {
            using var scope = NewDisposeScope();
            return Block(queries, keys, query.dtype).nan_to_num(posinf: 0, neginf: 0).MoveToOuterDisposeScope();
        }

        public override Tensor Allowed(PositionSpan queries, PositionSpan keys, Device device)
        {
            using var scope = NewDisposeScope();
            return Block(queries, keys, ScalarType.Float64).isfinite().MoveToOuterDisposeScope();
        }

        private Tensor Block(PositionSpan queries, PositionSpan keys, ScalarType type) =>
            tensor(bias, [length, length], dtype: type).narrow(0, queries.Start, queries.Length).narrow(1, keys.Start, keys.Length);
    }
}
