namespace MlAttention.Torch.Engine;

/// <summary>Keeps the caller's torch random state: what is drawn while this is open leaves no trace. Needs an open dispose scope.</summary>
internal sealed class TorchRandomState : IDisposable
{
    private readonly Tensor _before = get_rng_state();

    private TorchRandomState()
    {
    }

    /// <summary>Leaves the state as it is; disposing gives it back as it was.</summary>
    public static TorchRandomState Kept() => new();

    /// <summary>Opens a random state that follows from the seed alone; disposing it gives the caller's state back.</summary>
    public static TorchRandomState Seeded(ulong seed)
    {
        var state = new TorchRandomState();
        manual_seed(unchecked((long)seed));
        return state;
    }

    /// <summary>Gives the caller's state back.</summary>
    public void Dispose()
    {
        set_rng_state(_before);
        _before.Dispose();
    }
}
