using Microsoft.Extensions.Logging;
using MlAttention.Tests.Cli;
using MlAttention.Tests.Serving;
using static MlAttention.Tests.Hosting.ClassifierFiles;

namespace MlAttention.Tests.Hosting;

public sealed class ReloadingTextClassifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly LogRecords _log = new();

    private string ModelPath => _folder.File("model.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Predict_FileReplaced_TakesTheNewModelWithoutAWrongScoreBetween()
    {
        var first = Write(ModelPath, seed: 1);
        using var classifier = Open();
        var seen = new List<TextPrediction>();
        using var replaced = new ManualResetEventSlim();
        var caller = new Thread(() =>
        {
            do seen.Add(classifier.Predict(Sentence));
            while (!replaced.IsSet);
            seen.Add(classifier.Predict(Sentence));
        });
        caller.Start();

        var second = Write(ModelPath, seed: 2);
        _time.Advance(2);
        replaced.Set();
        caller.Join();

        Assert.NotEqual(first, second);
        Assert.All(seen, prediction => Assert.True(prediction == first || prediction == second, $"{prediction}"));
        Assert.Equal(second, seen[^1]);
        Assert.Equal((LogLevel.Information, $"{ModelPath} has changed and is in use: a text classifier of 3 labels.", null), Assert.Single(_log.All));
    }

    [Fact]
    public void Predict_FileUnchanged_KeepsTheSameClassifier()
    {
        Write(ModelPath, seed: 1);
        using var classifier = Open();
        var current = classifier.Current;

        _time.Advance(7);

        Assert.Same(current, classifier.Current);
    }

    [Fact]
    public void Predict_FileBeingWritten_WaitsUntilItStandsStill()
    {
        Write(ModelPath, seed: 1);
        using var classifier = Open();
        var second = Write(_folder.File("second.safetensors"), seed: 2);
        var bytes = File.ReadAllBytes(_folder.File("second.safetensors"));

        using (var file = new FileStream(ModelPath, FileMode.Create, FileAccess.Write, FileShare.Read))
        {
            foreach (var part in bytes.Chunk(bytes.Length / 5))
            {
                file.Write(part);
                file.Flush();
                _time.Advance(1);
            }
        }

        Assert.Empty(_log.All);
        _time.Advance(2);
        Assert.Equal(second, classifier.Predict(Sentence));
    }

    [Fact]
    public void Predict_FileDamaged_KeepsTheLastGoodModelAndWarnsOnce()
    {
        var first = Write(ModelPath, seed: 1);
        using var classifier = Open();

        File.WriteAllText(ModelPath, "no model");
        _time.Advance(7);

        Assert.Equal(first, classifier.Predict(Sentence));
        var warning = Assert.Single(_log.All);
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.StartsWith($"{ModelPath} has changed and cannot be loaded; the last good text classifier stays in use. {ModelPath}: the header length is", warning.Message, StringComparison.Ordinal);
        var second = Write(ModelPath, seed: 2);
        _time.Advance(2);
        Assert.Equal(second, classifier.Predict(Sentence));
    }

    [Fact]
    public void Predict_FileDeletedAndWrittenAgain_KeepsTheLastGoodModelUntilThen()
    {
        var first = Write(ModelPath, seed: 1);
        using var classifier = Open();

        File.Delete(ModelPath);
        _time.Advance(7);
        Assert.Equal(first, classifier.Predict(Sentence));
        Assert.Contains("there is no such file", Assert.Single(_log.All).Message, StringComparison.Ordinal);
        var second = Write(ModelPath, seed: 2);
        _time.Advance(2);

        Assert.Equal(second, classifier.Predict(Sentence));
    }

    /// <summary>Neither the time nor the length of a file says that its writer has let go of it, or that it may be read now.</summary>
    [Fact]
    public void Predict_FileHeldByItsWriter_TriesAgainUntilItIsFree()
    {
        Write(ModelPath, seed: 1);
        using var classifier = Open();
        var second = Write(_folder.File("second.safetensors"), seed: 2);

        using (var file = new FileStream(ModelPath, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(File.ReadAllBytes(_folder.File("second.safetensors")));
            file.Flush();
            _time.Advance(5);
        }

        Assert.Equal(LogLevel.Warning, Assert.Single(_log.All).Level);
        _time.Advance(1);
        Assert.Equal(second, classifier.Predict(Sentence));
    }

    [LinuxFact]
    public void Predict_LinkTurnedToAFileOfTheSameTimeAndLength_TakesTheNewModel()
    {
        Write(_folder.File("1.safetensors"), seed: 1);
        var second = Write(_folder.File("2.safetensors"), seed: 2);
        foreach (var name in new[] { "1.safetensors", "2.safetensors" }) File.SetLastWriteTimeUtc(_folder.File(name), DateTime.UnixEpoch);
        File.CreateSymbolicLink(ModelPath, "1.safetensors");
        using var classifier = Open();

        Turn(ModelPath, "2.safetensors");
        _time.Advance(2);

        Assert.Equal(second, classifier.Predict(Sentence));
    }

    /// <summary>So volumes of configuration are updated: the file is a link through a folder that is a link, and only the latter is turned.</summary>
    [LinuxFact]
    public void Predict_LinkOfTheFolderTurned_TakesTheNewModel()
    {
        foreach (var version in new[] { "v1", "v2" }) Directory.CreateDirectory(_folder.File(version));
        Write(_folder.File("v1/model.safetensors"), seed: 1);
        var second = Write(_folder.File("v2/model.safetensors"), seed: 2);
        File.SetLastWriteTimeUtc(_folder.File("v1/model.safetensors"), DateTime.UnixEpoch);
        Directory.CreateSymbolicLink(_folder.File("data"), "v1");
        File.CreateSymbolicLink(ModelPath, "data/model.safetensors");
        using var classifier = Open();

        Turn(_folder.File("data"), "v2");
        _time.Advance(2);

        Assert.Equal(second, classifier.Predict(Sentence));
    }

    [LinuxFact]
    public void Predict_LinkIntoACircle_KeepsTheLastGoodModel()
    {
        var first = Write(_folder.File("1.safetensors"), seed: 1);
        File.CreateSymbolicLink(ModelPath, "1.safetensors");
        using var classifier = Open();

        Turn(ModelPath, "model.safetensors");
        _time.Advance(3);

        Assert.Equal(first, classifier.Predict(Sentence));
        Assert.Equal(LogLevel.Warning, Assert.Single(_log.All).Level);
    }

    [Fact]
    public void Current_NewModelWithOtherLabels_LeavesTheOneInHandAsItWas()
    {
        Write(ModelPath, seed: 1);
        using var classifier = Open();
        var before = classifier.Current;

        Write(ModelPath, seed: 2, "yes", "no");
        _time.Advance(2);

        before.Predict(Sentence, new float[before.Labels.Count]);
        Assert.Equal(3, before.Labels.Count);
        Assert.Equal(["yes", "no"], classifier.Current.Labels);
    }

    [Fact]
    public void Predict_NotWatched_KeepsTheModelAndNoTimer()
    {
        var first = Write(ModelPath, seed: 1);
        using var classifier = Open(watch: false);

        Write(ModelPath, seed: 2);
        _time.Advance(2);

        Assert.Equal(first, classifier.Predict(Sentence));
        Assert.Equal(0, _time.RunningTimers);
    }

    [Fact]
    public void Dispose_Watched_StopsLookingAndStaysUsable()
    {
        var first = Write(ModelPath, seed: 1);
        var classifier = Open();
        Assert.Equal(1, _time.RunningTimers);

        classifier.Dispose();
        Write(ModelPath, seed: 2);
        _time.Advance(2);

        Assert.Equal(0, _time.RunningTimers);
        Assert.Equal(first, classifier.Predict(Sentence));
    }

    /// <summary>A timer may tick once more on another thread while it is disposed.</summary>
    [Fact]
    public void Dispose_TickUnderWay_LoadsNothingMore()
    {
        var first = Write(ModelPath, seed: 1);
        using var before = Open();
        using var classifier = Open();
        _log.Logging = classifier.Dispose;         // when the one before has loaded, and the tick of this one is next

        var second = Write(ModelPath, seed: 2);
        _time.Advance(2);

        Assert.Equal(second, before.Predict(Sentence));
        Assert.Equal(first, classifier.Predict(Sentence));
    }

    /// <summary>Waiting ticks would take a thread of the pool each; this test hangs when they wait.</summary>
    [Fact]
    public void Reload_TickBeforeItsEnd_DoesNotWaitForIt()
    {
        Write(ModelPath, seed: 1);
        using var classifier = Open();
        _log.Logging = () =>
        {
            var tick = new Thread(() => _time.Advance(1));
            tick.Start();
            tick.Join();
        };

        var second = Write(ModelPath, seed: 2);
        _time.Advance(2);

        Assert.Equal(second, classifier.Predict(Sentence));
        Assert.Single(_log.All);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reload_CreatedInTheContextOfARequest_RunsOutsideOfIt(bool flowSuppressed)
    {
        Write(ModelPath, seed: 1);
        LogRecords.Caller.Value = "the first request";
        using (flowSuppressed ? ExecutionContext.SuppressFlow() : default)
        {
            using var classifier = Open();
            LogRecords.Caller.Value = null;

            Write(ModelPath, seed: 2);
            _time.Advance(2);
        }

        Assert.Null(Assert.Single(_log.All).Caller);
    }

    [Fact]
    public void Constructor_FileThatIsNoTextClassifier_SaysWhatToDo()
    {
        const string Fix = "Write one with mlattention export model.zip -o model.safetensors, or with mlContext.Model.SaveTextClassifier.";
        Assert.Equal($"{ModelPath}: there is no such file. {Fix}", Assert.Throws<FileNotFoundException>(() => Open()).Message);

        File.WriteAllBytes(ModelPath, [.. "PK\u0003\u0004"u8, .. new byte[26]]);
        Assert.Equal($"{ModelPath}: is an ML.NET model, and what is needed is a text classifier's file. {Fix}", Assert.Throws<InvalidDataException>(() => Open()).Message);

        File.WriteAllText(ModelPath, "no");
        Assert.Contains($"{ModelPath}: 2 bytes", Assert.Throws<InvalidDataException>(() => Open()).Message, StringComparison.Ordinal);
        Assert.Equal(0, _time.RunningTimers);
    }

    private ReloadingTextClassifier Open(bool watch = true) => new(ModelPath, watch, _log, _time);

    private static void Turn(string link, string target)
    {
        File.Delete(link);
        File.CreateSymbolicLink(link, target);
    }
}
