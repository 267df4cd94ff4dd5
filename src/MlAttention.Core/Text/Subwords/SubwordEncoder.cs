namespace MlAttention.Core.Text.Subwords;

/// <summary>From a text to its ids. One instance serves one thread.</summary>
internal abstract class SubwordEncoder(SubwordModel model)
{
    /// <summary>Appends the ids of a text, the special tokens around it included.</summary>
    public virtual void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        foreach (int id in model.Before) ids.Add(id);
        EncodeText(text, ids);
        foreach (int id in model.After) ids.Add(id);
    }

    /// <summary>
    /// Appends the ids of one part of a text of several, without special tokens around it. A separator that is written out in the part, which
    /// would look like its end, is the unknown token there.
    /// </summary>
    public void EncodePart(ReadOnlySpan<char> part, List<int> ids)
    {
        int start = ids.Count;
        EncodeBare(part, ids);
        if (model.Between is not [var separator, ..]) return;
        var own = CollectionsMarshal.AsSpan(ids)[start..];
        if (model.UnknownId is { } unknown) own.Replace(separator, unknown);
        else if (own.Contains(separator)) Remove(ids, start, separator);
    }

    /// <summary>Appends the tokens of the same ids as texts.</summary>
    public void SpellPart(ReadOnlySpan<char> part, List<SpelledToken> tokens)
    {
        var spelled = new List<SpelledToken>();
        SpellBare(part, spelled);
        string? separator = model.Between is [var id, ..] ? model.Tokens[id] : null;
        foreach (var token in spelled)
        {
            if (token.Text != separator) tokens.Add(token);
            else if (model.UnknownId is not null) tokens.Add(token with { IsUnknown = true });
        }
    }

    /// <summary>Appends the tokens of the same ids as texts.</summary>
    public virtual void Spell(ReadOnlySpan<char> text, List<SpelledToken> tokens)
    {
        var ids = new List<int>();
        Encode(text, ids);
        foreach (int id in ids) tokens.Add(new(model.Tokens[id], IsUnknown: id == model.UnknownId));
    }

    /// <summary>Appends the ids of a text alone.</summary>
    protected abstract void EncodeText(ReadOnlySpan<char> text, List<int> ids);

    /// <summary>Appends the ids of a text without what stands around it.</summary>
    protected virtual void EncodeBare(ReadOnlySpan<char> text, List<int> ids) => EncodeText(text, ids);

    /// <summary>Appends the tokens of the same ids as texts.</summary>
    protected virtual void SpellBare(ReadOnlySpan<char> text, List<SpelledToken> tokens)
    {
        var ids = new List<int>();
        EncodeBare(text, ids);
        foreach (int id in ids) tokens.Add(new(model.Tokens[id], IsUnknown: id == model.UnknownId));
    }

    private static void Remove(List<int> ids, int start, int id)
    {
        int kept = start;
        for (int i = start; i < ids.Count; i++)
            if (ids[i] != id) ids[kept++] = ids[i];
        ids.RemoveRange(kept, ids.Count - kept);
    }
}

/// <summary>Runs the steps of a pipeline over memory that it keeps.</summary>
internal sealed class PipelineEncoder(SubwordPipeline pipeline) : SubwordEncoder(pipeline)
{
    /// <summary>Steps that make more of a text are no normalisation but a damaged or hostile file.</summary>
    private const int MostGrowth = 64, AlwaysAllowed = 4096;

    private readonly TextBuffer _wellFormed = new();
    private readonly ModelMemory _memory = new();
    private (TextBuffer Now, TextBuffer Next) _texts = (new(), new());
    private (WordList Now, WordList Next) _words = (new(), new());
    private List<SpelledToken>? _spelled;

    public override void Spell(ReadOnlySpan<char> text, List<SpelledToken> tokens)
    {
        foreach (int id in pipeline.Before) tokens.Add(new(pipeline.Tokens[id], IsUnknown: false));
        SpellBare(text, tokens);
        foreach (int id in pipeline.After) tokens.Add(new(pipeline.Tokens[id], IsUnknown: false));
    }

    protected override void SpellBare(ReadOnlySpan<char> text, List<SpelledToken> tokens)
    {
        _spelled = tokens;
        EncodeText(text, []);
        _spelled = null;
    }

    protected override void EncodeText(ReadOnlySpan<char> text, List<int> ids)
    {
        text = WellFormed(text);
        int done = 0;
        while (pipeline.AsWritten.TryFind(text, done, out int start, out int end, out int id))
        {
            EncodeStretch(text[done..start], ids);
            AddWhole(text[start..end], id, ids);
            done = end;
        }
        EncodeStretch(text[done..], ids);
    }

    /// <summary>A text after all steps of normalisation; valid until the next call.</summary>
    public ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        int length = text.Length;
        foreach (var normalizer in pipeline.Normalizers)
        {
            _texts = (_texts.Next, _texts.Now);
            _texts.Now.Clear();
            normalizer.Normalize(text, _texts.Now);
            if (_texts.Now.Length > (long)length * MostGrowth + AlwaysAllowed)
                throw new InvalidDataException($"The tokenizer's normalizer makes {_texts.Now.Length} characters of {length}: its file is damaged.");
            text = _texts.Now.Text;
        }
        return text;
    }

    private void EncodeStretch(ReadOnlySpan<char> text, List<int> ids)
    {
        if (text.IsEmpty) return;
        text = Normalize(text);
        int done = 0;
        while (pipeline.AsNormalized.TryFind(text, done, out int start, out int end, out int id))
        {
            EncodeWords(text[done..start], ids);
            AddWhole(text[start..end], id, ids);
            done = end;
        }
        EncodeWords(text[done..], ids);
    }

    private void EncodeWords(ReadOnlySpan<char> text, List<int> ids)
    {
        _words.Now.Clear();
        _words.Now.Add(text);
        foreach (var step in pipeline.PreTokenizers)
        {
            _words = (_words.Next, _words.Now);
            _words.Now.Clear();
            for (int i = 0; i < _words.Next.Count; i++) step.Split(_words.Next[i], _words.Now);
        }
        for (int i = 0; i < _words.Now.Count; i++)
        {
            int before = ids.Count;
            pipeline.Model.Encode(_words.Now[i], ids, _memory);
            if (_spelled is not null) SpelledToken.Append(_words.Now[i], [.. ids.Skip(before).Select(id => id == pipeline.UnknownId ? null : pipeline.Tokens[id])], _spelled);
        }
    }

    /// <summary>Adds a token that stands in the text as it is written.</summary>
    private void AddWhole(ReadOnlySpan<char> text, int id, List<int> ids)
    {
        ids.Add(id);
        _spelled?.Add(new(id == pipeline.UnknownId ? text.ToString() : pipeline.Tokens[id], IsUnknown: id == pipeline.UnknownId));
    }

    /// <summary>Half of a surrogate pair is no character, and becomes the one that stands for none.</summary>
    private ReadOnlySpan<char> WellFormed(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyInRange('\uD800', '\uDFFF')) return text;
        _wellFormed.Clear();
        foreach (var rune in text.EnumerateRunes()) _wellFormed.Append(rune);
        return _wellFormed.Text;
    }
}
