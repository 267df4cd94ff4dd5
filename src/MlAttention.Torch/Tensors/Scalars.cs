namespace MlAttention.Torch.Tensors;

/// <summary>Numbers as arguments of tensor operations.</summary>
/// <remarks>
/// TorchSharp turns a number into an object of its own, which nothing refers to while libtorch reads it: a garbage collection at that
/// moment frees it, and the operation takes whatever is in that place then. Here the last numbers of each thread stay referred to, more
/// of them than any one operation takes, and the older ones are freed.
/// </remarks>
internal static class Scalars
{
    private const int Kept = 8;

    private static readonly Scalar s_one = 1.ToScalar();
    [ThreadStatic] private static Scalar?[]? t_recent;
    [ThreadStatic] private static int t_next;

    /// <summary>A number for the next operation on this thread.</summary>
    public static Scalar Number(double value) => Keep(value.ToScalar());

    /// <summary>A whole number for the next operation on this thread.</summary>
    public static Scalar Number(long value) => Keep(value.ToScalar());

    /// <summary>left + right. TorchSharp's operator multiplies right by a 1 of its own, to which nothing refers either.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, s_one);

    /// <summary>left + right, a whole number.</summary>
    public static Tensor Plus(this Tensor left, long right) => left.add(Number(right), s_one);

    /// <summary>left + right, a number.</summary>
    public static Tensor Plus(this Tensor left, double right) => left.add(Number(right), s_one);

    /// <summary>sum += term, in the sum's own memory.</summary>
    public static void Add(this Tensor sum, Tensor term) => sum.add_(term, s_one);

    private static Scalar Keep(Scalar scalar)
    {
        var recent = t_recent ??= new Scalar?[Kept];
        recent[t_next]?.Dispose();
        recent[t_next] = scalar;
        t_next = (t_next + 1) % Kept;
        return scalar;
    }
}
