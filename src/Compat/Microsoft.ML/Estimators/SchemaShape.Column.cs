using Microsoft.ML.Compat;
using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class SchemaShape
{
    /// <summary>What is known of a column before data is seen.</summary>
    public struct Column
    {
        public readonly string Name;

        public readonly VectorKind Kind;

        /// <summary>The type of an item; of a key, the number type that holds it.</summary>
        public readonly DataViewType ItemType;

        public readonly bool IsKey;

        public readonly SchemaShape Annotations;

        internal Column(string name, VectorKind kind, DataViewType itemType, bool isKey, SchemaShape annotations = null)
        {
            Guard.NotEmpty(name, nameof(name));
            Guard.Param(!isKey || KeyDataViewType.IsValidDataType(itemType.RawType), nameof(itemType), $"{itemType} cannot hold a key.");
            Name = name;
            Kind = kind;
            ItemType = itemType;
            IsKey = isKey;
            Annotations = annotations ?? s_empty;
        }

        public enum VectorKind
        {
            Scalar = 0,
            Vector = 1,
            VariableVector = 2,
        }

        internal readonly bool IsValid => Name is not null;

        internal readonly string TypeName
        {
            get
            {
                string item = IsKey ? $"Key<{ItemType}>" : ItemType.ToString();
                return Kind switch
                {
                    VectorKind.Vector => $"Vector<{item}>",
                    VectorKind.VariableVector => $"VarVector<{item}>",
                    _ => item,
                };
            }
        }
    }
}
