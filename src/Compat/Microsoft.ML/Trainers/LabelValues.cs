using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>The type of a label and the values of its keys, if they have any.</summary>
/// <param name="Label">A column without a name of note, whose type and KeyValues are the label's.</param>
internal sealed record LabelValues(DataViewSchema.Column Label)
{
    public KeyDataViewType KeyType => (KeyDataViewType)Label.Type;

    public static LabelValues Of(DataViewSchema.Column label)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(label.Annotations, kind => kind == AnnotationKinds.KeyValues);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(label.Name, label.Type, annotations.ToAnnotations());
        return new LabelValues(builder.ToSchema()[0]);
    }

    public static LabelValues Load(ModelReader reader)
    {
        DataViewSchema schema = SchemaFormat.Load(reader);
        return schema is [{ Type: KeyDataViewType }] ? new LabelValues(schema[0]) : throw reader.Invalid("the label is not one key column");
    }

    public void Save(ModelWriter writer)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(Label.Name, Label.Type, Label.Annotations);
        SchemaFormat.Save(builder.ToSchema(), writer);
    }

    /// <summary>Adds the values as an annotation of another kind.</summary>
    public void AddTo(DataViewSchema.Annotations.Builder annotations, string kind)
    {
        foreach (DataViewSchema.Column values in Label.Annotations.Schema)
        {
            annotations.Add(kind, values.Type, Label.Annotations.GetUntypedGetter(values.Index));
        }
    }

    public bool AreTexts => Label.HasKeyValues();
}
