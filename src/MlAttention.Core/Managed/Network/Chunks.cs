namespace MlAttention.Core.Managed.Network;

/// <summary>Cuts a batch into chunks of whole sequences, small enough that a chunk's activations stay in a core's cache.</summary>
internal static class Chunks
{
    private const int Tokens = 128;

    /// <summary>From this width on a chunk takes so long that threads wait for each other's last one, unless chunks are alike.</summary>
    private const int WideModel = 256;

    /// <summary>Row ranges [from, to) in order; the same for any number of threads. Of a wide model they are alike, and even in number.</summary>
    public static List<(int From, int To)> Of(TokenBatch batch, SequenceModelOptions model)
    {
        int most = model.ModelWidth < WideModel ? Tokens : Alike(batch);
        var chunks = new List<(int, int)>();
        for (int from = 0, to; from < batch.Rows; from = to)
        {
            to = End(batch, from, most);
            chunks.Add((from, to));
        }
        return chunks;
    }

    /// <summary>The end of the chunk that begins at a row.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="from">The row.</param>
    /// <param name="tokens">Tokens after which a chunk ends.</param>
    public static int End(TokenBatch batch, int from, int tokens = Tokens)
    {
        int to = from, count = 0;
        while (to < batch.Rows && count < tokens) count += batch.Lengths[to++];
        return to;
    }

    private static int Alike(TokenBatch batch)
    {
        int tokens = 0;
        for (int row = 0; row < batch.Rows; row++) tokens += batch.Lengths[row];
        int chunks = 2 * Math.Max(1, (tokens + 2 * Tokens - 1) / (2 * Tokens));
        return Math.Max(1, tokens / chunks);
    }
}
