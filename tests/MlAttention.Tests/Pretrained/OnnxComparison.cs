using MlAttention.Core.Engines;
using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Pretrained;

/// <summary>
/// An encoder beside ONNX Runtime: the same texts, alone there, here in padded batches of texts of any length.
/// Lengths go from 1 to 512 tokens, evenly in their logarithm, so that short ones, which people write, are most.
/// </summary>
internal sealed class OnnxComparison : IDisposable
{
    public const int Texts = 200, Longest = 512;

    /// <summary>What is allowed of the largest value.</summary>
    public const double Tolerance = 1e-5;

    private const int BatchRows = 8;
    private readonly OnnxReference _reference;
    private readonly int[][] _ids;

    /// <param name="every">1 for all texts, 4 for every fourth; the shortest and the longest are always among them.</param>
    /// <param name="folder">The encoder's folder; null for MiniLM's, which the build makes.</param>
    /// <param name="assembly">The assembly that carries its ONNX model; null for MiniLM's.</param>
    public OnnxComparison(int every = 1, string? folder = null, string? assembly = null)
    {
        _reference = new(assembly ?? OnnxReference.MiniLM);
        Encoder = PretrainedEncoder.Load(folder ?? Path.Combine(AppContext.BaseDirectory, "pretrained", "minilm"));
        var words = new WordStream(Encoder.Tokenizer);
        _ids = [.. Enumerable.Range(0, Texts).Where(text => text % every == 0 || text == Texts - 1).Select(text => words.Next((int)Math.Round(Math.Pow(Longest, text / (Texts - 1.0)))))];
    }

    public PretrainedEncoder Encoder { get; }

    /// <summary>The lengths of the texts, in tokens.</summary>
    public IEnumerable<int> Lengths => _ids.Select(ids => ids.Length);

    /// <summary>The largest difference of a number of the last hidden state, as a part of the largest such number.</summary>
    public double OfHiddenStates(IEngineProvider engine)
    {
        int width = Encoder.Architecture.ModelWidth;
        var scorer = engine.CreateScorer(Configuration(), Encoder.Weights);
        double difference = 0, largest = 0;
        foreach (int[][] rows in Batches())
        {
            int length = rows.Max(ids => ids.Length);
            float[] ours = new float[rows.Length * length * width];
            scorer.EncodeTokens(Batch(rows, length), ours);
            for (int row = 0; row < rows.Length; row++)
            {
                var own = ours.AsSpan(row * length * width, length * width);
                float[] theirs = _reference.LastHiddenState(rows[row]);
                for (int i = 0; i < theirs.Length; i++)
                {
                    difference = Math.Max(difference, Math.Abs(own[i] - theirs[i]));
                    largest = Math.Max(largest, Math.Abs(theirs[i]));
                }
                if (own[theirs.Length..].ContainsAnyExcept(0f)) return double.PositiveInfinity; // padding has no vector
            }
        }
        return difference / largest;
    }

    /// <summary>The largest difference of a number of the vectors of texts: the mean over the tokens or the first one's, as the folder says, of length 1.</summary>
    public double OfVectors(IEngineProvider engine)
    {
        int width = Encoder.Architecture.ModelWidth;
        var scorer = engine.CreateScorer(Configuration(), Encoder.Weights);
        double difference = 0;
        foreach (int[][] rows in Batches())
        {
            float[] ours = new float[rows.Length * width];
            scorer.Encode(Batch(rows, rows.Max(ids => ids.Length)), ours);
            for (int row = 0; row < rows.Length; row++)
            {
                double[] own = Normalized([.. ours[(row * width)..((row + 1) * width)]]), theirs = Vector(rows[row]);
                for (int i = 0; i < width; i++) difference = Math.Max(difference, Math.Abs(own[i] - theirs[i]));
            }
        }
        return difference;
    }

    /// <summary>The reference's vector of a text of ids.</summary>
    public double[] Vector(int[] ids)
    {
        int width = Encoder.Architecture.ModelWidth;
        float[] hidden = _reference.LastHiddenState(ids);
        double[] sum = new double[width];
        for (int i = 0; i < (Encoder.Architecture.Pooling == PoolingKind.First ? width : hidden.Length); i++) sum[i % width] += hidden[i];
        return Normalized(sum);
    }

    public void Dispose() => _reference.Dispose();

    private EngineConfiguration Configuration()
    {
        var architecture = Encoder.Architecture with { MaxLength = Longest };
        return new(architecture, TokenIds.EmbeddingRows(Encoder.Tokenizer.VocabularySize, architecture), Classes: 0);
    }

    // Short and long texts side by side.
    private IEnumerable<int[][]> Batches() => _ids.Index().OrderBy(text => text.Index % (_ids.Length / BatchRows)).Select(text => text.Item).Chunk(BatchRows);

    private static TokenBatch Batch(int[][] rows, int length)
    {
        int[] tokens = new int[rows.Length * length];
        for (int row = 0; row < rows.Length; row++)
            for (int i = 0; i < rows[row].Length; i++) tokens[row * length + i] = rows[row][i] + 1; // 0 pads
        return new() { Rows = rows.Length, Length = length, Tokens = tokens, Lengths = [.. rows.Select(ids => ids.Length)] };
    }

    private static double[] Normalized(double[] vector)
    {
        double length = Math.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => value / length)];
    }

    /// <summary>Texts of any length, made of all words of the vocabulary, so that every part of it is read.</summary>
    private sealed class WordStream(PretrainedTokenizer tokenizer)
    {
        private readonly string[] _words = [.. tokenizer.Tokens.Where(token => token.Length > 2 && token.All(char.IsAsciiLetter))];
        private int _next;

        /// <summary>The ids of a text of so many tokens, CLS and SEP included; of one token, CLS alone.</summary>
        public int[] Next(int length)
        {
            int[] ids = tokenizer.Encode(string.Join(' ', Enumerable.Range(0, length).Select(_ => _words[_next = (_next + 7919) % _words.Length])));
            return length < 2 ? ids[..1] : [.. ids[..(length - 1)], ids[^1]];
        }
    }
}
