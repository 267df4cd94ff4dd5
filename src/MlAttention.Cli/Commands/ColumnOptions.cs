using System.CommandLine;

namespace MlAttention.Cli.Commands;

/// <summary>--text, --label and --group.</summary>
internal sealed class ColumnOptions
{
    private readonly Option<string> _text = new("--text") { Description = "Column of the texts.", DefaultValueFactory = _ => "Text" };
    private readonly Option<string> _label = new("--label") { Description = "Column of the labels.", DefaultValueFactory = _ => "Label" };
    private readonly Option<string?> _group = new("--group") { Description = "Column whose equal values stay on one side of every split; by default Group where the file has it; none for none." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_text);
        command.Add(_label);
        command.Add(_group);
    }

    /// <summary>What was given.</summary>
    public TextColumns Of(ParseResult parsed) => new(parsed.GetValue(_text)!, parsed.GetValue(_label)!, parsed.GetValue(_group));
}
