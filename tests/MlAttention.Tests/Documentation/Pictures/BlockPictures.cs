using MlAttention.Ablation.Reporting.Figures;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>What stands in a layer of an encoder and of a decoder.</summary>
internal static class BlockPictures
{
    private const double Top = 44;

    /// <summary>Both pictures.</summary>
    public static IReadOnlyList<Picture> All { get; } = [new("encoder-layer", Encoder), new("decoder-layer", Decoder)];

    private static string Encoder()
    {
        var svg = new SvgWriter(420, 326);
        var flow = new FlowDrawing(svg);
        svg.Text(110, 18, "norm before (the default)", "heading", "middle").Text(310, 18, "norm after (BERT)", "heading", "middle");
        flow.Column(110, Top, "x", "output", "(", "norm 1", "self-attention", "+", "(", "norm 2", "feed-forward", "+");
        flow.Column(310, Top, "x", "output", "(", "self-attention", "+", "norm 1", "(", "feed-forward", "+", "norm 2");
        return svg.ToSvg("encoder-layer", "A layer of an encoder", "Norm before: x + self-attention(norm(x)) is y, and y + feed-forward(norm(y)) the output. Norm after: each sum is normalised.");
    }

    private static string Decoder()
    {
        const double Encoder = 96, Decoder = 324;
        var svg = new SvgWriter(420, 450);
        var flow = new FlowDrawing(svg);
        svg.Text(Encoder, 18, "encoder", "heading", "middle").Text(Decoder, 18, "decoder", "heading", "middle");
        var memory = flow.Column(Encoder, Top, "the source", "memory", "(", "norm 1", "self-attention", "+", "(", "norm 2", "feed-forward", "+");
        var places = flow.Column(Decoder, Top, "what is written so far", "the next token", "(", "norm 1", "causal self-attention", "+", "(", "norm 2", "cross-attention", "+", "(", "norm 3", "feed-forward", "+");
        double turn = Encoder + FlowDrawing.Width / 2 + 26, end = memory["memory"], cross = places["cross-attention"];
        svg.Line(Encoder + 26, end, turn, end, "axis").Line(turn, end, turn, cross, "axis");
        flow.Right(turn, Decoder - FlowDrawing.Width / 2, cross);
        svg.Text(turn + 6, cross - 6, "keys,", "small").Text(turn + 6, cross + 14, "values", "small");
        return svg.ToSvg("decoder-layer", "Encoder and decoder", "The decoder's layer has causal self-attention, cross-attention whose keys and values come from the encoder's output, and a feed-forward network, each with a norm and a residual connection.");
    }
}
