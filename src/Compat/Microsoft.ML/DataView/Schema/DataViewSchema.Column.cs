using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class DataViewSchema
{
    /// <summary>A column at its place in a schema.</summary>
    public struct Column
    {
        internal Column(DetachedColumn column, int index, bool isHidden)
        {
            Name = column.Name;
            Type = column.Type;
            Annotations = column.Annotations;
            Index = index;
            IsHidden = isHidden;
        }

        public string Name { get; }

        public int Index { get; }

        /// <summary>Whether a later column of the same name hides this one.</summary>
        public bool IsHidden { get; }

        public DataViewType Type { get; }

        public Annotations Annotations { get; }

        public override string ToString() =>
            Annotations is null or { Schema.Count: 0 } ? $"{Name}: {Type}" : $"{Name}: {Type} {{{Annotations}}}";
    }
}
