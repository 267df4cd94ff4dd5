namespace MlAttention.Compat.Tests.Baseline;

public static class SampleExtensions
{
    public static T Pass<T>(this T value, float scale = 1)
        where T : unmanaged => scale > 0 ? value : default;
}
