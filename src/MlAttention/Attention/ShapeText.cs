using System.Globalization;
using static TorchSharp.torch;

namespace MlAttention.Attention;

/// <summary>Shapes as the error messages write them: [2,4,9,16].</summary>
internal static class ShapeText
{
    public static string Of(Tensor tensor) => Of(tensor.shape);

    public static string Of(params long[] shape) => $"[{string.Join(',', shape.Select(size => size.ToString(CultureInfo.InvariantCulture)))}]";
}
