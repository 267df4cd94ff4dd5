using static TorchSharp.torch;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>What a query may see under each mask; each cell is read from the mask itself.</summary>
internal static class MaskPicture
{
    private const int Tokens = 8;

    public static IReadOnlyList<Picture> All { get; } = new PanelPicture("masks", "What a query may see under each mask", Tokens, across: 3,
    [
        Panel("no mask", "every token sees every token", null),
        Panel("Padding([6], 8)", "6 of 8 are real tokens", AttentionMask.Padding([6], Tokens)),
        Panel("Causal()", "none that follows", AttentionMask.Causal()),
        Panel("Padding([6], 8) & Causal()", "both must allow", AttentionMask.Padding([6], Tokens) & AttentionMask.Causal()),
        Panel("LocalWindow(2)", "at most 2 away", AttentionMask.LocalWindow(2)),
        Panel("CausalLocalWindow(2)", "at most 2 back, none that follows", AttentionMask.CausalLocalWindow(2)),
        Panel("WindowWithGlobalTokens(1, 0)", "1 away, and token 0", AttentionMask.WindowWithGlobalTokens(1, 0)),
        Panel("BlockSparse(blocks, 2)", "whole blocks of 2 x 2", AttentionMask.BlockSparse(new[,] { { true, true, false, false }, { false, true, true, false }, { false, false, true, true }, { true, false, false, true } }, 2)),
        Panel("From(tensor)", "any: here every other token", AttentionMask.From(EveryOther())),
    ]).Pictures;

    private static PanelPicture.Panel Panel(string name, string meaning, AttentionMask? mask)
    {
        using var scope = NewDisposeScope();
        bool[] allowed = mask?.ToTensor(Tokens, Tokens).expand(1, 1, Tokens, Tokens).contiguous().data<bool>().ToArray() ?? [.. Enumerable.Repeat(true, Tokens * Tokens)];
        return PanelPicture.Panel.Of(name, [meaning], Tokens, (i, j) => allowed[i * Tokens + j] ? 1 : double.NaN);
    }

    private static Tensor EveryOther()
    {
        bool[,] allowed = new bool[Tokens, Tokens];
        for (int i = 0; i < Tokens; i++)
            for (int j = 0; j < Tokens; j++) allowed[i, j] = (i + j) % 2 == 0;
        return tensor(allowed);
    }
}
