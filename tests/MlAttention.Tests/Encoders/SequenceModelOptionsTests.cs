namespace MlAttention.Tests.Encoders;

public sealed class SequenceModelOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreValid() => new SequenceModelOptions().Validate();

    [Fact]
    public void Validate_SeveralErrors_ListsAll()
    {
        var options = new SequenceModelOptions
        {
            ModelWidth = 7, Heads = 2, Layers = 0, FeedForwardWidth = 0, MaxLength = 0, WindowRadius = -1,
            Temperature = 0, LayerNormEpsilon = 0, Dropout = 1, PositionDetails = new() { Buckets = 5, ClipDistance = -1 },
        };

        string message = Assert.Throws<ArgumentException>(options.Validate).Message;

        foreach (string part in new[] { "10 error(s)", "ModelWidth = 7: must be a multiple of Heads = 2", "Layers = 0", "FeedForwardWidth = 0", "MaxLength = 0", "WindowRadius = -1", "Temperature = 0", "LayerNormEpsilon = 0", "Dropout = 1", "Buckets = 5", "ClipDistance = -1" })
            Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "Heads = 0")]
    [InlineData(-1, "Heads = -1")]
    public void Validate_NoHeads_IsAnError(int heads, string expected) => AssertError(new() { Heads = heads }, expected);

    [Fact]
    public void Validate_RotaryWithOddHeads_IsAnError() =>
        AssertError(new() { ModelWidth = 9, Heads = 3, Positions = PositionScheme.Rotary }, "with Heads = 3 it is 3");

    [Theory]
    [InlineData(PositionScheme.ShawRelative)]
    [InlineData(PositionScheme.RelativeBias)]
    [InlineData(PositionScheme.Rotary)]
    [InlineData(PositionScheme.Alibi)]
    public void Validate_PositionsInsideAttentionForAnotherEncoder_IsAnError(PositionScheme scheme) =>
        AssertError(new() { Positions = scheme, Encoder = EncoderKind.Lstm }, "acts inside attention, and the encoder Lstm has none");

    [Theory]
    [InlineData(EncoderKind.Lstm, MaskKind.LocalWindow)]
    [InlineData(EncoderKind.Gru, MaskKind.CausalLocalWindow)]
    [InlineData(EncoderKind.Cnn, MaskKind.Causal)]
    public void Validate_MaskThatTheEncoderDoesNotKnow_IsAnError(EncoderKind encoder, MaskKind mask) =>
        AssertError(new() { Encoder = encoder, Mask = mask }, $"Mask = {mask}: the encoder {encoder} knows Bidirectional");

    [Theory]
    [InlineData(AttentionAlgorithm.Linear)]
    [InlineData(AttentionAlgorithm.Performer)]
    public void Validate_WhatNeedsScoresForAnAlgorithmWithoutThem_IsAnError(AttentionAlgorithm algorithm)
    {
        var options = new SequenceModelOptions { Algorithm = algorithm, Positions = PositionScheme.Rotary, Mask = MaskKind.Causal };
        options.Validate();
        AssertError(options with { Positions = PositionScheme.Alibi }, $"Positions = Alibi: acts on scores, and the algorithm {algorithm} forms none");
        AssertError(options with { Mask = MaskKind.LocalWindow }, $"Mask = LocalWindow: the algorithm {algorithm} forms no scores to mask");
        AssertError(options with { Score = ScoreFunction.Cosine }, "Score = Cosine:");
        (options with { Encoder = EncoderKind.Lstm, Positions = PositionScheme.None, Score = ScoreFunction.Cosine }).Validate();
    }

    [Fact]
    public void Validate_OddWidthInBothDirections_IsAnError()
    {
        AssertError(new() { ModelWidth = 7, Heads = 1, Encoder = EncoderKind.Gru }, "even width");
        new SequenceModelOptions { ModelWidth = 7, Heads = 1, Encoder = EncoderKind.Gru, Mask = MaskKind.Causal }.Validate();
    }

    [Fact]
    public void Validate_PretrainedOptionsOutOfRange_AreErrors()
    {
        AssertError(new() { TokenTypes = -1 }, "1 error(s): TokenTypes = -1: must be 0 or more");
        AssertError(new() { Head = (HeadKind)9 }, "1 error(s): Head = 9: is not a head");
        AssertError(new() { PositionDetails = new() { LearnedOffset = -1 } }, "1 error(s): LearnedOffset = -1: must be 0 or more rows");
        var learned = new SequenceModelOptions { Positions = PositionScheme.Learned, MaxLength = 10, PositionDetails = new() { LearnedOffset = 2, LearnedRows = 11 } };
        AssertError(learned, "1 error(s): LearnedRows = 11: must be at least MaxLength + LearnedOffset = 12");
        (learned with { MaxLength = 9 }).Validate();
        (learned with { Positions = PositionScheme.None }).Validate();
    }

    /// <summary>Every wrong combination is one error.</summary>
    [Fact]
    public void Validate_PredictedTokens_NeedATiedHeadAndNoLookAhead()
    {
        var masked = new SequenceModelOptions { Task = TaskKind.MaskedTokens, Head = HeadKind.TiedTransform };
        var next = new SequenceModelOptions { Task = TaskKind.NextToken, Head = HeadKind.Tied, Mask = MaskKind.Causal };
        masked.Validate();
        next.Validate();
        AssertError(masked with { Head = HeadKind.Linear }, "1 error(s): Head = Linear: has classes of its own, and MaskedTokens predicts tokens of the vocabulary; use Tied or TiedTransform");
        AssertError(masked with { Task = TaskKind.TokenLabels }, "1 error(s): Head = TiedTransform: gives a number for each token of the vocabulary, and TokenLabels asks for others; use Linear, Tanh or Relu");
        AssertError(masked with { Pooling = PoolingKind.Cls }, "1 error(s): Pooling = Cls: has nothing to do with a label for each token");
        AssertError(masked with { SeparatorKey = 3 }, "1 error(s): Task = MaskedTokens: has a label for each token of one text");
        AssertError(next with { Mask = MaskKind.Bidirectional }, "1 error(s): Mask = Bidirectional: lets a token see the one after it, which NextToken predicts; use Causal or CausalLocalWindow");
        (next with { Mask = MaskKind.CausalLocalWindow }).Validate();
        AssertError(next with { Mask = MaskKind.LocalWindow }, "1 error(s): Mask = LocalWindow");
    }

    [Fact]
    public void Validate_SeparatorThatCannotBe_IsAnError()
    {
        AssertError(new() { SeparatorKey = 0 }, "1 error(s): SeparatorKey = 0: must be a key of the vocabulary");
        AssertError(new() { SeparatorKey = 2, Task = TaskKind.TokenLabels }, "1 error(s): Task = TokenLabels: has a label for each token of one text");
    }

    private static void AssertError(SequenceModelOptions options, string expected) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);
}
