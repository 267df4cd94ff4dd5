using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MlAttention.Attention.Scores;

/// <summary>A small network with one hidden layer scores each pair; queries and keys may differ in width.</summary>
/// <remarks>
/// score(q, k) = v·tanh(Wq q + Wk k). It forms a tensor [..,L,S,A] with A the hidden width: costly for long sequences.
/// Source: Bahdanau et al. 2015, appendix A.1.2; their W_a is our Wq, their U_a is our Wk.
/// </remarks>
public sealed class AdditiveScore : AttentionScore
{
    [ComponentName(Name = "query")] private readonly Linear _query;
    [ComponentName(Name = "key")] private readonly Linear _key;
    [ComponentName(Name = "value")] private readonly Linear _value;

    /// <summary>Creates the score with PyTorch's initial weights of a linear layer.</summary>
    /// <param name="queryWidth">Width of the queries.</param>
    /// <param name="keyWidth">Width of the keys.</param>
    /// <param name="hiddenWidth">Width A of the hidden layer.</param>
    /// <exception cref="ArgumentOutOfRangeException">A width is below 1.</exception>
    public AdditiveScore(int queryWidth, int keyWidth, int hiddenWidth) : base(nameof(AdditiveScore), queryWidth, keyWidth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(queryWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(keyWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(hiddenWidth, 1);
        _query = nn.Linear(queryWidth, hiddenWidth, hasBias: false);
        _key = nn.Linear(keyWidth, hiddenWidth, hasBias: false);
        _value = nn.Linear(hiddenWidth, 1, hasBias: false);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override Tensor Score(Tensor query, Tensor key)
    {
        var hiddenQuery = _query.call(query).unsqueeze(-2);                              // [..,L,1,A]
        var hiddenKey = _key.call(key).unsqueeze(-3);                                    // [..,1,S,A]
        return _value.call(hiddenQuery.add(hiddenKey).tanh()).squeeze(-1);                       // [..,L,S]
    }
}
