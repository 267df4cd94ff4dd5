namespace MlAttention.Ablation;

/// <summary>Which texts have their tokens put in random order, after tokenisation; special tokens stay in place.</summary>
public enum TokenShuffling
{
    /// <summary>None: texts as they are.</summary>
    None,
    /// <summary>The test texts: what does a model that has learned from order lose without it?</summary>
    Test,
    /// <summary>The training texts: does order at test time help a model that never saw any?</summary>
    Train,
    /// <summary>Both: what can be learned from the words alone, with the same model?</summary>
    Both,
}
