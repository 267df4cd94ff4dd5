using System.Text;
using MlAttention.Core.Managed;
using MlAttention.Core.Serving;
using MlAttention.Core.Text;

namespace MlAttention;

/// <summary>
/// Writes texts with a trained causal model, and says how probable texts are, without ML.NET and without native libraries: for services and
/// tools, also trimmed or compiled ahead of time (Native AOT).
/// </summary>
/// <remarks>
/// p(text) = product over i of p(token i | tokens before i), with [BOS] before the first token and [EOS] as the last. A text is written token
/// by token: the model reads the last token, keeps its keys and values, and the next token is drawn from what it says, as
/// <see cref="GenerationOptions"/> tell. It runs on the managed engine. All members may be called from any number of threads at once; a call
/// runs on the caller's thread alone, and a token allocates nothing but its text.
/// </remarks>
/// <example><code source="TextGenerator_FromLines">
/// var mlContext = new MLContext(seed: 1);
/// IDataView lines = mlContext.Attention().LoadCsv(new CsvOptions { LabelColumn = null }, "reviews.csv");      // its column Text
/// TextGenerator generator = mlContext.Attention().TextGenerator("Text").Fit(lines).Generator;
/// GeneratedText text = generator.Generate("the warm", new GenerationOptions { Temperature = 0.8, TopP = 0.9, Seed = 1 });
/// Console.WriteLine($"{text.Text} ({text.StopReason})");
/// Console.WriteLine($"perplexity {generator.Perplexity(["the old soup was lovely"]):0.00}");
/// generator.Save("writer.safetensors");
/// TextGenerator anywhere = TextGenerator.Load("writer.safetensors");                  // without ML.NET
/// foreach (string piece in anywhere.GenerateStream("the warm")) Console.Write(piece);
/// </code></example>
public sealed class TextGenerator
{
    private readonly IdleObjects<TextGeneration> _generations;
    private readonly Detokenizer _detokenizer;

    /// <exception cref="NotSupportedException">The managed engine cannot read the architecture token by token; the message says why.</exception>
    internal TextGenerator(TextGeneratorParts parts)
    {
        Parts = parts;
        RequireCovered(parts.Configuration);
        var vocabulary = new Vocabulary(parts.Vocabulary);
        var decoders = ManagedEngineProvider.CreateDecoders(parts.Configuration, parts.Weights);
        _generations = new IdleObjects<TextGeneration>(() => new TextGeneration(parts, vocabulary, decoders()));
        _detokenizer = new Detokenizer(parts.Tokenizer.Tokenizer);
    }

    /// <summary>The tokens that it knows; the first two begin and end each text.</summary>
    public IReadOnlyList<string> Vocabulary => Parts.Vocabulary;

    /// <summary>Most tokens that the model reads: [BOS], the prompt and what is written. A text of so many tokens ends there.</summary>
    public int MaxLength => Parts.Architecture.MaxLength;

    /// <exception cref="NotSupportedException">The managed engine cannot read the architecture token by token; the message says why.</exception>
    internal static void RequireCovered(EngineConfiguration configuration)
    {
        if (new ManagedEngineProvider().ReasonAgainstDecoding(configuration) is { } reason) throw new NotSupportedException($"A text generator runs on the managed engine, and {reason}");
    }

    /// <summary>All that makes the generator.</summary>
    internal TextGeneratorParts Parts { get; }

    /// <summary>Loads a generator that <see cref="Save"/> has written.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, holds something else, or was written by a newer version.</exception>
    /// <exception cref="NotSupportedException">The managed engine cannot read the architecture token by token; the message says why.</exception>
    public static TextGenerator Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: there is no such file. TextGenerator.Save writes one, and so does mlattention export model.zip -o model.safetensors.", path);
        var parts = TextGeneratorFile.Read(path);
        try
        {
            return new TextGenerator(parts);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"{path}: {exception.Message}", exception);
        }
    }

    /// <summary>Writes everything that is needed to load it again, without ML.NET: one safetensors file.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        TextGeneratorFile.Write(path, Parts);
    }

    /// <summary>Writes a text.</summary>
    /// <param name="prompt">What it begins with; nothing by default.</param>
    /// <param name="options">How tokens are chosen, and when the text ends; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between tokens.</param>
    /// <exception cref="ArgumentException">
    /// The prompt has more tokens than the model reads, an option is out of range, or a stop token is none of the vocabulary.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public GeneratedText Generate(string prompt = "", GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        options ??= new GenerationOptions();
        options.Validate();
        using var generation = _generations.Borrow();
        generation.Value.Begin(prompt, options);
        var (text, tokens) = (new StringBuilder(prompt), new List<string>());
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (generation.Value.Next(out int token) is { } reason) return new(prompt, text.ToString(prompt.Length, text.Length - prompt.Length), tokens, reason);
            tokens.Add(Vocabulary[token]);
            _detokenizer.Append(text, Vocabulary[token]);
        }
    }

    /// <summary>Writes the same text as <see cref="Generate"/>, and gives each token's part of it as soon as it is there.</summary>
    /// <param name="prompt">What it begins with; nothing by default. It is no part of what is given.</param>
    /// <param name="options">How tokens are chosen, and when the text ends; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between tokens.</param>
    /// <exception cref="ArgumentException">
    /// The prompt has more tokens than the model reads, an option is out of range, or a stop token is none of the vocabulary.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<string> GenerateStream(string prompt = "", GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        options ??= new GenerationOptions();
        options.Validate();
        return Stream(prompt, options, cancellationToken);
    }

    /// <summary>How probable a text is: the sum of log p of its tokens and of its end.</summary>
    /// <param name="text">The text; an empty one ends at once.</param>
    public TextLikelihood Score(ReadOnlySpan<char> text)
    {
        using var generation = _generations.Borrow();
        return generation.Value.Score(text);
    }

    /// <summary>The perplexity of several texts together: e^(-sum of log p / predicted tokens).</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="cancellationToken">Stops between texts.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public double Perplexity(IEnumerable<string> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        double sum = 0;
        long tokens = 0;
        foreach (string text in texts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var likelihood = Score(text);
            (sum, tokens) = (sum + likelihood.LogLikelihood, tokens + likelihood.Tokens);
        }
        return Math.Exp(-sum / tokens);
    }

    private IEnumerable<string> Stream(string prompt, GenerationOptions options, CancellationToken cancellationToken)
    {
        var generation = _generations.Take();
        try
        {
            generation.Begin(prompt, options);
            var text = new StringBuilder(prompt);
            while (generation.Next(out int token) is null)
            {
                int start = text.Length;
                _detokenizer.Append(text, Vocabulary[token]);
                yield return text.ToString(start, text.Length - start);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            _generations.Return(generation);
        }
    }
}
