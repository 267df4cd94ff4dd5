using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Text;

namespace Compat.Tests.MicrosoftML;

public class TextAndColumnTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void TokenizeIntoWords_Default_SplitsAtSpacesAndLeavesOutEmptyWords()
    {
        Assert.Equal(["the", "cat,", "sat\tdown"], Tokens("  the  cat, sat\tdown ", null));
        Assert.Empty(Tokens("", null));
    }

    [Fact]
    public void TokenizeIntoWords_Separators_SplitAtEach()
    {
        Assert.Equal(["a", "b", "c d"], Tokens("a,b;c d", [',', ';']));
    }

    [Fact]
    public void NormalizeText_Default_LowersAndTakesOutDiacritics()
    {
        Assert.Equal("creme brulee 7!", Normalized("Crème BRÛLÉE 7!"));
    }

    [Fact]
    public void NormalizeText_Options_KeepWhatTheySay()
    {
        Assert.Equal("CRÈME", Normalized("crème", TextNormalizingEstimator.CaseMode.Upper, keepDiacritics: true));
        Assert.Equal("ab c", Normalized("a.b, c!", keepPunctuations: false).Replace("  ", " "));
        Assert.Equal("ab", Normalized("a1b2", keepNumbers: false));
        Assert.Equal("AbC", Normalized("AbC", TextNormalizingEstimator.CaseMode.None));
    }

    [Fact]
    public void TextEstimators_NumberColumn_FailWithItsName()
    {
        SchemaShape shape = Tables.ShapeOf(_ml.Data.LoadFromEnumerable(Tables.Numbers(1)).Schema);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.Text.TokenizeIntoWords("Words", "Id").GetOutputSchema(shape));
        Assert.Contains("Schema mismatch for input column 'Id'", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.Text.NormalizeText("Words", "Other").GetOutputSchema(shape));
        Assert.Contains("Could not find input column 'Other'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CopyColumns_KeyColumn_CopiesAnnotationsToo()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Tables.Pets);
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Key", "Kind").Append(_ml.Transforms.CopyColumns("Copy", "Key"));

        IDataView copied = pipeline.Fit(data).Transform(data);

        Assert.Equal(["dog", "cat", "bird"], Tables.KeyValues(copied.Schema["Copy"]));
        Assert.Equal([1u, 2u, 3u, 2u], copied.GetColumn<uint>("Copy"));
    }

    [Fact]
    public void Concatenate_ScalarsAndVectors_JoinsThemAndNamesTheSlots()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Parts { A = 1, B = [2, 3], C = 4 }]);
        var estimator = _ml.Transforms.Concatenate("All", "C", "B", "A");

        IDataView joined = estimator.Fit(data).Transform(data);

        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 4), joined.Schema["All"].Type);
        Assert.Equal([4f, 2f, 3f, 1f], joined.GetColumn<float[]>("All").Single());
        VBuffer<ReadOnlyMemory<char>> names = default;
        joined.Schema["All"].GetSlotNames(ref names);
        Assert.Equal(["C", "", "", "A"], Tables.Texts(names));
        Assert.Equal(SchemaShape.Column.VectorKind.Vector, Tables.Find(estimator.GetOutputSchema(Tables.ShapeOf(data.Schema)), "All").Kind);
    }

    [Fact]
    public void Concatenate_VariableVector_IsVariable()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Parts { A = 1, D = [5, 6, 7] }, new Parts { A = 2, D = [] }]);

        IDataView joined = _ml.Transforms.Concatenate("All", "A", "D").Fit(data).Transform(data);

        Assert.False(((VectorDataViewType)joined.Schema["All"].Type).IsKnownSize);
        float[][] rows = [.. joined.GetColumn<float[]>("All")];
        Assert.Equal([1f, 5f, 6f, 7f], rows[0]);
        Assert.Equal([2f], rows[1]);
    }

    [Fact]
    public void Concatenate_DifferentTypes_Throws()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Tables.Numbers(1));

        Assert.Throws<InvalidOperationException>(() => _ml.Transforms.Concatenate("All", "Id", "Group").GetOutputSchema(Tables.ShapeOf(data.Schema)));
    }

    private string[] Tokens(string text, char[]? separators)
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Tables.Number { Group = text }]);
        return _ml.Transforms.Text.TokenizeIntoWords("Words", "Group", separators).Fit(data).Transform(data).GetColumn<string[]>("Words").Single();
    }

    private string Normalized(
        string text,
        TextNormalizingEstimator.CaseMode caseMode = TextNormalizingEstimator.CaseMode.Lower,
        bool keepDiacritics = false,
        bool keepPunctuations = true,
        bool keepNumbers = true)
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Tables.Number { Group = text }]);
        var estimator = _ml.Transforms.Text.NormalizeText("Normal", "Group", caseMode, keepDiacritics, keepPunctuations, keepNumbers);
        return estimator.Fit(data).Transform(data).GetColumn<string>("Normal").Single();
    }

    private sealed class Parts
    {
        public float A { get; set; }

        [VectorType(2)]
        public float[] B { get; set; } = [0, 0];

        public float C { get; set; }

        public float[] D { get; set; } = [];
    }
}
