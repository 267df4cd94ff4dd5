using MlAttention.Ablation.Reporting.Figures;
using static TorchSharp.torch;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>One vector of three: what each pooling makes of the worked example's output, padding left out.</summary>
internal static class PoolingPicture
{
    private const double Left = 56, Top = 26;

    private static readonly (PoolingKind Kind, string Name)[] s_poolings =
    [
        (PoolingKind.Mean, "Mean"), (PoolingKind.Max, "Max"), (PoolingKind.First, "First, Cls"), (PoolingKind.Last, "Last"), (PoolingKind.Attention, "Attention"),
    ];

    /// <summary>The output of the worked example, [L,D], with a row of padding.</summary>
    public static double[][] Padded { get; } = [.. WorkedExample.Output, [0, 0, 0, 0]];

    public static string Draw()
    {
        var svg = new SvgWriter(438, 164);
        var matrices = new MatrixDrawing(svg);
        double middle = Top + MatrixDrawing.CellHeight / 2;
        matrices.RowNames(Left, middle, [.. WorkedExample.Tokens, "padding"]);
        double x = matrices.Matrix(Left, middle, "vectors", Padded) + 88;
        matrices.RowNames(x, Top, [.. s_poolings.Select(pooling => pooling.Name)]);
        double[][] pooled = [.. s_poolings.Select(pooling => Pool(pooling.Kind))];
        matrices.Matrix(x, Top, "one vector", pooled);
        return svg.ToSvg("poolings", "One vector for a text", $"What each pooling makes of three vectors and a padding: {string.Join("; ", s_poolings.Zip(pooled, (pooling, row) => $"{pooling.Name} {MatrixDrawing.Row(row)}"))}.");
    }

    /// <summary>The pooled vector, [D]; the query of attention pooling asks for the second number.</summary>
    public static double[] Pool(PoolingKind kind)
    {
        using var scope = NewDisposeScope();
        using var without = no_grad();
        using var pooling = SequencePooling.Create(kind, 4);
        foreach (var query in pooling.parameters()) query.copy_(tensor(new[] { 0f, 4, 0, 0 }));
        var vectors = WorkedExample.Matrix(Padded).to(ScalarType.Float32).unsqueeze(0);
        return [.. pooling.call(vectors, tensor(new[] { true, true, true, false }).unsqueeze(0)).squeeze(0).to(ScalarType.Float64).data<double>()];
    }
}
