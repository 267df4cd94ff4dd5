namespace MlAttention.Benchmarks.Comparison;

/// <summary>The size of the classifier that all contestants run.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Width">Width D of embeddings and layers.</param>
/// <param name="Heads">Attention heads H.</param>
/// <param name="Layers">Encoder layers.</param>
/// <param name="Hidden">Width F of the feed-forward network's hidden layer.</param>
/// <param name="Vocabulary">Rows of the embedding; row 0 is padding.</param>
internal sealed record ReferenceModel(string Name, int Width, int Heads, int Layers, int Hidden, int Vocabulary)
{
    public const int Classes = 4;

    /// <summary>What all sizes have in common, in one line of a report.</summary>
    public const string Description = "post-norm layers, feed-forward with relu, learned positions, mean pooling, 4 classes";

    /// <summary>A model that is trained from nothing.</summary>
    public static ReferenceModel Small { get; } = new("small", Width: 64, Heads: 4, Layers: 2, Hidden: 128, Vocabulary: 5000);

    /// <summary>The size of a pretrained encoder, MiniLM-L6.</summary>
    public static ReferenceModel MiniLm { get; } = new("minilm", Width: 384, Heads: 12, Layers: 6, Hidden: 1536, Vocabulary: 5000);

    /// <summary>The same with MiniLM's own vocabulary, which weighs in memory alone.</summary>
    public static ReferenceModel WholeMiniLm { get; } = MiniLm with { Name = "whole-minilm", Vocabulary = 30522 };

    /// <summary>Two layers of BERT-base: each is as wide as that encoder's, and twelve would only take longer.</summary>
    public static ReferenceModel Base { get; } = new("base", Width: 768, Heads: 12, Layers: 2, Hidden: 3072, Vocabulary: 5000);

    public static IReadOnlyList<ReferenceModel> All { get; } = [Small, MiniLm, WholeMiniLm, Base];

    /// <summary>The size in words.</summary>
    public string Size => $"vocabulary {Vocabulary}, width {Width}, {Heads} heads, {Layers} layers, feed-forward {Hidden}";
}
