using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>How a schema is saved: its columns with their annotations.</summary>
internal static class SchemaFormat
{
    public static void Save(DataViewSchema schema, ModelWriter writer)
    {
        writer.Write(schema.Count);
        foreach (DataViewSchema.Column column in schema)
        {
            writer.Write(column.Name);
            writer.Write(column.Type);
            writer.Write(column.Annotations.Schema.Count);
            foreach (DataViewSchema.Column annotation in column.Annotations.Schema)
            {
                writer.Write(annotation.Name);
                writer.Write(annotation.Type);
                bool vector = annotation.Type is VectorDataViewType;
                Generic.Call(typeof(SchemaFormat), vector ? nameof(SaveVector) : nameof(SaveScalar), DataViewTypes.ItemType(annotation.Type).RawType, column.Annotations, annotation, writer);
            }
        }
    }

    public static DataViewSchema Load(ModelReader reader)
    {
        var columns = new DataViewSchema.Builder();
        int count = reader.ReadCount(3 * sizeof(int));
        for (int i = 0; i < count; i++)
        {
            string name = reader.ReadString();
            DataViewType type = reader.ReadType();
            var annotations = new DataViewSchema.Annotations.Builder();
            int annotationCount = reader.ReadCount(3 * sizeof(int));
            for (int j = 0; j < annotationCount; j++)
            {
                string kind = reader.ReadString();
                DataViewType annotationType = reader.ReadType();
                bool vector = annotationType is VectorDataViewType;
                Generic.Call(typeof(SchemaFormat), vector ? nameof(LoadVector) : nameof(LoadScalar), DataViewTypes.ItemType(annotationType).RawType, annotations, kind, annotationType, reader);
            }

            columns.AddColumn(name, type, annotations.ToAnnotations());
        }

        return columns.ToSchema();
    }

    private static void SaveScalar<T>(DataViewSchema.Annotations annotations, DataViewSchema.Column annotation, ModelWriter writer)
    {
        T value = default;
        annotations.GetValue(annotation.Name, ref value);
        writer.WriteValues<T>([value]);
    }

    private static void SaveVector<T>(DataViewSchema.Annotations annotations, DataViewSchema.Column annotation, ModelWriter writer)
    {
        VBuffer<T> value = default;
        annotations.GetValue(annotation.Name, ref value);
        writer.WriteValues<T>(value.DenseValues().ToArray());
    }

    private static void LoadScalar<T>(DataViewSchema.Annotations.Builder annotations, string kind, DataViewType type, ModelReader reader)
    {
        T[] values = reader.ReadValues<T>();
        if (values.Length != 1)
        {
            throw reader.Invalid($"the annotation '{kind}' has {values.Length} values");
        }

        annotations.AddPrimitiveValue(kind, (PrimitiveDataViewType)type, values[0]);
    }

    private static void LoadVector<T>(DataViewSchema.Annotations.Builder annotations, string kind, DataViewType type, ModelReader reader)
    {
        var vector = (VectorDataViewType)type;
        T[] values = reader.ReadValues<T>();
        if (vector.IsKnownSize && vector.Size != values.Length)
        {
            throw reader.Invalid($"the annotation '{kind}' is {type} but has {values.Length} values");
        }

        annotations.Add(kind, type, (ref VBuffer<T> destination) => VBuffer<T>.Copy(values, 0, ref destination, values.Length));
    }
}
