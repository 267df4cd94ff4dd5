using MlAttention.Core.Managed;
using MlAttention.Core.Engines;
using MlAttention.Core.Sequences;
using MlAttention.Tests.Pipeline;

namespace MlAttention.Tests.Serving;

public class TextEmbedderTests
{
    private static readonly string[] s_texts = [.. TinyTexts.Rows(61, seed: 3).Select(row => row.Text), "", "zebra", "Bark, BARK & Caf\u00e9!", string.Join(' ', Enumerable.Repeat("flies night", 20))];

    [Theory]
    [InlineData(PoolingKind.Mean)]
    [InlineData(PoolingKind.Max)]
    [InlineData(PoolingKind.First)]
    [InlineData(PoolingKind.Last)]
    public void Embed_EachPooling_IsThatOfTheTokensVectors(PoolingKind pooling)
    {
        var embedder = new TextEmbedder(TinyEncoder.Shared, new() { Pooling = pooling });
        var scorer = new ManagedEngineProvider().CreateScorer(new EngineConfiguration(TinyEncoder.Architecture, TinyEncoder.Tokens.Length + 2, 0), TinyEncoder.Shared.Weights);

        foreach (var text in s_texts.Where(text => TinyEncoder.Shared.Tokenizer.Encode(text).Length <= 13))
        {
            int[] ids = [.. TinyEncoder.Shared.Tokenizer.Encode(text).Select(id => id + 1)];
            var tokens = new float[ids.Length * 8];
            scorer.EncodeTokens(new TokenBatch { Rows = 1, Length = ids.Length, Tokens = ids, Lengths = [ids.Length] }, tokens);
            var rows = tokens.Chunk(8).ToArray();
            float[] expected = [.. Enumerable.Range(0, 8).Select(i => pooling switch
            {
                PoolingKind.Mean => rows.Average(row => row[i]),
                PoolingKind.Max => rows.Max(row => row[i]),
                PoolingKind.First => rows[0][i],
                _ => rows[^1][i],
            })];
            Assert.Equal(expected, embedder.Embed(text), (one, other) => MathF.Abs(one - other) < 1e-5f);
        }
    }

    [Fact]
    public void Embed_Normalized_HasLengthOneAndTheSameDirection()
    {
        var (plain, normalized) = (new TextEmbedder(TinyEncoder.Shared).Embed("bark night"), new TextEmbedder(TinyEncoder.Shared, new() { Normalize = true }).Embed("bark night"));

        var length = MathF.Sqrt(plain.Sum(value => value * value));
        Assert.NotEqual(1, length, 0.01f);
        Assert.Equal(plain.Select(value => value / length), normalized, (one, other) => MathF.Abs(one - other) < 1e-6f);
    }

    [Fact]
    public void Embed_ManyTexts_GivesTheVectorsOfEachAloneToTheBit()
    {
        var embedder = new TextEmbedder(TinyEncoder.Shared);
        var together = new float[s_texts.Length * 8];

        embedder.Embed(s_texts, together);

        Assert.Equal(s_texts.SelectMany(text => embedder.Embed(text)), together);
        Assert.Equal(8, embedder.Dimension);
        Assert.Equal("tiny", embedder.Name);
    }

    [Fact]
    public void Embed_LongTexts_AreCutBetweenTheSpecialTokensAndCounted()
    {
        var embedder = new TextEmbedder(TinyEncoder.Shared, new() { MaxLength = 5 });

        Assert.Equal(embedder.Embed("bark bone walks"), embedder.Embed("bark bone walks purr mouse"));
        Assert.Equal(1, embedder.TruncatedTexts);
        embedder.Embed(["bark bone walks purr", "bark", "bark bone walks hoot"], new float[24]);
        Assert.Equal(3, embedder.TruncatedTexts);
    }

    [Fact]
    public void Embed_AfterTheFirstCall_AllocatesNothing()
    {
        var embedder = new TextEmbedder(TinyEncoder.Shared, new() { Normalize = true });
        var vector = new float[8];
        var texts = s_texts.Where(text => text.All(char.IsAscii)).ToArray();
        Embed();

        // Methods that the runtime has not yet compiled to the end allocate for themselves; what a call allocates shows in every round.
        Assert.True(SpinWait.SpinUntil(() => AllocatedByTenCalls() == 0, TimeSpan.FromSeconds(60)));

        long AllocatedByTenCalls()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var call = 0; call < 10; call++) Embed();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        void Embed()
        {
            foreach (var text in texts) embedder.Embed(text, vector);
        }
    }

    [Fact]
    public void Embed_ManyThreads_GivesTheSerialVectors()
    {
        var embedder = new TextEmbedder(TinyEncoder.Shared);
        var expected = s_texts.Select(text => embedder.Embed(text)).ToArray();
        var wrong = 0;

        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, thread =>
        {
            for (var call = 0; call < 300; call++)
            {
                var text = (call * 7 + thread) % s_texts.Length;
                if (!embedder.Embed(s_texts[text]).AsSpan().SequenceEqual(expected[text])) Interlocked.Increment(ref wrong);
            }
        });

        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Embed_Cancelled_StopsBetweenTexts()
    {
        var embedder = new TextEmbedder(TinyEncoder.Shared);
        using var cancellation = new CancellationTokenSource();
        var texts = new CancellingTexts(1000, at: 100, cancellation);

        Assert.Throws<OperationCanceledException>(() => embedder.Embed(texts, new float[8000], cancellation.Token));

        Assert.Equal(101, texts.Read);
        Assert.Equal(embedder.Embed("bark"), new TextEmbedder(TinyEncoder.Shared).Embed("bark"));      // what was begun is forgotten
    }

    [Fact]
    public void Embed_BadArguments_AreRefused()
    {
        var embedder = new TextEmbedder(TinyEncoder.Shared);

        Assert.Contains("must have 8 places; got 7", Assert.Throws<ArgumentException>(() => embedder.Embed("bark", new float[7])).Message, StringComparison.Ordinal);
        Assert.Contains("for each of the 2 texts; got 15", Assert.Throws<ArgumentException>(() => embedder.Embed(["bark", "purr"], new float[15])).Message, StringComparison.Ordinal);
        Assert.Contains("Text 1 is null", Assert.Throws<ArgumentException>(() => embedder.Embed(["bark", null!], new float[16])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PoolingKind.Cls, 13, "Pooling = Cls: must be Mean, Max, First or Last")]
    [InlineData(PoolingKind.Attention, 13, "Pooling = Attention: must be Mean, Max, First or Last")]
    [InlineData(PoolingKind.Mean, 2, "MaxLength = 2: must be from 3 to 17 tokens")]
    [InlineData(PoolingKind.Mean, 18, "MaxLength = 18: must be from 3 to 17 tokens")]
    public void Create_OptionsThatTheEncoderCannotHave_AreRefused(PoolingKind pooling, int maxLength, string error) =>
        Assert.Contains(error, Assert.Throws<ArgumentException>(() => new TextEmbedder(TinyEncoder.Shared, new() { Pooling = pooling, MaxLength = maxLength })).Message, StringComparison.Ordinal);

    [Fact]
    public void Create_EncoderWithAClassifiersHead_TakesTheMeanAndNotWhatTheHeadReads()
    {
        var classifier = TinyEncoder.Classifier("a", "b");

        Assert.Equal(PoolingKind.Mean, new TextEmbedder(classifier).Pooling);
        Assert.Equal(8, new TextEmbedder(classifier).Embed("bark").Length);
    }

    /// <summary>Texts that cancel when one of them is read.</summary>
    private sealed class CancellingTexts(int count, int at, CancellationTokenSource cancellation) : IReadOnlyList<string>
    {
        public int Read { get; private set; }

        public int Count => count;

        public string this[int index]
        {
            get
            {
                Read++;
                if (index == at) cancellation.Cancel();
                return "bark";
            }
        }

        public IEnumerator<string> GetEnumerator() => throw new NotSupportedException();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => throw new NotSupportedException();
    }
}
