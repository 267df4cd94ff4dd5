using System.Globalization;
using MlAttention.Core.Engines;
using MlAttention.Core.Managed;
using MlAttention.Core.Sequences;
using MlAttention.Tests.Pretrained;

namespace MlAttention.Benchmarks.Pretrained;

/// <summary>Damages the tiny checkpoints of the tests thousands of times and counts how reading them ends.</summary>
internal sealed class HostileFolderBenchmark : IBenchmark
{
    private const int ByDefault = 5000;

    public string Verb => "damaged-checkpoints";

    public string Summary => "[mutations] [seed]: how reading ends for damaged checkpoints; anything but one kind of error, or much memory, fails";

    public int Run(IReadOnlyList<string> arguments)
    {
        int mutations = Number(arguments, 0, ByDefault), seed = Number(arguments, 1, 1), errors = 0, read = 0, failures = 0;
        long most = 0;
        string root = Directory.CreateTempSubdirectory("mlattention-").FullName;
        try
        {
            string[] folders = [.. Directory.GetDirectories(Path.Combine(AppContext.BaseDirectory, "tiny-checkpoints")).Order(StringComparer.Ordinal)];
            var sources = folders.Select(folder => new FolderMutations(folder, new Random(seed))).ToArray();
            for (int i = 0; i < mutations; i++)
            {
                string what = $"{Path.GetFileName(folders[i % folders.Length])}: {sources[i % folders.Length].Write(Path.Combine(root, "damaged"))}";
                try
                {
                    if (DamagedFolder.Try(Path.Combine(root, "damaged"), Use, out long allocated) is null) read++;
                    else errors++;
                    most = Math.Max(most, allocated);
                    if (allocated >= DamagedFolder.MostBytes) Fail($"{what}-> {allocated} bytes");
                }
                catch (Exception exception)
                {
                    Fail($"{what}-> {exception}");
                }
            }
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{mutations} damaged folders: {errors} refused, {read} read and used, {failures} failures; at most {most / 1e6:F1} MB allocated by one."));
        return failures == 0 ? 0 : 1;

        void Fail(string line)
        {
            failures++;
            Console.WriteLine(line);
        }
    }

    private static int Number(IReadOnlyList<string> arguments, int index, int byDefault) => arguments.Count <= index ? byDefault
        : int.TryParse(arguments[index], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw new BenchmarkException($"'{arguments[index]}' is no number.");

    private static void Use(PretrainedEncoder encoder, int[] ids)
    {
        if (ids.Length == 0) return;
        var configuration = new EngineConfiguration(encoder.Architecture, TokenIds.EmbeddingRows(encoder.Tokenizer.VocabularySize, encoder.Architecture), encoder.Labels.Count);
        var scorer = new EngineFactory(new ManagedEngineProvider()).CreateScorer(configuration, [.. encoder.Weights, .. encoder.HeadWeights]);
        scorer.Encode(new TokenBatch { Rows = 1, Length = ids.Length, Tokens = [.. ids.Select(id => id + 1)], Lengths = [ids.Length] }, new float[encoder.Architecture.ModelWidth]);
    }
}
