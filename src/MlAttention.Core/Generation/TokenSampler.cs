using System.Numerics.Tensors;

namespace MlAttention.Core.Generation;

/// <summary>Chooses the next token from the logits of all. One serves one thread, and allocates nothing once it is made.</summary>
/// <param name="classes">Number of tokens C that can be chosen.</param>
internal sealed class TokenSampler(int classes)
{
    private readonly float[] _weights = new float[classes];
    private readonly ulong[] _order = new ulong[classes];
    private readonly bool[] _seen = new bool[classes];

    /// <summary>The next token.</summary>
    /// <param name="options">How it is chosen.</param>
    /// <param name="logits">[C]; they are changed. Minus infinity is never chosen.</param>
    /// <param name="history">The tokens before, from 0; one below 0 is none of the C.</param>
    /// <param name="random">The random numbers; a token takes one, unless the temperature is 0.</param>
    public int Next(GenerationOptions options, Span<float> logits, ReadOnlySpan<int> history, Xoshiro256 random)
    {
        Adjust(options, logits, history);
        if (options.Temperature == 0) return Softmax.IndexOfLargest(logits);
        int candidates = Prepare(options, logits, out double total);
        double left = random.NextDouble() * total;
        int token = -1;
        for (int i = 0; i < candidates && left >= 0; i++)
        {
            int candidate = At(i);
            if (_weights[candidate] == 0) continue;
            token = candidate;
            left -= _weights[candidate];
        }
        return token;
    }

    /// <summary>The probability of each token to be the next one.</summary>
    /// <param name="options">How it is chosen.</param>
    /// <param name="logits">[C]; they are changed.</param>
    /// <param name="history">The tokens before.</param>
    /// <param name="probabilities">[C].</param>
    public void Distribution(GenerationOptions options, Span<float> logits, ReadOnlySpan<int> history, Span<double> probabilities)
    {
        Adjust(options, logits, history);
        probabilities.Clear();
        if (options.Temperature == 0)
        {
            probabilities[Softmax.IndexOfLargest(logits)] = 1;
            return;
        }
        int candidates = Prepare(options, logits, out double total);
        for (int i = 0; i < candidates; i++) probabilities[At(i)] = _weights[At(i)] / total;
    }

    private int At(int place) => (int)(uint)_order[place];

    /// <summary>Makes repetitions less probable, or impossible.</summary>
    private void Adjust(GenerationOptions options, Span<float> logits, ReadOnlySpan<int> history)
    {
        if (options.RepetitionPenalty != 1)
        {
            float penalty = (float)options.RepetitionPenalty;
            foreach (int token in history)
            {
                if (token < 0 || _seen[token]) continue;
                _seen[token] = true;
                logits[token] = logits[token] > 0 ? logits[token] / penalty : logits[token] * penalty;
            }
            foreach (int token in history)
                if (token >= 0) _seen[token] = false;
        }
        int before = options.NoRepeatNgram - 1;
        if (before < 0 || history.Length < before) return;
        var last = history[(history.Length - before)..];
        for (int start = 0; start + before < history.Length; start++)
            if (history[start + before] >= 0 && history.Slice(start, before).SequenceEqual(last)) logits[history[start + before]] = float.NegativeInfinity;
    }

    /// <summary>Weighs all tokens and puts those that may be chosen first.</summary>
    /// <returns>How many they are.</returns>
    /// <exception cref="InvalidOperationException">No token may be chosen, or a logit is not a number.</exception>
    private int Prepare(GenerationOptions options, ReadOnlySpan<float> logits, out double total)
    {
        float largest = TensorPrimitives.Max(logits);
        if (!float.IsFinite(largest)) throw new InvalidOperationException($"The largest logit is {largest}: the model's weights are damaged, or every token is excluded.");
        TensorPrimitives.Subtract(logits, largest, _weights);
        TensorPrimitives.Divide(_weights, MathF.Max((float)options.Temperature, float.Epsilon), _weights);
        TensorPrimitives.Exp(_weights, _weights);
        bool all = (options.TopK == 0 || options.TopK >= classes) && options.TopP == 1;
        int candidates = all ? All() : Filter(options);
        total = 0;
        for (int i = 0; i < candidates; i++) total += _weights[At(i)];
        return candidates;
    }

    private int All()
    {
        for (int token = 0; token < classes; token++) _order[token] = (uint)token;
        return classes;
    }

    /// <summary>Puts the tokens that TopK and TopP leave first, by falling weight.</summary>
    private int Filter(GenerationOptions options)
    {
        double total = 0;
        if (options.TopK > 0)
        {
            int best = SortBest(Math.Min(options.TopK, classes), ulong.MaxValue);
            for (int i = 0; i < best; i++) total += _weights[At(i)];
            return options.TopP == 1 ? best : Nucleus(best, options.TopP * total);
        }
        foreach (float weight in _weights) total += weight;
        float least = (float)((1 - options.TopP) * total / (2 * classes));       // all tokens below it together have less than 1 - TopP
        return Nucleus(SortBest(classes, DescendingKey(least, 0)), options.TopP * total);
    }

    /// <summary>Puts the best tokens first, by falling weight; of a large vocabulary few are sorted.</summary>
    /// <param name="most">How many, at most.</param>
    /// <param name="bound">The key from which on none is looked at.</param>
    /// <returns>How many they are.</returns>
    private int SortBest(int most, ulong bound)
    {
        int kept = 0;
        for (int token = 0; token < classes; token++)
        {
            ulong key = DescendingKey(_weights[token], token);
            if (key >= bound) continue;
            _order[kept++] = key;
            if (kept < 2L * most) continue;
            _order.AsSpan(0, kept).Sort();
            bound = _order[most - 1];
            kept = most;
        }
        _order.AsSpan(0, kept).Sort();
        return Math.Min(most, kept);
    }

    /// <summary>The fewest of the first tokens that together have so much weight.</summary>
    private int Nucleus(int most, double weight)
    {
        int count = 0;
        for (double sum = 0; count < most && sum < weight; count++) sum += _weights[At(count)];
        return count;
    }

    /// <summary>Sorts by falling weight, equal ones by their place: weights of 0 or more sort as their bits do.</summary>
    private static ulong DescendingKey(float weight, int token) => ((ulong)(uint.MaxValue - BitConverter.SingleToUInt32Bits(weight)) << 32) | (uint)token;
}
