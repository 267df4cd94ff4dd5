using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Schema;

namespace MlAttention.Tests.Pipeline;

/// <summary>A column of the wrong type is refused with advice that helps for the type it has.</summary>
public sealed class ColumnRequirementTests
{
    private static readonly KeyDataViewType s_key = new(typeof(uint), 5);

    private static readonly Dictionary<string, DataViewType> s_types = new()
    {
        ["text"] = TextDataViewType.Instance,
        ["texts"] = new VectorDataViewType(TextDataViewType.Instance),
        ["key"] = s_key,
        ["keys"] = new VectorDataViewType(s_key),
        ["number"] = NumberDataViewType.Double,
        ["numbers"] = new VectorDataViewType(NumberDataViewType.Single, 3),
    };

    private static readonly Dictionary<string, ColumnRequirement> s_requirements = new[]
    {
        ColumnRequirement.Text("input", "Column"), ColumnRequirement.Sequence("tokens", "Column"), ColumnRequirement.Key("label", "Column"),
        ColumnRequirement.Number("example weight", "Column"), ColumnRequirement.Group("sampling key", "Column"), ColumnRequirement.TokenVectors("vectors", "Column"),
    }.ToDictionary(requirement => requirement.Role);

    [Theory]
    [InlineData("label", "text", "expected Key, got String (use MapValueToKey)")]
    [InlineData("label", "number", "expected Key, got Double (use MapValueToKey)")]
    [InlineData("label", "keys", "expected Key, got VarVector<Key<UInt32>> (name a column with one label in each row)")]
    [InlineData("label", "texts", "expected Key, got VarVector<String> (name a column with one label in each row)")]
    [InlineData("tokens", "text", "a sequence of keys, got String (use TokenizeSequence)")]
    [InlineData("tokens", "texts", "a sequence of keys, got VarVector<String> (use MapValueToKey)")]
    [InlineData("tokens", "key", "a sequence of keys, got Key<UInt32> (name the column that TokenizeSequence makes)")]
    [InlineData("input", "key", "expected String, got Key<UInt32> (use MapKeyToValue)")]
    [InlineData("input", "number", "expected String, got Double (use ConvertType)")]
    [InlineData("input", "texts", "expected String, got VarVector<String> (name the column of the texts, which need not be split before)")]
    [InlineData("example weight", "number", "expected Single, got Double (use ConvertType)")]
    [InlineData("example weight", "key", "expected Single, got Key<UInt32> (use MapKeyToValue)")]
    [InlineData("example weight", "numbers", "expected Single, got Vector<Single> (name a column with one example weight in each row)")]
    [InlineData("sampling key", "number", "expected String, Key or Single, got Double (use MapValueToKey)")]
    [InlineData("sampling key", "keys", "expected String, Key or Single, got VarVector<Key<UInt32>> (name a column with one sampling key in each row)")]
    [InlineData("vectors", "keys", "the vectors of a sequence's tokens, got VarVector<Key<UInt32>> (use EmbedTokens)")]
    [InlineData("vectors", "text", "the vectors of a sequence's tokens, got String (use TokenizeSequence, then EmbedTokens)")]
    [InlineData("vectors", "numbers", "the vectors of a sequence's tokens, got Vector<Single>")]
    public void Check_WrongType_AdvisesForThatType(string role, string type, string expected)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Column", s_types[type]);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => s_requirements[role].Check(builder.ToSchema()));

        Assert.Contains($"{expected} (Parameter", error.Message, StringComparison.Ordinal);
    }
}
