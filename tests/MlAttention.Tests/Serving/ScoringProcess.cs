using MlAttention.Cli;
using MlAttention.Cli.Terminal;

namespace MlAttention.Tests.Serving;

/// <summary>A process that only scores, and then says which native libraries it holds and whether it used the thread pool.</summary>
internal static class ScoringProcess
{
    private const int Threads = 4, Calls = 50;

    /// <summary>Runs mlattention predict, which scores through ML.NET, and a text classifier on threads of its own.</summary>
    public static void Run(string model, string textClassifier)
    {
        if (CommandLineApp.Run(["predict", model, "hoot night", "bark bone"], CliConsole.Of(Console.Out, Console.Error)) != 0) throw new InvalidOperationException("predict failed.");
        long before = ThreadPool.CompletedWorkItemCount;
        var classifier = TextClassifier.Load(textClassifier);
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            for (var call = 0; call < Calls; call++) classifier.Predict("hoot night");
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Console.WriteLine($"pool {ThreadPool.CompletedWorkItemCount - before}");
        foreach (var library in Libraries()) Console.WriteLine($"library {library}");
    }

    /// <summary>Names of the files that this process has mapped and that are native libraries.</summary>
    public static IReadOnlyList<string> Libraries() => [.. File.ReadLines("/proc/self/maps")
        .Select(line => Path.GetFileName(line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(5) ?? ""))
        .Where(name => name.Contains(".so", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Whether a library is libtorch, what binds it, or its BLAS.</summary>
    public static bool IsOfTorch(string library) => new[] { "torch", "c10", "blas", "gomp" }.Any(part => library.Contains(part, StringComparison.OrdinalIgnoreCase));
}
