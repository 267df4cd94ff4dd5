namespace Microsoft.ML.Data;

/// <summary>Writing and choosing annotations.</summary>
internal static class AnnotationExtensions
{
    /// <summary>Adds a vector annotation with these values.</summary>
    public static void AddValues<T>(this DataViewSchema.Annotations.Builder annotations, string kind, PrimitiveDataViewType itemType, T[] values) =>
        annotations.Add(kind, new VectorDataViewType(itemType, values.Length), (ref VBuffer<T> destination) => VBuffer<T>.Copy(values, 0, ref destination, values.Length));

    /// <summary>Those of the annotations that have one of these kinds.</summary>
    public static SchemaShape Only(this SchemaShape annotations, params string[] kinds) =>
        new(annotations.Where(annotation => kinds.Contains(annotation.Name)));
}
