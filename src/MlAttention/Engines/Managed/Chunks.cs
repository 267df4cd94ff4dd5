namespace MlAttention.Engines.Managed;

/// <summary>Cuts a batch into chunks of whole sequences, small enough that a chunk's activations stay in a core's cache.</summary>
internal static class Chunks
{
    private const int Tokens = 128;

    /// <summary>Row ranges [from, to) in order; the same for any number of threads.</summary>
    public static List<(int From, int To)> Of(TokenBatch batch)
    {
        var chunks = new List<(int, int)>();
        for (int from = 0, to; from < batch.Rows; from = to)
        {
            to = End(batch, from);
            chunks.Add((from, to));
        }
        return chunks;
    }

    /// <summary>The end of the chunk that begins at a row.</summary>
    public static int End(TokenBatch batch, int from)
    {
        int to = from, tokens = 0;
        while (to < batch.Rows && tokens < Tokens) tokens += batch.Lengths[to++];
        return to;
    }
}
