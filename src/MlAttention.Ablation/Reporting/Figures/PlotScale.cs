namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>Maps values to places along an axis, linearly or by logarithm.</summary>
internal sealed class PlotScale
{
    private readonly double _from, _to, _start, _end;
    private readonly bool _logarithmic;

    /// <summary>An axis with equal distances for equal differences, or for equal ratios.</summary>
    public PlotScale(double from, double to, double start, double end, bool logarithmic = false)
    {
        _logarithmic = logarithmic;
        (_from, _to) = logarithmic ? (Math.Log10(from), Math.Log10(to)) : (from, to);
        if (_to <= _from) _to = _from + 1;
        (_start, _end) = (start, end);
    }

    /// <summary>The place of a value.</summary>
    public double this[double value] => _start + ((_logarithmic ? Math.Log10(value) : value) - _from) / (_to - _from) * (_end - _start);

    /// <summary>Round values along the axis; of a linear one about <paramref name="count"/> of them.</summary>
    public IReadOnlyList<double> Ticks(int count)
    {
        if (_logarithmic) return LogarithmicTicks();
        double rough = (_to - _from) / count, power10 = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = new[] { 1.0, 2, 5, 10 }.First(factor => factor * power10 >= rough - 1e-12) * power10;
        var ticks = new List<double>();
        for (double tick = Math.Ceiling(_from / step - 1e-9) * step; tick <= _to + step * 1e-9; tick += step) ticks.Add(Math.Abs(tick) < step * 1e-9 ? 0 : tick);
        return ticks;
    }

    // Powers of ten, with 2 and 5 between them where there are few.
    private double[] LogarithmicTicks()
    {
        double[] factors = _to - _from > 3 ? [1] : [1, 2, 5];
        int lowest = (int)Math.Floor(_from), highest = (int)Math.Ceiling(_to);
        var ticks = Enumerable.Range(lowest, highest - lowest + 1).SelectMany(power => factors.Select(factor => factor * Math.Pow(10, power)));
        return [.. ticks.Where(tick => Math.Log10(tick) >= _from - 1e-9 && Math.Log10(tick) <= _to + 1e-9)];
    }
}
