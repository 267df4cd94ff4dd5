using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

public sealed partial class SchemaDefinition
{
    /// <summary>A member as a column.</summary>
    public sealed class Column
    {
        private readonly DataViewSchema.Annotations.Builder _annotations = new();
        private readonly HashSet<string> _kinds = [];

        internal Column(string memberName, string columnName, DataViewType columnType)
        {
            MemberName = memberName;
            ColumnName = columnName;
            ColumnType = columnType;
        }

        public string MemberName { get; }

        public string ColumnName { get; set; }

        public DataViewType ColumnType { get; set; }

        public DataViewSchema.Annotations Annotations => _annotations.ToAnnotations();

        public void AddAnnotation<T>(string kind, T value, DataViewType annotationType)
        {
            Guard.NotNull(kind, nameof(kind));
            Guard.NotNull(annotationType, nameof(annotationType));
            if (!_kinds.Add(kind))
            {
                throw new InvalidOperationException($"Column '{ColumnName}' already contains an annotation of kind '{kind}'.");
            }

            _annotations.Add(kind, annotationType, (ref T destination) => destination = value);
        }

        internal void AddAnnotations(DataViewSchema.Annotations annotations) => _annotations.Add(annotations, _kinds.Add);
    }
}
