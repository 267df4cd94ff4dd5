namespace MlAttention.Cli;

/// <summary>What the process returns.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>The work itself failed, or was interrupted.</summary>
    public const int Failure = 1;

    /// <summary>The command line or the input was wrong; nothing was written.</summary>
    public const int BadInput = 2;
}
