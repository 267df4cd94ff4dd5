namespace MlAttention.Core.Text.Subwords;

/// <summary>All that a tokenizer's files say.</summary>
internal sealed class SubwordModel
{
    public IReadOnlyList<string> Tokens { get; init; } = [];

    public IReadOnlyList<int> Before { get; init; } = [];

    public IReadOnlyList<int> After { get; init; } = [];

    public int? ClsId { get; init; }

    public int? SepId { get; init; }

    public int? PaddingId { get; init; }

    public int? UnknownId { get; init; }

    public SubwordEncoder CreateEncoder() => throw new NotImplementedException();
}
