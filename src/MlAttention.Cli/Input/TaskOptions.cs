namespace MlAttention.Cli.Input;

/// <summary>What train is asked for, and how the labels of other tasks than one label are read.</summary>
internal sealed class TaskOptions
{
    private static readonly TaskKind[] Tasks = [.. Enum.GetValues<TaskKind>().Where(task => task != TaskKind.MaskedTokens)];
    private readonly Option<string?> _task = ModelOptions.One("--task", "What is to be predicted", TaskKind.SingleLabel, Tasks);
    private readonly Option<string?> _separator = new("--label-separator") { Description = $"With --task multiLabel, what separates labels in a cell; by default {CsvSettings.DefaultLabelSeparator}." };
    private readonly Option<string[]> _columns = new("--label-columns") { Description = "With --task multiLabel, a column of 0 and 1 for each label, given one by one, instead of --label." };

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> Options => [_task, _separator, _columns];

    /// <summary>--task</summary>
    /// <exception cref="InputException">There is no such task.</exception>
    public TaskKind Task(ParseResult parsed) => parsed.GetValue(_task) is { } task ? ModelOptions.Choice(task, _task.Name, Tasks) : TaskKind.SingleLabel;

    /// <summary>How files are read, with what these options say of labels.</summary>
    /// <exception cref="InputException">An option does not go with the task.</exception>
    public CsvSettings Settings(ParseResult parsed, CsvSettings settings)
    {
        var task = Task(parsed);
        string[] columns = parsed.GetValue(_columns) ?? [];
        string? separator = parsed.GetValue(_separator);
        if (task != TaskKind.MultiLabel && (columns.Length > 0 || separator is not null)) throw new InputException($"{(columns.Length > 0 ? _columns.Name : _separator.Name)} goes with --task multiLabel.");
        if (columns.Length > 0 && separator is not null) throw new InputException($"Give either {_separator.Name}, for labels in one column, or {_columns.Name}, a column for each.");
        if (separator is "") throw new InputException($"{_separator.Name} needs at least one character.");
        return settings with { Task = task == TaskKind.SingleLabel ? null : task, LabelColumns = columns.Length > 0 ? columns : null, LabelSeparator = separator };
    }
}
