using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.Tests.MicrosoftML;

public class DataViewSchemaTests
{
    [Fact]
    public void ToSchema_TwoColumnsOfOneName_TheLastIsVisibleAndTheOtherHidden()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", NumberDataViewType.Single);
        builder.AddColumn("B", TextDataViewType.Instance);
        builder.AddColumn("A", NumberDataViewType.Double);

        DataViewSchema schema = builder.ToSchema();

        Assert.Equal(3, schema.Count);
        Assert.Equal(2, schema["A"].Index);
        Assert.Equal(NumberDataViewType.Double, schema["A"].Type);
        Assert.Equal([true, false, false], schema.Select(column => column.IsHidden));
    }

    [Fact]
    public void Lookup_UnknownNameOrIndex_ThrowsOrGivesNull()
    {
        DataViewSchema schema = new DataViewSchema.Builder().ToSchema();

        Assert.Throws<ArgumentOutOfRangeException>(() => schema["A"]);
        Assert.Throws<ArgumentOutOfRangeException>(() => schema[0]);
        Assert.Null(schema.GetColumnOrNull("A"));
    }

    [Fact]
    public void Annotations_AddedValues_ComeBackByKind()
    {
        DataViewSchema.Annotations annotations = LabelAnnotations();

        bool normalized = false;
        annotations.GetValue("IsNormalized", ref normalized);

        Assert.True(normalized);
        Assert.Equal(["IsNormalized", "KeyValues"], annotations.Schema.Select(column => column.Name));
    }

    [Fact]
    public void Annotations_WrongKindOrType_Throws()
    {
        DataViewSchema.Annotations annotations = LabelAnnotations();

        Assert.Throws<InvalidOperationException>(() =>
        {
            int value = 0;
            annotations.GetValue("IsNormalized", ref value);
        });
        Assert.Throws<InvalidOperationException>(() =>
        {
            int value = 0;
            annotations.GetValue("Other", ref value);
        });
        Assert.ThrowsAny<Exception>(() =>
            new DataViewSchema.Annotations.Builder().Add("IsNormalized", BooleanDataViewType.Instance, (Delegate)(ValueGetter<int>)((ref int value) => value = 1)));
        Assert.Throws<ArgumentException>(() =>
            new DataViewSchema.Annotations.Builder().AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, 1));
    }

    [Fact]
    public void AnnotationsBuilder_AddWithSelector_TakesTheSelectedKinds()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(LabelAnnotations(), kind => kind == "KeyValues");

        Assert.Equal(["KeyValues"], builder.ToAnnotations().Schema.Select(column => column.Name));
    }

    [Fact]
    public void HasKeyValues_CountOfTheKeyDiffersFromTheValues_IsFalse()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Label", new KeyDataViewType(typeof(uint), 2), LabelAnnotations());
        builder.AddColumn("Wrong", new KeyDataViewType(typeof(uint), 3), LabelAnnotations());
        builder.AddColumn("Bare", new KeyDataViewType(typeof(uint), 2));
        DataViewSchema schema = builder.ToSchema();

        Assert.True(schema["Label"].HasKeyValues());
        Assert.False(schema["Label"].HasKeyValues(NumberDataViewType.Single));
        Assert.False(schema["Wrong"].HasKeyValues());
        Assert.False(schema["Bare"].HasKeyValues());
        Assert.Equal(["no", "yes"], Tables.KeyValues(schema["Label"]));
    }

    [Fact]
    public void AddColumns_FromASchema_KeepsTypesAnnotationsAndOrder()
    {
        var first = new DataViewSchema.Builder();
        first.AddColumn("Label", new KeyDataViewType(typeof(uint), 2), LabelAnnotations());
        first.AddColumn("Text", TextDataViewType.Instance);
        var second = new DataViewSchema.Builder();
        second.AddColumns(first.ToSchema());
        second.AddColumns([new DataViewSchema.DetachedColumn("Extra", BooleanDataViewType.Instance)]);

        DataViewSchema schema = second.ToSchema();

        Assert.Equal(["Label", "Text", "Extra"], schema.Select(column => column.Name));
        Assert.Equal(["no", "yes"], Tables.KeyValues(schema["Label"]));
    }

    private static DataViewSchema.Annotations LabelAnnotations()
    {
        ReadOnlyMemory<char>[] names = ["no".AsMemory(), "yes".AsMemory()];
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        builder.Add("KeyValues", new VectorDataViewType(TextDataViewType.Instance, 2), (ref VBuffer<ReadOnlyMemory<char>> value) => value = new VBuffer<ReadOnlyMemory<char>>(2, names));
        return builder.ToAnnotations();
    }
}
