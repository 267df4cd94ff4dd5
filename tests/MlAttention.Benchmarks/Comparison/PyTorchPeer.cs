using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace MlAttention.Benchmarks.Comparison;

/// <summary>A PyTorch process on one thread that answers peer/peer.py's questions.</summary>
internal sealed class PyTorchPeer : IDisposable
{
    /// <summary>Below this speed of a 512 x 512 product libtorch runs on the reference BLAS, in GFLOP/s.</summary>
    public const double LeastSpeed = 80;

    /// <summary>Debian's interpreter, which sees Debian's python3-torch, unless the environment names another.</summary>
    private static readonly string _python = Environment.GetEnvironmentVariable("MLATTENTION_PYTHON") ?? "/usr/bin/python3";

    private readonly Process _process;

    private PyTorchPeer(Process process) => _process = process;

    /// <summary>PyTorch's version.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Speed of a 512 x 512 matrix product on one thread, in GFLOP/s.</summary>
    public double ProductSpeed { get; private set; }

    /// <param name="tunedMalloc">Whether glibc keeps large blocks instead of giving them back: no page faults for each large tensor.</param>
    /// <exception cref="BenchmarkException">There is no PyTorch, or it runs on a slow BLAS.</exception>
    public static PyTorchPeer Start(bool tunedMalloc)
    {
        var start = new ProcessStartInfo(_python, [Path.Combine(AppContext.BaseDirectory, "peer", "peer.py")]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["OMP_NUM_THREADS"] = "1";
        if (tunedMalloc)
        {
            start.Environment["MALLOC_MMAP_THRESHOLD_"] = "1073741824";
            start.Environment["MALLOC_TRIM_THRESHOLD_"] = "1073741824";
        }
        try
        {
            var peer = new PyTorchPeer(Process.Start(start)!);
            peer.Introduce();
            return peer;
        }
        catch (Win32Exception exception)
        {
            throw new BenchmarkException($"{_python} cannot be started: {exception.Message}. Install python3-torch, or name an interpreter in MLATTENTION_PYTHON.");
        }
    }

    /// <summary>The answer to a question.</summary>
    public JsonNode Ask(JsonObject question)
    {
        _process.StandardInput.WriteLine(question.ToJsonString());
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine() is { } line ? JsonNode.Parse(line)! : throw new BenchmarkException("The PyTorch process ended without an answer; its error is above.");
    }

    /// <summary>The milliseconds in the answer to a question.</summary>
    public double Milliseconds(JsonObject question) => Ask(question)["milliseconds"]!.GetValue<double>();

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Introduce()
    {
        var answer = Ask(new JsonObject { ["do"] = "version" });
        Version = answer["version"]!.GetValue<string>();
        ProductSpeed = answer["speed"]!.GetValue<double>();
        if (ProductSpeed < LeastSpeed)
            throw new BenchmarkException(FormattableString.Invariant($"PyTorch multiplies 512x512 matrices with {ProductSpeed:F0} GFLOP/s on one thread, below {LeastSpeed}: it runs on a slow BLAS, or the machine is busy. Install libopenblas0-openmp; no ratio would mean anything."));
    }
}
