using System.Diagnostics;
using System.Globalization;

namespace MlAttention.Benchmarks.Training;

/// <summary>The PyTorch process that measures the same training step; its malloc is tuned as the TorchSharp engine's.</summary>
internal sealed class PyTorchReference : IDisposable
{
    private readonly Process _process;

    private PyTorchReference(Process process, double gemmSpeed, string version) => (_process, GemmSpeed, Version) = (process, gemmSpeed, version);

    /// <summary>Speed of a 512 x 512 matrix product on one thread, in GFLOP/s.</summary>
    public double GemmSpeed { get; }

    /// <summary>PyTorch's version.</summary>
    public string Version { get; }

    /// <summary>Starts the reference; null where python3 has no torch.</summary>
    /// <param name="python">The interpreter.</param>
    public static PyTorchReference? TryStart(string python)
    {
        var start = new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "Training", "train_step.py")]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["OMP_NUM_THREADS"] = "1";
        try
        {
            var process = Process.Start(start)!;
            if (process.StandardOutput.ReadLine() is not { } line) return null;
            var parts = line.Split(' ');
            return new PyTorchReference(process, double.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Median wall and processor time of a step, in ms.</summary>
    public StepTime Measure(int length, double dropout, int steps)
    {
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{length} {dropout} {steps}"));
        _process.StandardInput.Flush();
        var parts = _process.StandardOutput.ReadLine()!.Split(' ');
        return new StepTime(double.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
