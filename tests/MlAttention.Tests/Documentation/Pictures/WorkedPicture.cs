using MlAttention.Ablation.Report;
using MlAttention.Ablation.Reporting.Figures;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>The formula of attention with the numbers of three tokens in it.</summary>
internal static class WorkedPicture
{
    private const double Cell = 36, Top = 58, Gap = 40;

    public static string Draw()
    {
        var svg = new SvgWriter(832, 226);
        double x = 56;
        for (int i = 0; i < WorkedExample.Tokens.Length; i++) svg.Text(x - 10, Top + (i + 0.5) * Cell + 4, WorkedExample.Tokens[i], "label", "end");
        x = Matrix(svg, x, "Q", "looks for", WorkedExample.Query, "0.#");
        x = Matrix(svg, Between(svg, x, "·"), "Kᵀ", "offers", Transposed(WorkedExample.Key), "0.#", isTall: false);
        x = Matrix(svg, Between(svg, x, "→"), "QKᵀ/√2", "scores", WorkedExample.Scores, "0.00");
        x = Matrix(svg, Between(svg, x, "→"), "softmax", "weights: each row adds up to 1", WorkedExample.Weights, "0.00", isShaded: true);
        x = Matrix(svg, Between(svg, x, "·"), "V", "says", WorkedExample.Value, "0.#");
        Matrix(svg, Between(svg, x, "="), "output", "what each token gets", WorkedExample.Output, "0.00");
        svg.Text(56, Top + 3 * Cell + 26, $"dog: its scores {List(WorkedExample.Scores[1])} become the weights {List(WorkedExample.Weights[1])};", "small")
            .Text(56, Top + 3 * Cell + 42, "its output is that much of what the, dog and barks say, added up.", "small");
        return svg.ToSvg("three-tokens", "softmax(QKᵀ/√d)V with the numbers of three tokens", $"Matrices of the tokens {string.Join(", ", WorkedExample.Tokens)}: weights {Rows(WorkedExample.Weights)}; output {Rows(WorkedExample.Output)}.");
    }

    private static double Between(SvgWriter svg, double x, string sign)
    {
        svg.Text(x + Gap / 2, Top + 1.5 * Cell + 4, sign, "heading", "middle");
        return x + Gap;
    }

    private static double Matrix(SvgWriter svg, double x, string name, string meaning, double[][] rows, string format, bool isTall = true, bool isShaded = false)
    {
        double width = rows[0].Length * Cell, top = isTall ? Top : Top + Cell / 2;
        svg.Text(x + width / 2, Top - 30, name, "heading", "middle").Text(x + width / 2, Top - 14, meaning, "small", "middle");
        for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < rows[i].Length; j++)
            {
                svg.Rectangle(x + j * Cell, top + i * Cell, Cell - 2, Cell - 2, "band");
                if (isShaded) svg.Rectangle(x + j * Cell, top + i * Cell, Cell - 2, Cell - 2, "f0", 0.55 * rows[i][j]);
                svg.Text(x + (j + 0.5) * Cell - 1, top + (i + 0.5) * Cell + 3, Number(rows[i][j], format), "label", "middle");
            }
        return x + width;
    }

    private static double[][] Transposed(double[][] rows) => [.. rows[0].Select((_, column) => rows.Select(row => row[column]).ToArray())];

    private static string Rows(double[][] rows) => string.Join(" / ", rows.Select(row => string.Join(' ', row.Select(value => Number(value, "0.00")))));

    private static string List(double[] numbers) => ReportText.List([.. numbers.Select(number => Number(number, "0.00"))]);

    private static string Number(double value, string format) => value.ToString(format, System.Globalization.CultureInfo.InvariantCulture);
}
