using MlAttention.Core.Generation;
using MlAttention.Core.Text;

namespace MlAttention.Core.Serving;

/// <summary>One thread's memory between a prompt and the text that follows it, used again for every text. A token costs no allocation.</summary>
internal sealed class TextGeneration(TextGeneratorParts parts, Vocabulary vocabulary, ITokenDecoder decoder)
{
    private readonly SequenceTokenizer _tokenizer = new(parts.Tokenizer, vocabulary);
    private readonly TokenSampler _sampler = new(vocabulary.Size);
    private readonly float[] _logits = new float[vocabulary.Size];
    private readonly int[] _classes = new int[decoder.MaxLength + 1];
    private GenerationOptions _options = new();
    private Xoshiro256 _random = new(0);
    private int[] _stops = [];
    private int _count, _prompt;

    /// <summary>Reads a prompt, to write what follows it.</summary>
    /// <exception cref="ArgumentException">The prompt has more tokens than the model reads, or a stop token is none of the vocabulary.</exception>
    public void Begin(ReadOnlySpan<char> prompt, GenerationOptions options)
    {
        var keys = _tokenizer.Tokenize(prompt);
        if (keys.Length >= decoder.MaxLength)
            throw new ArgumentException($"The prompt has {keys.Length} tokens; the model reads at most {decoder.MaxLength}, the beginning of the text among them, so a prompt may have {decoder.MaxLength - 1}. Shorten it.", nameof(prompt));
        _stops = [.. options.StopTokens.Select(Stop)];
        (_options, _random) = (options, Xoshiro256.For(options.Seed, "generation"));
        Restart();
        foreach (uint key in keys)
        {
            _classes[_count++] = (int)key - 1;
            decoder.Read(Id(key));
        }
        _prompt = _count;
    }

    /// <summary>Tokens written since <see cref="Begin"/>.</summary>
    public int Written => _count - _prompt;

    /// <summary>Writes the next token.</summary>
    /// <param name="token">The token's class.</param>
    /// <returns>Why the text ends, without another token; null where it goes on.</returns>
    public GenerationStopReason? Next(out int token)
    {
        token = -1;
        if (Written == _options.MostTokens) return GenerationStopReason.MostTokens;
        if (_count == decoder.MaxLength) return GenerationStopReason.MaxLength;
        if (decoder.Length <= _count) decoder.Read(_classes[_count - 1] + 1);       // what was written last
        decoder.Logits(_logits);
        _logits[LineTokens.Begin] = float.NegativeInfinity;
        token = _sampler.Next(_options, _logits, _classes.AsSpan(0, _count), _random);
        if (token == LineTokens.End) return GenerationStopReason.EndOfText;
        if (_stops.AsSpan().Contains(token)) return GenerationStopReason.StopToken;
        _classes[_count++] = token;
        return null;
    }

    /// <summary>How probable a text is, its end included.</summary>
    public TextLikelihood Score(ReadOnlySpan<char> text)
    {
        var keys = _tokenizer.Tokenize(text);
        int predicted = Math.Min(keys.Length + 1, decoder.MaxLength), unknown = 0;
        double sum = 0;
        Restart();
        for (int i = 0; i < predicted; i++)
        {
            if (i > 0) decoder.Read(Id(keys[i - 1]));
            int next = i < keys.Length ? (int)keys[i] - 1 : LineTokens.End;
            if (next < 0)
            {
                unknown++;
                continue;
            }
            decoder.Logits(_logits);
            sum -= CrossEntropy.Of(_logits, next);
        }
        return new(sum, predicted - unknown, unknown, keys.Length + 1 - predicted);
    }

    private void Restart()
    {
        _count = 0;
        decoder.Restart();
        decoder.Read(LineTokens.Begin + 1);
    }

    private int Id(uint key) => key == 0 ? TokenIds.Unknown(vocabulary.Size) : (int)key;

    private int Stop(string token) => vocabulary.Find(token) is > 0 and var key ? (int)key - 1 : throw new ArgumentException($"StopTokens has '{token}', which is no token of the vocabulary.");
}

/// <summary>The tokens that stand before and behind every line: the first two of a generator's vocabulary, which no text can spell.</summary>
internal static class LineTokens
{
    /// <summary>Their classes; their keys are one more.</summary>
    public const int Begin = 0, End = 1;

    /// <summary>How they are written in the vocabulary.</summary>
    public static readonly string[] Texts = ["[BOS]", "[EOS]"];

    /// <summary>A vocabulary with the tokens before those of texts.</summary>
    public static Vocabulary Before(Vocabulary ofTexts) => new([.. Texts, .. ofTexts.Tokens.Except(Texts)]);

    /// <summary>The keys that a model reads of a text: the beginning, then its tokens.</summary>
    public static int[] Inputs(ReadOnlySpan<uint> keys) => [Begin + 1, .. MemoryMarshal.Cast<uint, int>(keys)];

    /// <summary>What it is to say at each of them: the class of the token that follows, at the last one the end; nothing where an unknown one follows.</summary>
    public static int[] Targets(ReadOnlySpan<uint> keys) => [.. keys.ToArray().Select(key => key == 0 ? Sequences.Targets.Ignored : (int)key - 1), End];
}
