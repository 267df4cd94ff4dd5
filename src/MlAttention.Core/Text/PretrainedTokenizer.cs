using MlAttention.Core.Text;
using MlAttention.Core.Text.Subwords;

namespace MlAttention;

/// <summary>The tokenizer of a pretrained encoder: it gives a text the ids that the encoder was trained with.</summary>
/// <remarks>
/// The ids equal those of Hugging Face's tokenizers library, with the special tokens that the family wants around a text: [CLS] and
/// [SEP], or &lt;s&gt; and &lt;/s&gt;. Thread-safe.
/// </remarks>
public sealed class PretrainedTokenizer
{
    private readonly IReadOnlyDictionary<string, byte[]>? _files;
    private readonly SubwordModel _model;
    private SubwordEncoder? _idle;

    /// <summary>Wraps a tokenizer of Microsoft.ML.Tokenizers. What is made with it cannot be saved; see <see cref="Files"/>.</summary>
    /// <param name="tokenizer">What turns texts into ids; it has to be thread-safe, as those of Microsoft.ML.Tokenizers are.</param>
    /// <param name="tokens">The tokens in the order of their ids, from 0 on.</param>
    /// <param name="cls">The token before every text, or null when there is none. It is put there unless <paramref name="tokenizer"/> does so itself.</param>
    /// <param name="sep">The token after every text, likewise.</param>
    /// <param name="padding">The token that pads, or null when there is none.</param>
    /// <param name="unknown">The token for what the vocabulary lacks, or null when there is none.</param>
    /// <exception cref="ArgumentException">There are no tokens, or a special token is not among them.</exception>
    public PretrainedTokenizer(
        Microsoft.ML.Tokenizers.Tokenizer tokenizer, IReadOnlyList<string> tokens, string? cls = null, string? sep = null, string? padding = null, string? unknown = null)
        : this(null, TokenizerReader.Wrap(tokenizer, tokens, cls, sep, padding, unknown))
    {
    }

    private PretrainedTokenizer(IReadOnlyDictionary<string, byte[]>? files, SubwordModel model) => (_files, _model) = (files, model);

    /// <summary>The tokenizer of a Hugging Face folder.</summary>
    /// <remarks>
    /// Of several files the first counts, as in transformers: tokenizer.json; vocab.txt (BERT, DistilBERT); vocab.json and merges.txt
    /// (RoBERTa); sentencepiece.bpe.model (XLM-R). Beside it tokenizer_config.json (do_lower_case, strip_accents,
    /// tokenize_chinese_chars, add_prefix_space, special tokens), special_tokens_map.json and added_tokens.json are read; never_split is
    /// not, which the fast tokenizers of transformers do not know either.
    /// </remarks>
    /// <param name="folder">The folder.</param>
    /// <exception cref="FileNotFoundException">The folder has no file of a tokenizer.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or asks for what is not supported.</exception>
    public static PretrainedTokenizer Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var files = TokenizerReader.ReadFolder(folder);
        return new PretrainedTokenizer(files, TokenizerReader.Read(files, $"The folder {folder}"));
    }

    /// <summary>The tokenizer of files in memory, such as <see cref="Files"/> of another one.</summary>
    /// <param name="files">The content of each file, by the name that it has in a Hugging Face folder; others are ignored.</param>
    /// <exception cref="FileNotFoundException">There is no file of a tokenizer.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or asks for what is not supported.</exception>
    public static PretrainedTokenizer FromFiles(IReadOnlyDictionary<string, byte[]> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var own = TokenizerReader.Choose(files);
        return new PretrainedTokenizer(own, TokenizerReader.Read(own, "The given set of files"));
    }

    /// <summary>A tokenizer of one's own, learned from texts: BERT's, whose words are cut into pieces of a vocabulary (WordPiece), for an encoder from nothing.</summary>
    /// <remarks>
    /// Pieces are learned as byte pairs are (Sennrich et al. 2016): the characters first, at the start of a word and after it (##), then again and
    /// again the most frequent pair of neighbours, as Hugging Face's WordPieceTrainer does. Before them come [PAD], [UNK], [CLS], [SEP] and [MASK],
    /// ids 0 to 4. A word with a character that no text has is [UNK]. <see cref="Files"/> are vocab.txt and tokenizer_config.json.
    /// </remarks>
    /// <param name="texts">The texts.</param>
    /// <param name="maxSize">Most tokens of the vocabulary, special ones included.</param>
    /// <param name="lowerCase">Whether upper case becomes lower case and accents go, as in BERT's uncased models.</param>
    /// <exception cref="ArgumentException">The texts have no word, or the vocabulary has no place for a token beside the special ones.</exception>
    public static PretrainedTokenizer Learn(IEnumerable<string> texts, int maxSize = 8000, bool lowerCase = true)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var trainer = new WordPieceTrainer(lowerCase);
        foreach (string text in texts) trainer.Add(text);
        return FromFiles(trainer.Learn(maxSize));
    }

    /// <summary>The files that the tokenizer was made from, byte for byte, by name.</summary>
    /// <exception cref="NotSupportedException">It was made around a tokenizer of Microsoft.ML.Tokenizers, which does not give its vocabulary away.</exception>
    public IReadOnlyDictionary<string, byte[]> Files => _files ?? throw new NotSupportedException(
        "A tokenizer of Microsoft.ML.Tokenizers does not give its vocabulary away, so what uses it cannot be saved. To save, make the tokenizer from the files of the Hugging Face folder: PretrainedTokenizer.Load(folder).");

    /// <summary>Whether <see cref="Files"/> are there, so that what uses the tokenizer can be saved.</summary>
    public bool HasFiles => _files is not null;

    /// <summary>Number of tokens V: ids go from 0 to V - 1.</summary>
    public int VocabularySize => Tokens.Count;

    /// <summary>The tokens in the order of their ids. An id that no file names has a token of its own that no text gives.</summary>
    public IReadOnlyList<string> Tokens => _model.Tokens;

    /// <summary>The id of the token before every text ([CLS], &lt;s&gt;), or null when there is none.</summary>
    public int? ClsId => _model.Before is [var id, ..] ? id : null;

    /// <summary>The id of the token after every text ([SEP], &lt;/s&gt;), or null when there is none.</summary>
    public int? SepId => _model.After is [.., var id] ? id : null;

    /// <summary>The id of the token that pads, or null when there is none.</summary>
    public int? PaddingId => _model.PaddingId;

    /// <summary>The id of the token for what the vocabulary lacks, or null when there is none.</summary>
    public int? UnknownId => _model.UnknownId;

    /// <summary>The id of the token that hides another one while an encoder is pre-trained ([MASK], &lt;mask&gt;), or null when there is none.</summary>
    public int? MaskId => _model.MaskId;

    /// <summary>The ids of a text, special tokens around it included; never cut.</summary>
    /// <param name="text">The text.</param>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>();
        Encode(text, ids);
        return [.. ids];
    }

    /// <summary>
    /// The ids of a pair of texts, such as a question and an answer, with special tokens around and between them; never cut. They are those of
    /// Hugging Face's tokenizers, but for a separator ([SEP], &lt;/s&gt;) that is written out in a text: that is the unknown token here, so
    /// that no text can end the first one.
    /// </summary>
    /// <param name="first">The first text.</param>
    /// <param name="second">The second text.</param>
    /// <exception cref="NotSupportedException">The tokenizer's files do not tell how two texts stand together.</exception>
    public int[] Encode(string first, string second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return Encode([first, second]);
    }

    /// <summary>The ids of a text of one or several parts, likewise.</summary>
    internal int[] Encode(IReadOnlyList<string> parts)
    {
        if (parts is [var only]) return Encode(only);
        if (_model.Between.Length == 0) throw new NotSupportedException($"No pair can be encoded: {NoParts}.");
        var encoder = Interlocked.Exchange(ref _idle, null) ?? CreateEncoder();
        var ids = new List<int>();
        for (int part = 0; part < parts.Count; part++)
        {
            ids.AddRange(part == 0 ? _model.Before : _model.Between);
            encoder.EncodePart(parts[part], ids);
        }
        ids.AddRange(_model.After);
        _idle = encoder;
        return [.. ids];
    }

    /// <summary>Appends the ids of a text. Once memory has grown to the texts' size, an ASCII text allocates nothing in WordPiece.</summary>
    internal void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        var encoder = Interlocked.Exchange(ref _idle, null) ?? CreateEncoder();
        encoder.Encode(text, ids);
        _idle = encoder;
    }

    /// <summary>Whether a token begins a word: it does unless the vocabulary marks it as one that goes on with a word.</summary>
    internal bool BeginsWord(int id) => _model.Mark?.Begins(Tokens[id]) ?? true;

    /// <summary>The ids that stand for no part of a text: those around and between texts, padding, the unknown token and the mask.</summary>
    internal IReadOnlySet<int> SpecialIds => new HashSet<int>([.. _model.Before, .. _model.Between, .. _model.After, .. new[] { PaddingId, UnknownId, MaskId }.OfType<int>()]);

    /// <summary>What encodes for one thread.</summary>
    internal SubwordEncoder CreateEncoder() => _model.CreateEncoder();

    /// <summary>Tokens that stand before and after every text, which cutting it keeps.</summary>
    internal (int Before, int After) Boundaries => (_model.Before.Length, _model.After.Length);

    /// <summary>The ids before a text, between the parts of one of several, and after it; none between where the files do not tell.</summary>
    internal (int[] Before, int[] Between, int[] After) Frame => (_model.Before, _model.Between, _model.After);

    /// <summary>The id of the token between two parts; null where the files do not tell.</summary>
    internal int? SeparatorId => _model.Between is [var id, ..] ? id : null;

    /// <summary>Whether the parts of a text have token types of their own.</summary>
    internal bool HasTypedParts => _model.HasTypedParts;

    /// <summary>What is said where <see cref="Frame"/> has nothing between.</summary>
    internal const string NoParts = "the tokenizer's files do not tell how several texts stand together: tokenizer.json has no template \"pair\" with a separator";
}
