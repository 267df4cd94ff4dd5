using MlAttention.Ablation.Reporting.Figures;
using static MlAttention.Tests.Documentation.Pictures.MatrixDrawing;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>A picture for each step of attention over three tokens, narrow enough for telephones.</summary>
internal static class WorkedPictures
{
    private const double Left = 42, Top = 26, Under = 42;

    private static readonly WorkedExample.Head s_head = WorkedExample.ByMeaning;

    /// <summary>All of them, in the order of the steps.</summary>
    public static IReadOnlyList<Picture> All { get; } =
    [
        new("step-1-positions", Positions), new("step-2-projections", Projections), new("step-3-products", Products), new("step-4-scores", Scores),
        new("step-5-mask", Mask), new("step-6-softmax", Softmax), new("step-7-values", Values), new("step-8-heads", Heads),
    ];

    private static string Positions()
    {
        var (svg, matrices) = Begin(466, 112, cellWidth: 31);
        double x = matrices.Matrix(Left, Top, "embeddings", WorkedExample.Embeddings, format: "0");
        x = matrices.Matrix(matrices.Sign(x, Top, "+"), Top, "positions", WorkedExample.Positions);
        matrices.Matrix(matrices.Sign(x, Top, "="), Top, "X", WorkedExample.X);
        return End(svg, 1, "embeddings + positions = X", WorkedExample.X);
    }

    private static string Projections()
    {
        const double Row = 4 * CellHeight + 34;
        var (svg, matrices) = Begin(398, (int)(Top + 3 * Row - 20), cellWidth: 36);
        foreach (var (i, (name, weights, result, meaning)) in new[] { ("Q", s_head.QueryWeights, s_head.Query, "looks for"), ("K", s_head.KeyWeights, s_head.Key, "offers"), ("V", s_head.ValueWeights, s_head.Value, "says") }.Index())
        {
            double top = Top + i * Row, middle = top + CellHeight / 2;
            matrices.RowNames(Left, middle, WorkedExample.Tokens);
            double x = matrices.Matrix(Left, middle, "X", WorkedExample.X);
            x = matrices.Matrix(matrices.Sign(x, middle, "·"), top, $"W{name.ToLowerInvariant()}", weights, format: "0");
            matrices.Matrix(matrices.Sign(x, middle, "="), middle, $"{name}: {meaning}", result);
        }
        return End(svg, 2, "X·Wq = Q, X·Wk = K, X·Wv = V", s_head.Query, s_head.Key, s_head.Value);
    }

    private static string Products()
    {
        var (svg, matrices) = Begin(398, 126, top: Under);
        double x = matrices.Matrix(Left, Under, "Q", s_head.Query);
        x = matrices.Matrix(matrices.Sign(x, Under, "·"), Under + CellHeight / 2, "Kᵀ", Transposed(s_head.Key), WorkedExample.Tokens);
        matrices.Matrix(matrices.Sign(x, Under, "="), Under, "QKᵀ", s_head.Products, WorkedExample.Tokens);
        return End(svg, 3, "Q·Kᵀ", s_head.Products);
    }

    private static string Scores()
    {
        var (svg, matrices) = Begin(398, 126, top: Under);
        double x = matrices.Matrix(Left, Under, "QKᵀ", s_head.Products, WorkedExample.Tokens);
        matrices.Matrix(matrices.Sign(x + 10, Under, "/ √2 =") + 14, Under, "scores", s_head.Scores, WorkedExample.Tokens);
        return End(svg, 4, "QKᵀ/√2 = scores", s_head.Scores);
    }

    private static string Mask()
    {
        var (svg, matrices) = Begin(398, 126, top: Under);
        double x = matrices.Matrix(Left, Under, "scores", s_head.Scores, WorkedExample.Tokens);
        matrices.Matrix(matrices.Sign(x + 10, Under, "→") + 14, Under, "what the mask leaves", s_head.Masked, WorkedExample.Tokens);
        return End(svg, 5, "the scores that a causal mask leaves", s_head.Masked);
    }

    private static string Softmax()
    {
        var (svg, matrices) = Begin(446, 126, top: Under);
        double[][] powers = [.. s_head.Masked.Select(row => row.Select(score => double.IsNaN(score) ? 0 : Math.Exp(score)).ToArray())];
        double x = matrices.Matrix(Left, Under, "exp(score)", powers, WorkedExample.Tokens);
        x = matrices.Matrix(matrices.Sign(x, Under, "/"), Under, "sum", [.. powers.Select(row => new[] { row.Sum() })]);
        matrices.Matrix(matrices.Sign(x, Under, "="), Under, "weights", s_head.Weights, WorkedExample.Tokens);
        return End(svg, 6, "exp(score) / sum of the row = weights", s_head.Weights);
    }

    private static string Values()
    {
        var (svg, matrices) = Begin(398, 126, top: Under);
        double x = matrices.Matrix(Left, Under, "weights", s_head.Weights, WorkedExample.Tokens);
        x = matrices.Matrix(matrices.Sign(x, Under, "·"), Under, "V", s_head.Value);
        matrices.Matrix(matrices.Sign(x, Under, "="), Under, "output", s_head.Output);
        return End(svg, 7, "weights·V = output", s_head.Output);
    }

    private static string Heads()
    {
        const double Second = Under + 3 * CellHeight + 60;
        var (svg, matrices) = Begin(466, (int)(Second + 4 * CellHeight + 6), cellWidth: 31, top: Under);
        double x = matrices.Matrix(Left, Under, "head 1: by meaning", s_head.Weights, WorkedExample.Tokens);
        matrices.RowNames(x + 80, Under, WorkedExample.Tokens);
        matrices.Matrix(x + 80, Under, "head 2: by place", WorkedExample.ByPlace.Weights, WorkedExample.Tokens);
        matrices.RowNames(Left, Second + CellHeight / 2, WorkedExample.Tokens);
        x = matrices.Matrix(Left, Second + CellHeight / 2, "both outputs", WorkedExample.Joined);
        x = matrices.Matrix(matrices.Sign(x, Second + CellHeight / 2, "·"), Second, "Wo", WorkedExample.OutputWeights, format: "0");
        matrices.Matrix(matrices.Sign(x, Second + CellHeight / 2, "="), Second + CellHeight / 2, "the layer's output", WorkedExample.Output);
        return End(svg, 8, "both heads side by side, times Wo", WorkedExample.ByPlace.Weights, WorkedExample.Output);
    }

    private static (SvgWriter Svg, MatrixDrawing Matrices) Begin(int width, int height, double cellWidth = 36, double top = Top)
    {
        var svg = new SvgWriter(width, height);
        var matrices = new MatrixDrawing(svg, cellWidth);
        if (height < 200 || top > Top) matrices.RowNames(Left, top, WorkedExample.Tokens);
        return (svg, matrices);
    }

    private static string End(SvgWriter svg, int step, string formula, params double[][][] results) =>
        svg.ToSvg($"step-{step}", $"Step {step}: {formula}", $"Rows are the tokens {string.Join(", ", WorkedExample.Tokens)}. {string.Join("; ", results.Select(rows => string.Join(" / ", rows.Select(Row))))}.");
}
