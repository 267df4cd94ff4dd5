using System.Runtime.InteropServices;
using MlAttention.Cli;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;

Console.OutputEncoding = System.Text.Encoding.UTF8;
using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = !interrupted.IsCancellationRequested; // a second one ends the process at once
    interrupted.Cancel();
};
// As Ctrl+C, so that what stops a service or a job, or a lost connection, saves the state too.
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Interrupt);
return CommandLineApp.Run(args, CliConsole.OfProcess(), interrupted.Token);

void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
}
