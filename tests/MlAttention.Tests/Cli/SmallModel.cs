using System.Text;

namespace MlAttention.Tests.Cli;

/// <summary>A model of three labels of unequal frequency, trained once for the tests of the commands that use one.</summary>
public sealed class SmallModel : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallModel()
    {
        var run = CliRun.Of("train", _folder.Write("train.csv", "Text,Label\n" + Rows(30, 14, 8)), "--out", Path, "--epochs", "8", "--quiet");
        Assert.Equal("", run.ExitCode == 0 ? "" : run.Error);
    }

    public string Path => _folder.File("model.zip");

    public void Dispose() => _folder.Dispose();

    /// <summary>Rows of refund, login and shipping; some say two things.</summary>
    public static string Rows(int refund, int login, int shipping)
    {
        var rows = new StringBuilder();
        for (int row = 0; row < refund; row++) rows.Append(FormattableString.Invariant($"money {(row % 5 == 0 ? "password" : "back")} number{row % 7},refund\n"));
        for (int row = 0; row < login; row++) rows.Append(FormattableString.Invariant($"password {(row % 4 == 0 ? "money" : "reset")} number{row % 7},login\n"));
        for (int row = 0; row < shipping; row++) rows.Append(FormattableString.Invariant($"parcel {(row % 3 == 0 ? "money" : "late")} number{row % 7},shipping\n"));
        return rows.ToString();
    }
}
