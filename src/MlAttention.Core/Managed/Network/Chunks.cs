namespace MlAttention.Core.Managed.Network;

/// <summary>
/// Cuts a batch into chunks of whole sequences: of a narrow model so small that a chunk's activations stay in a core's cache, of a wide
/// one as large as is useful, since each chunk fetches all weights from memory again.
/// </summary>
internal static class Chunks
{
    private const int Tokens = 128;

    /// <summary>From this width on, the weights are what does not fit into a core's cache.</summary>
    private const int WideModel = 256;

    /// <summary>The same of a tied head, in weights of the embedding: 1 MB.</summary>
    private const int LargeVocabulary = 1 << 18;

    /// <summary>Most tokens of a wide model's chunk, of which the last sequence may take more.</summary>
    private const int WideTokens = 512;

    /// <summary>Row ranges [from, to) in order. Of a wide model they are alike, as many for each thread, and the same for one thread and two; of a narrow one they are the same for any number of threads.</summary>
    public static List<(int From, int To)> Of(TokenBatch batch, EngineConfiguration configuration, int threads)
    {
        int width = configuration.Model.ModelWidth;
        bool isWide = width >= WideModel || (configuration.HasTiedHead && configuration.EmbeddingRows > LargeVocabulary / width);
        int most = !isWide ? Tokens : Alike(batch, Math.Max(2, threads));
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

    private static int Alike(TokenBatch batch, int threads)
    {
        int tokens = 0;
        for (int row = 0; row < batch.Rows; row++) tokens += batch.Lengths[row];
        int rounds = Math.Max(1, (tokens + threads * WideTokens - 1) / (threads * WideTokens));
        return Math.Max(1, tokens / (rounds * threads));
    }
}
