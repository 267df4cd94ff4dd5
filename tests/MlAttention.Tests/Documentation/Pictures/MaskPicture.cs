using MlAttention.Ablation.Reporting.Figures;
using static TorchSharp.torch;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>What a query may see under each mask; each cell is read from the mask itself.</summary>
internal static class MaskPicture
{
    private const int Tokens = 8, Across = 4, Left = 18, Top = 44;
    private const double Cell = 15, PanelWidth = 206, PanelHeight = 182;

    private static readonly (string Name, string Meaning, AttentionMask Mask)[] s_masks =
    [
        ("Padding([6], 8)", "6 of 8 are real tokens", AttentionMask.Padding([6], Tokens)),
        ("Causal()", "none that follows", AttentionMask.Causal()),
        ("Padding([6], 8) & Causal()", "both", AttentionMask.Padding([6], Tokens) & AttentionMask.Causal()),
        ("LocalWindow(2)", "at most 2 away", AttentionMask.LocalWindow(2)),
        ("CausalLocalWindow(2)", "and none that follows", AttentionMask.CausalLocalWindow(2)),
        ("WindowWithGlobalTokens(1, 0)", "1 away, and token 0", AttentionMask.WindowWithGlobalTokens(1, 0)),
        ("BlockSparse(blocks, 2)", "whole blocks of 2 x 2", AttentionMask.BlockSparse(new[,] { { true, true, false, false }, { false, true, true, false }, { false, false, true, true }, { true, false, false, true } }, 2)),
        ("From(tensor)", "any: here every other token", AttentionMask.From(EveryOther())),
    ];

    public static string Draw()
    {
        int rows = (s_masks.Length + Across - 1) / Across;
        var svg = new SvgWriter((int)(Left + Across * PanelWidth), (int)(rows * PanelHeight + 8));
        foreach (var (i, (name, meaning, mask)) in s_masks.Index())
        {
            double x = Left + i % Across * PanelWidth, y = Top + i / Across * PanelHeight;
            svg.Text(x, y - 22, name, "heading").Text(x, y - 8, meaning, "small");
            if (i % Across == 0) svg.Text(x - 6, y + Tokens * Cell / 2, "query", "small", "middle", -90);
            svg.Text(x + Tokens * Cell / 2, y + Tokens * Cell + 12, "key", "small", "middle");
            DrawMask(svg, x, y, mask);
        }
        return svg.ToSvg("masks", "What a query may see under each mask", $"A square of {Tokens} queries by {Tokens} keys for each mask, filled where the query may attend to the key: {string.Join("; ", s_masks.Select(mask => $"{mask.Name}: {mask.Meaning}"))}.");
    }

    private static void DrawMask(SvgWriter svg, double x, double y, AttentionMask mask)
    {
        using var scope = NewDisposeScope();
        bool[] allowed = mask.ToTensor(Tokens, Tokens).expand(1, 1, Tokens, Tokens).contiguous().data<bool>().ToArray();
        for (int cell = 0; cell < allowed.Length; cell++)
            svg.Rectangle(x + cell % Tokens * Cell, y + cell / Tokens * Cell, Cell - 1, Cell - 1, allowed[cell] ? "f0" : "band");
    }

    private static Tensor EveryOther()
    {
        bool[,] allowed = new bool[Tokens, Tokens];
        for (int i = 0; i < Tokens; i++)
            for (int j = 0; j < Tokens; j++) allowed[i, j] = (i + j) % 2 == 0;
        return tensor(allowed);
    }
}
