using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MlAttention.Tests.Cli;
using static MlAttention.Tests.Hosting.ClassifierFiles;

namespace MlAttention.Tests.Hosting;

public sealed class TextClassifierServiceCollectionExtensionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly LogRecords _log = new();

    private string ModelPath => _folder.File("model.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AddTextClassifier_ManyThreadsAtFirst_GiveOneClassifierWithOneTimer()
    {
        var expected = Write(ModelPath, seed: 1);
        using var services = Services().AddTextClassifier(ModelPath).BuildServiceProvider();
        var classifiers = new ReloadingTextClassifier[16];
        using var start = new Barrier(classifiers.Length);

        var threads = Enumerable.Range(0, classifiers.Length).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            classifiers[i] = services.GetRequiredService<ReloadingTextClassifier>();
            Assert.Equal(expected, classifiers[i].Predict(Sentence));
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();

        Assert.Single(classifiers.Distinct());
        Assert.Equal(1, _time.RunningTimers);
    }

    [Fact]
    public void AddTextClassifier_FileReplaced_LogsToTheApplication()
    {
        Write(ModelPath, seed: 1);
        using var services = Services().AddTextClassifier(ModelPath).BuildServiceProvider();
        var classifier = services.GetRequiredService<ReloadingTextClassifier>();

        var second = Write(ModelPath, seed: 2);
        _time.Advance(2);

        Assert.Equal(second, classifier.Predict(Sentence));
        Assert.Equal(LogLevel.Information, Assert.Single(_log.All).Level);
    }

    [Fact]
    public void AddTextClassifier_ProviderDisposed_StopsLooking()
    {
        Write(ModelPath, seed: 1);
        using (var services = Services().AddTextClassifier(ModelPath).BuildServiceProvider())
        {
            services.GetRequiredService<ReloadingTextClassifier>();
            Assert.Equal(1, _time.RunningTimers);
        }

        Assert.Equal(0, _time.RunningTimers);
    }

    [Fact]
    public void AddTextClassifier_ApplicationWithoutLoggingAndClock_Predicts()
    {
        var expected = Write(ModelPath, seed: 1);
        using var services = new ServiceCollection().AddTextClassifier(ModelPath, watch: true).BuildServiceProvider();

        Assert.Equal(expected, services.GetRequiredService<ReloadingTextClassifier>().Predict(Sentence));
    }

    [Fact]
    public void AddTextClassifier_NotWatched_StartsNoTimer()
    {
        Write(ModelPath, seed: 1);
        using var services = Services().AddTextClassifier(ModelPath, watch: false).BuildServiceProvider();

        services.GetRequiredService<ReloadingTextClassifier>();

        Assert.Equal(0, _time.RunningTimers);
    }

    [Fact]
    public void AddTextClassifier_MissingFile_SaysSoWithTheWholePathWhenTheServiceIsAskedFor()
    {
        using var services = Services().AddTextClassifier("missing.safetensors").BuildServiceProvider();

        var error = Assert.Throws<FileNotFoundException>(() => services.GetRequiredService<ReloadingTextClassifier>());

        Assert.StartsWith($"{Path.GetFullPath("missing.safetensors")}: there is no such file.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddTextClassifier_MissingFileThatIsWrittenLater_IsFoundAtTheNextRequest()
    {
        using var services = Services().AddTextClassifier(ModelPath).BuildServiceProvider();
        Assert.Throws<FileNotFoundException>(() => services.GetRequiredService<ReloadingTextClassifier>());

        var expected = Write(ModelPath, seed: 1);

        Assert.Equal(expected, services.GetRequiredService<ReloadingTextClassifier>().Predict(Sentence));
    }

    [Fact]
    public void AddKeyedTextClassifier_TwoKeys_GiveEachItsOwnFile()
    {
        Write(ModelPath, seed: 1);
        Write(_folder.File("other.safetensors"), seed: 2, "yes", "no");
        using var services = Services().AddKeyedTextClassifier("animals", ModelPath).AddKeyedTextClassifier("answers", _folder.File("other.safetensors"), watch: false).BuildServiceProvider();

        Assert.Equal(3, services.GetRequiredKeyedService<ReloadingTextClassifier>("animals").Current.Labels.Count);
        Assert.Equal(["yes", "no"], services.GetRequiredKeyedService<ReloadingTextClassifier>("answers").Current.Labels);
        Assert.Same(services.GetRequiredKeyedService<ReloadingTextClassifier>("answers"), services.GetRequiredKeyedService<ReloadingTextClassifier>("answers"));
        Assert.Equal(1, _time.RunningTimers);
    }

    [Fact]
    public void AddTextClassifier_NoPath_IsRefused()
    {
        Assert.Equal("path", Assert.Throws<ArgumentException>(() => new ServiceCollection().AddTextClassifier("")).ParamName);
        Assert.Equal("path", Assert.Throws<ArgumentException>(() => new ServiceCollection().AddKeyedTextClassifier("key", "")).ParamName);
    }

    private ServiceCollection Services()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time).AddSingleton<ILogger<ReloadingTextClassifier>>(_log);
        return services;
    }
}
