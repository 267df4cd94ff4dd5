namespace MlAttention.Cli.Output;

/// <summary>Prints a classification report: a headline, and tables that fit the terminal, whatever the number of classes.</summary>
internal static class ClassificationPrinter
{
    private const int MostClasses = 30, MostLines = 20, MostNames = 8;

    /// <summary>The figures in a line, which tells of rows that are left out.</summary>
    public static string Headline(ClassificationReport report) =>
        $"{ReportText.Count(report.Rows)}{(report.LeftOut > 0 ? $" of {ReportText.Count(report.Rows + report.LeftOut)}" : "")} rows: accuracy {ReportText.Percent(report.Accuracy)}, "
        + $"macro F1 {Share(report.Macro.F1)}, log-loss {ReportText.Number(Math.Round(report.LogLoss, 4))} nats{(report.LeftOut > 0 ? $". {LeftOut(report)}" : "")}";

    /// <summary>Which rows are left out, and what accuracy they would leave.</summary>
    public static string LeftOut(ClassificationReport report)
    {
        var sentences = new List<string>();
        if (report.MissingLabels > 0) sentences.Add($"Left out: {ReportText.Counted(report.MissingLabels, "row")} without a label.");
        if (report.UnknownRows > 0) sentences.Add($"Left out: {ReportText.Counted(report.UnknownRows, "row")} with labels that the model does not know: {Unknown(report)}. Counted as wrong, they make the accuracy {ReportText.Percent(report.AccuracyWithUnknown)}.");
        return string.Join(' ', sentences);
    }

    /// <summary>The labels that the model does not know, with their rows and what may be meant.</summary>
    public static string Unknown(ClassificationReport report) => Some([.. report.UnknownLabels.Select(unknown =>
        $"'{unknown.Label}' {ReportText.Count(unknown.Rows)}{(report.Labels.FirstOrDefault(known => string.Equals(known.Trim(), unknown.Label.Trim(), StringComparison.OrdinalIgnoreCase)) is { } near ? $" (the model has '{near}')" : "")}")]);

    /// <summary>Some of the labels in quotes, and how many more there are.</summary>
    public static string Quoted(IReadOnlyList<string> labels) => Some([.. labels.Select(label => $"'{label}'")]);

    /// <summary>Prints the tables and what is to be known about them.</summary>
    public static void PrintTables(ClassificationReport report, CliConsole console)
    {
        ReportPrinter.Print(Classes(report), console);
        PrintConfusion(report, console);
        foreach (string remark in Remarks(report)) console.Output.WriteLine(remark);
    }

    private static ReportTable Classes(ClassificationReport report)
    {
        var classes = report.Classes;
        bool all = classes.Count <= MostClasses;
        var shown = all ? classes : [.. classes.OrderBy(one => one.F1).ThenByDescending(one => one.Support).Take(MostLines)];
        string title = all ? "Classes" : $"The {MostLines} of {ReportText.Count(classes.Count)} classes with the lowest F1";
        return new(title, ["label", "precision", "recall", "F1", "support", "predicted"], 1,
        [
            .. shown.Select(one => (string[])[Short(one.Label), Share(one.Precision), Share(one.Recall), Share(one.F1), ReportText.Count(one.Support), ReportText.Count(one.Predicted)]),
            Mean("macro mean", report.Macro), Mean("weighted mean", report.Weighted),
        ]);

        string[] Mean(string name, MeanFigures mean) => [name, Share(mean.Precision), Share(mean.Recall), Share(mean.F1), ReportText.Count(report.Rows), ReportText.Count(report.Rows)];
    }

    private static void PrintConfusion(ClassificationReport report, CliConsole console)
    {
        // With the labels' names across where they fit, else with numbers, else as a list.
        var matrix = report.Classes.Count > MostClasses ? null : ((bool[])[false, true]).Select(numbered => Matrix(report, numbered)).FirstOrDefault(table => ReportPrinter.Fits(table, console));
        if (matrix is not null) ReportPrinter.Print(matrix, console);
        else PrintConfusions(report, console);
    }

    private static ReportTable Matrix(ClassificationReport report, bool numbered)
    {
        var classes = report.Classes;
        return new("Confusion matrix", ["label / predicted", .. classes.Select((one, index) => numbered ? Number(index) : Short(one.Label))], 1,
            [.. classes.Select((label, index) => (string[])[numbered ? $"{Number(index)} {Short(label.Label)}" : Short(label.Label), .. classes.Select(prediction => ReportText.Count(report.Confusion(label.Class, prediction.Class)))])]);

        static string Number(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);
    }

    private static void PrintConfusions(ClassificationReport report, CliConsole console)
    {
        var confusions = report.Confusions.ToArray();
        ReportPrinter.Print(new ReportTable("Most frequent confusions", ["label", "taken for", "rows"], 2, [.. confusions.Take(MostLines).Select(one => (string[])[Short(one.Label), Short(one.Prediction), ReportText.Count(one.Rows)])]), console);
        if (confusions.Length > MostLines) console.Output.WriteLine($"{MostLines} of {ReportText.Count(confusions.Length)} confusions are shown.");
        console.Output.WriteLine("Every class and the whole confusion matrix: --out report.csv or report.json, or --json. The misread rows: --errors errors.csv.");
    }

    private static IEnumerable<string> Remarks(ClassificationReport report)
    {
        string[] unpredicted = [.. report.Classes.Where(one => one.Predicted == 0).Select(one => one.Label)], unsupported = [.. report.Classes.Where(one => one.Support == 0).Select(one => one.Label)];
        if (unpredicted.Length > 0) yield return $"Nothing is predicted as {Quoted(unpredicted)}: precision counts as 0.";
        if (unsupported.Length > 0) yield return $"No row has the label {Quoted(unsupported)}: recall counts as 0.";
        if (report.Absent.Count > 0) yield return $"Neither a label nor a prediction, and so not in the means: {Quoted(report.Absent)}.";
    }

    private static string Some(IReadOnlyList<string> items) =>
        items.Count <= MostNames ? ReportText.List(items) : $"{string.Join(", ", items.Take(MostNames))} and {ReportText.Count(items.Count - MostNames)} more";

    private static string Share(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    // A label is a line of a table; one that is longer than a name is cut there, and whole in the files.
    private static string Short(string label)
    {
        const int longest = 40;
        string line = label.ReplaceLineEndings(" ");
        return line.Length <= longest ? line : line[..(longest - 1)] + "…";
    }
}
