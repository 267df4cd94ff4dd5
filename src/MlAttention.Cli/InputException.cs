namespace MlAttention.Cli;

/// <summary>The user can fix this: the message is the one line to print, and the exit code is <see cref="ExitCode.BadInput"/>.</summary>
internal sealed class InputException(string message, Exception? inner = null) : Exception(message, inner);
