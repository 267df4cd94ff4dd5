using MlAttention.Cli;

Console.OutputEncoding = System.Text.Encoding.UTF8;
using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};
return CommandLineApp.Run(args, CliConsole.OfProcess(), interrupted.Token);
