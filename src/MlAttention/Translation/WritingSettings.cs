namespace MlAttention.Translation;

/// <summary>What a model that writes texts has for columns, and how it searches.</summary>
/// <param name="Source">The column with the text that is read.</param>
/// <param name="Output">The column with the text that is written.</param>
/// <param name="Decoding">How texts are searched for.</param>
internal sealed record WritingSettings(string Source, string Output, BeamSearchOptions Decoding)
{
    private const string SourceName = "sourceColumn", OutputName = "outputColumn", WidthName = "beamWidth", LengthName = "maxLength", NormalizationName = "lengthNormalization";

    public void Write(ComponentState state)
    {
        state.Add(SourceName, Source);
        state.Add(OutputName, Output);
        state.Add(WidthName, Decoding.Width);
        state.Add(LengthName, Decoding.MaxLength);
        state.Add(NormalizationName, Decoding.LengthNormalization.ToString("R", CultureInfo.InvariantCulture));
    }

    /// <exception cref="ArgumentException">The values are out of range.</exception>
    public static WritingSettings Read(ComponentState state)
    {
        var settings = new WritingSettings(state.TakeText(SourceName), state.TakeText(OutputName), new()
        {
            Width = state.TakeInt32(WidthName),
            MaxLength = state.TakeInt32(LengthName),
            LengthNormalization = double.Parse(state.TakeText(NormalizationName), CultureInfo.InvariantCulture),
        });
        settings.Decoding.Validate();
        return settings;
    }
}
