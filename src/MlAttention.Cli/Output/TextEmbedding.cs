using System.Collections.Concurrent;
using MlAttention.Core.Serving;

namespace MlAttention.Cli.Output;

/// <summary>Embeds texts on several threads, some thousand at a time, and writes the vectors in the order of the texts.</summary>
/// <param name="threads">Threads at once.</param>
internal sealed class TextEmbedding(TextEmbedder embedder, int threads)
{
    /// <summary>Texts that are in memory at once, with their vectors; among so many there are enough of like length.</summary>
    private const int Window = 2048;

    private readonly float[] _vectors = new float[Window * embedder.Dimension];

    /// <summary>Writes a vector for each text.</summary>
    public void Write(TextWindow texts, VectorFile file, ProgressLine progress, CancellationToken cancellation)
    {
        int width = embedder.Dimension;
        while (texts.Read(Window, cancellation))
        {
            Embed(texts.Current, cancellation);
            for (int text = 0; text < texts.Current.Count; text++) file.Write(_vectors.AsSpan(text * width, width), texts.Fields(text));
            progress.Show([$"{ReportText.Counted(texts.Texts, "text")} embedded"]);
        }
    }

    /// <summary>Texts of like length together, the longest first, so that no thread has a long one left when the others are done.</summary>
    private void Embed(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        int width = embedder.Dimension;
        int[][] groups = [.. Enumerable.Range(0, texts.Count).OrderByDescending(text => texts[text].Length).Chunk(TextBatch.TogetherTexts)];
        Parallel.ForEach(Partitioner.Create(groups, EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, group =>
        {
            float[] vectors = new float[group.Length * width];
            embedder.Embed([.. group.Select(text => texts[text])], vectors, cancellation);
            for (int place = 0; place < group.Length; place++) vectors.AsSpan(place * width, width).CopyTo(_vectors.AsSpan(group[place] * width, width));
        });
    }
}
