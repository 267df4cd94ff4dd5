using System.Globalization;

namespace MlAttention.Core.Validation;

/// <summary>Collects every error of an options object, so that the user sees all of them at once.</summary>
internal sealed class OptionErrors(string optionsName)
{
    private readonly List<string> _errors = [];

    /// <summary>Adds "name = value: rule" unless the condition holds.</summary>
    public void Require(bool holds, string name, object? value, string rule)
    {
        if (!holds) _errors.Add(string.Create(CultureInfo.InvariantCulture, $"{name} = {value ?? "null"}: {rule}."));
    }

    /// <exception cref="ArgumentException">There are errors; the message lists all of them.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0) throw new ArgumentException($"{optionsName} has {_errors.Count} error(s): {string.Join(' ', _errors)}");
    }
}
