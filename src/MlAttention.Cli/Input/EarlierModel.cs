namespace MlAttention.Cli.Input;

/// <summary>The saved model that training goes on from.</summary>
/// <param name="Model">The pipeline.</param>
/// <param name="Settings">How the files that it was trained on were read; null for a model that train did not write.</param>
internal sealed record EarlierModel(ITransformer Model, CsvSettings? Settings)
{
    private const string OptionName = "--from";

    /// <summary>--from</summary>
    public static Option<string?> Option() => new(OptionName)
    {
        Description = "Go on from a model that train wrote: its words, labels and weights are kept, and the data's new words and labels are added. Its architecture stays as it is.",
    };

    /// <summary>The classifier.</summary>
    public AttentionClassifierModel Classifier => SavedModel.ClassifierOf(Model).Model;

    /// <summary>Its labels.</summary>
    public IReadOnlyList<string> Labels => Classifier.Labels?.Formatted ?? [];

    /// <summary>Loads the model.</summary>
    /// <exception cref="InputException">There is no such file, or it holds no classifier of texts.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static EarlierModel Load(MLContext context, string path)
    {
        if (Directory.Exists(path)) throw new InputException($"{OptionName} {path}: that is a folder, not a model file. A run that was interrupted goes on with --checkpoints alone.");
        var model = new EarlierModel(SavedModel.Load(context, path), SavedModel.SettingsOf(path));
        _ = model.Tokenizer;
        return model;
    }

    /// <summary>The tokenizer that goes on from the model's.</summary>
    public TokenizeSequenceOptions Tokenizer => (SavedModel.TokenizerStepOf(Model) ?? throw new InputException($"{OptionName}: the model has no tokenizer of texts before its classifier.")).ContinueOptions();
}
