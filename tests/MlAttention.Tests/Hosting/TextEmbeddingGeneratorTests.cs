using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using MlAttention.Tests.Cli;
using MlAttention.Tests.Pipeline;

namespace MlAttention.Tests.Hosting;

public sealed class TextEmbeddingGeneratorTests
{
    private readonly TextEmbedder _embedder = new(TinyEncoder.Shared);

    [Fact]
    public async Task GenerateAsync_Texts_GivesTheEmbeddersVectorsInOrder()
    {
        using var generator = new TextEmbeddingGenerator(_embedder);

        var embeddings = await generator.GenerateAsync(["bark bone", "", "hoot"]);

        Assert.Equal(3, embeddings.Count);
        Assert.Equal([_embedder.Embed("bark bone"), _embedder.Embed(""), _embedder.Embed("hoot")], embeddings.Select(embedding => embedding.Vector.ToArray()));
        Assert.All(embeddings, embedding => Assert.Equal(("tiny", 8), (embedding.ModelId, embedding.Dimensions)));
        Assert.Equal(_embedder.Embed("bark"), (await generator.GenerateVectorAsync("bark")).ToArray());
        Assert.Empty(await generator.GenerateAsync([]));
    }

    [Fact]
    public async Task GenerateAsync_ManyCallers_GetTheirOwn()
    {
        using var generator = new TextEmbeddingGenerator(_embedder);
        var texts = TinyTexts.Rows(53).Select(row => row.Text).ToArray();

        var embeddings = await Task.WhenAll(texts.Select(text => generator.GenerateAsync([text, "hoot"])));

        Assert.Equal(texts.Select(text => _embedder.Embed(text)), embeddings.Select(pair => pair[0].Vector.ToArray()));
        Assert.All(embeddings, pair => Assert.Equal(_embedder.Embed("hoot"), pair[1].Vector.ToArray()));
    }

    [Fact]
    public async Task GenerateAsync_Cancelled_Stops()
    {
        using var generator = new TextEmbeddingGenerator(_embedder);
        using var cancellation = new CancellationTokenSource();
        var first = generator.GenerateAsync(Enumerable.Repeat(string.Join(' ', Enumerable.Repeat("bark", 20)), 3_000_000), cancellationToken: cancellation.Token);
        Assert.True(SpinWait.SpinUntil(() => _embedder.TruncatedTexts > 0, TimeSpan.FromSeconds(60)));      // it is at work

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generator.GenerateAsync(["bark"], cancellationToken: cancellation.Token));
    }

    [Fact]
    public async Task GenerateAsync_OptionsOfAnotherModel_AreRefused()
    {
        using var generator = new TextEmbeddingGenerator(_embedder);

        var dimensions = await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync(["bark"], new() { Dimensions = 7 }));
        var model = await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync(["bark"], new() { ModelId = "large" }));
        var missing = await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync(["bark", null!]));

        Assert.Contains("Dimensions = 7: the encoder 'tiny' gives vectors of 8 numbers", dimensions.Message, StringComparison.Ordinal);
        Assert.Contains("ModelId = 'large': this generator has the encoder 'tiny' alone", model.Message, StringComparison.Ordinal);
        Assert.Contains("Text 1 is null", missing.Message, StringComparison.Ordinal);
        Assert.Single(await generator.GenerateAsync(["bark"], new() { Dimensions = 8, ModelId = "tiny" }));
    }

    [Fact]
    public void GetService_KnownTypes_AreFound()
    {
        using var generator = new TextEmbeddingGenerator(_embedder);

        var metadata = generator.GetService<EmbeddingGeneratorMetadata>()!;

        Assert.Equal(("MlAttention", "tiny", 8), (metadata.ProviderName, metadata.DefaultModelId, metadata.DefaultModelDimensions));
        Assert.Same(_embedder, generator.GetService<TextEmbedder>());
        Assert.Same(generator, generator.GetService<IEmbeddingGenerator<string, Embedding<float>>>());
        Assert.Null(generator.GetService<string>());
        Assert.Null(generator.GetService<TextEmbedder>("key"));
    }

    [Fact]
    public async Task AddTextEmbedder_Folders_AreReadOnceAndServeBothServices()
    {
        using var folder = new TemporaryFolder();
        TinyEncoder.Shared.SaveHuggingFace(folder.File("tiny"));
        using var services = new ServiceCollection()
            .AddTextEmbedder(folder.File("tiny"))
            .AddKeyedTextEmbedder("search", folder.File("tiny"), new() { Normalize = true })
            .BuildServiceProvider();

        var (plain, keyed) = (services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>(), services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("search"));

        Assert.Same(services.GetRequiredService<TextEmbedder>(), plain.GetService<TextEmbedder>());
        Assert.Same(services.GetRequiredKeyedService<TextEmbedder>("search"), keyed.GetService<TextEmbedder>());
        Assert.Equal(_embedder.Embed("bark bone"), (await plain.GenerateVectorAsync("bark bone")).ToArray());
        Assert.Equal(1, (await keyed.GenerateVectorAsync("bark bone")).ToArray().Sum(value => value * value), 1e-5f);
    }

    [Fact]
    public void AddTextEmbedder_MissingFolder_SaysSoWhenTheServiceIsAskedFor()
    {
        using var services = new ServiceCollection().AddTextEmbedder("no-such-folder").BuildServiceProvider();

        var error = Assert.Throws<DirectoryNotFoundException>(() => services.GetRequiredService<TextEmbedder>());

        Assert.Contains(Path.GetFullPath("no-such-folder"), error.Message, StringComparison.Ordinal);
        Assert.Equal("folder", Assert.Throws<ArgumentException>(() => new ServiceCollection().AddTextEmbedder("")).ParamName);
    }
}
