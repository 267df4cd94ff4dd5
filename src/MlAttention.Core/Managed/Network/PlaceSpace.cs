namespace MlAttention.Core.Managed.Network;

/// <summary>The places of a chunk that a tied head computes, and its memory for them, which grows to the most seen.</summary>
/// <param name="model">The model.</param>
/// <param name="strip">Blocks of places whose logits lie in memory at a time.</param>
/// <param name="trains">Whether there are gradients.</param>
internal sealed unsafe class PlaceSpace<T>(StoredModel<T> model, int strip, bool trains) : IDisposable where T : struct, ILanes<T>
{
    private readonly NativeArrays _memory = new();
    private int _reserved = -1;

    /// <summary>Token among the chunk's packed ones, and place among the batch's B L, of each that was chosen.</summary>
    public (int Token, int Place)[] Places { get; private set; } = [];

    /// <summary>Places chosen, and blocks that hold them.</summary>
    public int Count { get; private set; }

    public int Blocks => TokenLayout<T>.Blocks(Count);

    /// <summary>The places' vectors [D], the hidden layer before and after its activation [D], and what goes to the embedding [D]; packed blocks all.</summary>
    public float* Input, Before, Activated, Hidden;

    /// <summary>What the hidden layer's norm keeps.</summary>
    public float* Normalized, InverseDeviation;

    /// <summary>The gradient of <see cref="Hidden"/>, and a strip's input as the gradients of matrices read it.</summary>
    public float* DHidden, Panels;

    /// <summary>The logits of a strip [blocks][rows][N].</summary>
    public float* Logits;

    /// <summary>Chooses the places with a label among the rows [from, to), or all tokens where there are no targets, and makes room.</summary>
    public void Choose(TokenBatch batch, int from, int to, int[] starts)
    {
        Count = 0;
        for (int row = from; row < to; row++)
        {
            for (int position = 0; position < batch.Lengths[row]; position++)
            {
                int place = row * batch.Length + position;
                if (batch.Targets.Count > 0 && batch.Targets.Labels[place] == Targets.Ignored) continue;
                if (Count == Places.Length)
                {
                    var places = Places;
                    Array.Resize(ref places, Math.Max(64, 2 * Count));
                    Places = places;
                }
                Places[Count++] = (starts[row - from] + position, place);
            }
        }
        Reserve();
    }

    public void Dispose() => _memory.Dispose();

    private void Reserve()
    {
        if (Blocks <= _reserved) return;
        _reserved = Blocks;
        _memory.Lay(Lay);
    }

    private void Lay()
    {
        bool hasHidden = model.Vocabulary!.Dense is not null;
        Input = Take(model.Width);
        Before = hasHidden ? Take(model.Width) : null;
        Activated = hasHidden ? Take(model.Width) : null;
        Hidden = hasHidden ? Take(model.Width) : Input;
        Normalized = hasHidden ? Take(model.Width) : null;
        InverseDeviation = hasHidden ? Take(1) : null;
        DHidden = trains ? Take(model.Width) : null;
        Panels = trains ? Take(model.Width) : null;
        Logits = Take(Math.Min(strip, _reserved), model.Vocabulary.Map.Outputs);
    }

    private float* Take(int width) => Take(_reserved, width);

    private float* Take(int blocks, int width) => _memory.Take((long)blocks * width * T.Count);
}
