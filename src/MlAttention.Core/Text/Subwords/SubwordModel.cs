namespace MlAttention.Core.Text.Subwords;

/// <summary>What a pretrained tokenizer is, whatever it was made from. Thread-safe.</summary>
internal abstract class SubwordModel
{
    /// <summary>The tokens in the order of their ids.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>The ids before every text.</summary>
    public int[] Before { get; init; } = [];

    /// <summary>The ids after every text.</summary>
    public int[] After { get; init; } = [];

    /// <summary>The ids between the parts of a text of several, all of them the same one; none where the files do not tell.</summary>
    public int[] Between { get; init; } = [];

    /// <summary>Whether the parts of a text have token types of their own, as BERT's have and RoBERTa's have not.</summary>
    public bool HasTypedParts { get; init; }

    /// <summary>The id of the token that pads.</summary>
    public int? PaddingId { get; init; }

    /// <summary>The id of the token for what the vocabulary lacks.</summary>
    public int? UnknownId { get; init; }

    /// <summary>The id of the token that hides another one.</summary>
    public int? MaskId { get; init; }

    /// <summary>What tells the tokens that begin a word from those that go on with one; null where nothing tells it.</summary>
    public WordMark? Mark { get; init; }

    /// <summary>What encodes for one thread.</summary>
    public abstract SubwordEncoder CreateEncoder();
}

/// <summary>What tokens begin with, by which the first one of a word is told from the others.</summary>
/// <param name="Text">The mark.</param>
/// <param name="IsOfFirst">Whether the first token of a word has it, as byte pairs (&#x120;) and SentencePiece (&#x2581;) have, or the others, as WordPiece (##) has.</param>
internal sealed record WordMark(string Text, bool IsOfFirst)
{
    /// <summary>WordPiece's.</summary>
    public static WordMark Continuation { get; } = new("##", IsOfFirst: false);

    /// <summary>The blank before a word, as byte pairs write it.</summary>
    public static WordMark ByteBlank { get; } = new("\u0120", IsOfFirst: true);

    /// <summary>The blank before a word, as SentencePiece writes it.</summary>
    public static WordMark Blank { get; } = new("\u2581", IsOfFirst: true);

    /// <summary>Whether a token begins a word; the first one of a text does so without a mark too.</summary>
    public bool Begins(string token) => token.StartsWith(Text, StringComparison.Ordinal) == IsOfFirst;
}

/// <summary>A tokenizer of Microsoft.ML.Tokenizers, as it is.</summary>
internal sealed class WrappedModel(Microsoft.ML.Tokenizers.Tokenizer tokenizer) : SubwordModel
{
    public override SubwordEncoder CreateEncoder() => new Encoder(this, tokenizer);

    private sealed class Encoder(WrappedModel model, Microsoft.ML.Tokenizers.Tokenizer tokenizer) : SubwordEncoder(model)
    {
        /// <summary>Whether the tokenizer itself puts the special tokens around, as BertTokenizer does.</summary>
        private readonly bool _complete = IsAround(model, tokenizer.EncodeToIds(""));

        public override void Encode(ReadOnlySpan<char> text, List<int> ids)
        {
            if (_complete) EncodeText(text, ids);
            else base.Encode(text, ids);
        }

        protected override void EncodeText(ReadOnlySpan<char> text, List<int> ids)
        {
            foreach (int id in tokenizer.EncodeToIds(text))
            {
                if ((uint)id >= (uint)model.Tokens.Count) throw new InvalidOperationException($"The wrapped tokenizer gave the id {id}, and the tokens given with it have ids 0 to {model.Tokens.Count - 1}.");
                ids.Add(id);
            }
        }

        protected override void EncodeBare(ReadOnlySpan<char> text, List<int> ids)
        {
            int start = ids.Count;
            EncodeText(text, ids);
            if (!_complete) return;
            ids.RemoveRange(ids.Count - model.After.Length, model.After.Length);
            ids.RemoveRange(start, model.Before.Length);
        }

        private static bool IsAround(SubwordModel model, IReadOnlyList<int> ids) =>
            ids.Count > 0 && ids.Take(model.Before.Length).SequenceEqual(model.Before) && ids.TakeLast(model.After.Length).SequenceEqual(model.After);
    }
}

/// <summary>The steps of Hugging Face's library: added tokens, normalisation, splitting, the model.</summary>
internal sealed class SubwordPipeline : SubwordModel
{
    /// <summary>From a word to its ids.</summary>
    public required TokenModel Model { get; init; }

    /// <summary>The steps that make spellings equal, in their order.</summary>
    public Normalizer[] Normalizers { get; init; } = [];

    /// <summary>The steps that cut a text into words, in their order.</summary>
    public PreTokenizer[] PreTokenizers { get; init; } = [];

    /// <summary>The tokens that are found in a text as it is.</summary>
    public AddedTokenFinder AsWritten { get; } = new();

    /// <summary>The tokens that are found in a text after normalisation.</summary>
    public AddedTokenFinder AsNormalized { get; } = new();

    /// <summary>Adds a token that is found in texts.</summary>
    public void Add(AddedToken token)
    {
        if (token.Normalized) AsNormalized.Add(new PipelineEncoder(this).Normalize(token.Content), token);
        else AsWritten.Add(token.Content, token);
    }

    public override SubwordEncoder CreateEncoder() => new PipelineEncoder(this);
}
