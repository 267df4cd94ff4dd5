namespace MlAttention;

/// <summary>Softmax over the keys that a query may attend to; a query without any gets zeros, never NaN.</summary>
/// <remarks>
/// weights[i,j] = exp(s[i,j]) / sum over allowed j' of exp(s[i,j']) when allowed[i,j], else 0. A row without an allowed key is 0,
/// and so is its gradient.
/// </remarks>
public static class MaskedSoftmax
{
    /// <param name="scores">Scores [..,L,S].</param>
    /// <param name="allowed">Boolean, broadcasts to the scores; null allows all.</param>
    /// <returns>Weights [..,L,S]; each row sums to 1, or to 0 when nothing is allowed.</returns>
    public static Tensor Apply(Tensor scores, Tensor? allowed)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (allowed is null) return scores.softmax(-1);
        using var scope = NewDisposeScope();
        var (open, empty) = OpenEmptyRows(allowed);
        var weights = scores.masked_fill(open.logical_not(), Number(double.NegativeInfinity)).softmax(-1);
        return (empty is null ? weights : weights.masked_fill(empty, Number(0))).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Softmax of -inf alone is NaN. So rows that allow nothing are opened entirely, and their result is set to 0 afterwards.
    /// </summary>
    /// <returns>
    /// Open: the mask with empty rows opened [..,L,S]. Empty: the rows that allow nothing [..,L,1]; null when there are none, which only
    /// a CPU is asked: it would mean to wait for another device.
    /// </returns>
    internal static (Tensor Open, Tensor? Empty) OpenEmptyRows(Tensor allowed)
    {
        var filled = allowed.any(-1, keepdim: true);
        if (allowed.device_type == DeviceType.CPU && filled.all().item<bool>()) return (allowed, null);
        var empty = filled.logical_not();
        return (allowed.logical_or(empty), empty);
    }
}
