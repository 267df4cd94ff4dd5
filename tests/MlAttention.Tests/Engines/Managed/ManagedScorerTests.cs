using MlAttention.Core.Engines;
using MlAttention.Core.Managed;
using MlAttention.Core.Sequences;
using MlAttention.Core.Weights;

namespace MlAttention.Tests.Engines.Managed;

public class ManagedScorerTests
{
    private const int Rows = 13, Length = 29, Classes = 3;

    private static readonly SequenceModelOptions _bert = new()
    {
        Positions = PositionScheme.Learned, PositionDetails = new() { LearnedOffset = 2, LearnedRows = 40 }, Norm = NormPlacement.Post, ScaleEmbeddings = false,
        EmbeddingNorm = true, TokenTypes = 2, Head = HeadKind.Tanh, Pooling = PoolingKind.First, Activation = ActivationKind.GeluTanh, MaxLength = Length,
    };

    [Fact]
    public void ScoreAndEncode_BertAfterTheFirstCall_AllocateNothing()
    {
        var scorer = Scorer(_bert);
        var batch = Batch(Rows);
        float[] logits = new float[Rows * Classes], vectors = new float[Rows * 64], tokens = new float[Rows * Length * 64];
        Call();
        Assert.Equal(0, Enumerable.Range(0, 5).Select(_ => Allocated()).Min());

        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var call = 0; call < 10; call++) Call();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        void Call()
        {
            scorer.Score(batch, logits);
            scorer.Encode(batch, vectors);
            scorer.EncodeTokens(batch, tokens);
        }
    }

    [Fact]
    public void EncodeTokens_PaddedBatch_GivesEachRowAloneAndZerosForPadding()
    {
        var scorer = Scorer(_bert);
        var batch = Batch(Rows);
        var together = new float[Rows * Length * 64];
        Array.Fill(together, float.NaN);
        scorer.EncodeTokens(batch, together);

        for (var row = 0; row < Rows; row++)
        {
            var alone = new float[Length * 64];
            scorer.EncodeTokens(new TokenBatch { Rows = 1, Length = Length, Tokens = batch.Tokens[(row * Length)..((row + 1) * Length)], Lengths = [batch.Lengths[row]] }, alone);
            Assert.Equal(alone, together[(row * Length * 64)..((row + 1) * Length * 64)], (left, right) => Math.Abs(left - right) < 1e-5f);
            Assert.All(alone[(batch.Lengths[row] * 64)..], value => Assert.Equal(0, value));
        }
    }

    [Fact]
    public void Encode_NoClasses_GivesTheVectorsThatTheHeadWouldSee()
    {
        var weights = WeightInitializer.Create(WeightLayout.Of(_bert, 17, Classes), seed: 3);
        var encoder = new ManagedEngineProvider().CreateScorer(new EngineConfiguration(_bert, 17, 0), [.. weights.Where(weight => !weight.Name.StartsWith("head", StringComparison.Ordinal))]);
        float[] expected = new float[Rows * 64], actual = new float[Rows * 64];
        Scorer(_bert).Encode(Batch(Rows), expected);
        encoder.Encode(Batch(Rows), actual);

        Assert.Equal(expected, actual);
        Assert.StartsWith("This model has no head for a sequence's vector: it was made for 0 classes", Assert.Throws<InvalidOperationException>(() => encoder.Score(Batch(Rows), new float[Rows])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PositionScheme.Learned, PoolingKind.Mean, NormPlacement.Pre)]
    [InlineData(PositionScheme.ShawRelative, PoolingKind.Attention, NormPlacement.Post)]
    [InlineData(PositionScheme.Rotary, PoolingKind.Max, NormPlacement.Pre)]
    [InlineData(PositionScheme.RelativeBias, PoolingKind.Last, NormPlacement.Post)]
    public void Score_AfterTheFirstCall_AllocatesNothing(PositionScheme positions, PoolingKind pooling, NormPlacement norm)
    {
        var scorer = Scorer(new SequenceModelOptions { Positions = positions, Pooling = pooling, Norm = norm, MaxLength = Length });
        TokenBatch one = Batch(1), many = Batch(Rows);
        var logits = new float[Rows * Classes];
        Score();

        // The runtime allocates now and then for itself, when it recompiles a method; what a call allocates shows in every round.
        Assert.Equal(0, Enumerable.Range(0, 5).Select(_ => AllocatedByTenCalls()).Min());

        long AllocatedByTenCalls()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var call = 0; call < 10; call++) Score();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        void Score()
        {
            scorer.Score(one, logits);
            scorer.Score(many, logits);
        }
    }

    /// <summary>To the bit: a prediction must not depend on what else is predicted at the same time.</summary>
    [Theory]
    [InlineData(PoolingKind.Mean)]
    [InlineData(PoolingKind.Attention)]
    [InlineData(PoolingKind.Max)]
    [InlineData(PoolingKind.First)]
    [InlineData(PoolingKind.Last)]
    public void Score_ManyRows_GivesTheLogitsOfEachRowAlone(PoolingKind pooling)
    {
        var scorer = Scorer(new SequenceModelOptions { MaxLength = Length, Pooling = pooling, Norm = NormPlacement.Post });
        var batch = Batch(Rows);
        var together = new float[Rows * Classes];
        scorer.Score(batch, together);

        for (var row = 0; row < Rows; row++)
        {
            var alone = new float[Classes];
            scorer.Score(new TokenBatch { Rows = 1, Length = Length, Tokens = batch.Tokens[(row * Length)..((row + 1) * Length)], Lengths = [batch.Lengths[row]] }, alone);
            Assert.Equal(alone, together[(row * Classes)..((row + 1) * Classes)]);
        }
    }

    [Fact]
    public void Score_ManyThreads_GivesTheSerialLogits()
    {
        var scorer = Scorer(new SequenceModelOptions { MaxLength = Length });
        var batch = Batch(Rows);
        var expected = new float[Rows * Classes];
        scorer.Score(batch, expected);
        var wrong = 0;

        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            var logits = new float[Rows * Classes];
            for (var call = 0; call < 50; call++)
            {
                scorer.Score(batch, logits);
                if (!logits.AsSpan().SequenceEqual(expected)) Interlocked.Increment(ref wrong);
            }
        });

        Assert.Equal(0, wrong);
    }

    private static ISequenceScorer Scorer(SequenceModelOptions model)
    {
        var configuration = new EngineConfiguration(model, 17, Classes);
        var weights = WeightInitializer.Create(WeightLayout.Of(model, 17, Classes), seed: 3);
        return new ManagedEngineProvider().CreateScorer(configuration, [.. weights.Select(weight => weight.Name == "pooling.query" ? weight with { Values = [.. weight.Values.Select((_, i) => MathF.Sin(i))] } : weight)]);
    }

    /// <summary>Rows of different lengths, the first one full and one empty.</summary>
    private static TokenBatch Batch(int rows) => new()
    {
        Rows = rows, Length = Length,
        Tokens = [.. Enumerable.Range(0, rows * Length).Select(i => 1 + i * 7 % 16)],
        Lengths = [.. Enumerable.Range(0, rows).Select(row => row == 5 ? 0 : Length - row * 2)],
    };
}
