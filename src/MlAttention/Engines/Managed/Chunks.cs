namespace MlAttention.Engines.Managed;

/// <summary>Cuts a batch into chunks of whole sequences, small enough that a chunk's activations stay in a core's cache.</summary>
internal static class Chunks
{
    private const int Tokens = 128;

    /// <summary>Row ranges [from, to) in order; the same for any number of threads.</summary>
    public static List<(int From, int To)> Of(TokenBatch batch)
    {
        var chunks = new List<(int, int)>();
        int from = 0, tokens = 0;
        for (int row = 0; row < batch.Rows; row++)
        {
            tokens += batch.Lengths[row];
            if (tokens < Tokens && row + 1 < batch.Rows) continue;
            chunks.Add((from, row + 1));
            (from, tokens) = (row + 1, 0);
        }
        return chunks;
    }
}
