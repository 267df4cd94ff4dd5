namespace MlAttention.Tests.Serving;

/// <summary>A test that reads the libraries of a process from /proc; elsewhere the run reports it as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux()) Skip = "Only Linux lists the libraries of a process in a file.";
    }
}
