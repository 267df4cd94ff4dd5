namespace MlAttention.Ablation.Studies;

/// <summary>How a cost grows: the exponent b of cost = a size^b.</summary>
internal static class PowerLaw
{
    /// <summary>Least squares of log cost on log size over the larger half of the sizes, where constant costs no longer show.</summary>
    public static double Exponent(IReadOnlyList<(double Size, double Cost)> points)
    {
        var larger = points.OrderBy(point => point.Size).Skip(Math.Max(0, Math.Min(points.Count - 2, points.Count / 2))).Select(point => (X: Math.Log(point.Size), Y: Math.Log(point.Cost))).ToArray();
        if (larger.Length < 2) return double.NaN;
        double meanX = larger.Average(point => point.X), meanY = larger.Average(point => point.Y);
        return larger.Sum(point => (point.X - meanX) * (point.Y - meanY)) / larger.Sum(point => (point.X - meanX) * (point.X - meanX));
    }
}
