using Microsoft.ML.Compat;
using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class DataViewSchema
{
    public sealed partial class Annotations
    {
        /// <summary>Collects annotations: each a kind, a type and a getter of its value.</summary>
        public sealed class Builder
        {
            private readonly DataViewSchema.Builder _columns = new();
            private readonly List<Delegate> _getters = [];

            /// <summary>Takes over those of <paramref name="annotations"/> whose kind the selector accepts.</summary>
            public void Add(Annotations annotations, Func<string, bool> selector)
            {
                if (annotations is null)
                {
                    return;
                }

                Guard.NotNull(selector, nameof(selector));
                foreach (Column column in annotations.Schema)
                {
                    if (selector(column.Name))
                    {
                        AddChecked(column.Name, column.Type, annotations.GetUntypedGetter(column.Index), column.Annotations);
                    }
                }
            }

            public void Add(string name, DataViewType type, Delegate getter, Annotations annotations = null)
            {
                Guard.NotEmpty(name, nameof(name));
                Guard.NotNull(type, nameof(type));
                Guard.NotNull(getter, nameof(getter));
                Type expected = typeof(ValueGetter<>).MakeGenericType(type.RawType);
                if (!expected.IsInstanceOfType(getter))
                {
                    throw new ArgumentException($"The getter of '{name}' must be a {expected}; got {getter.GetType()}", nameof(getter));
                }

                AddChecked(name, type, getter, annotations);
            }

            public void Add<TValue>(string name, DataViewType type, ValueGetter<TValue> getter, Annotations annotations = null)
            {
                Guard.NotEmpty(name, nameof(name));
                Guard.NotNull(type, nameof(type));
                Guard.NotNull(getter, nameof(getter));
                CheckRawType<TValue>(name, type);
                AddChecked(name, type, getter, annotations);
            }

            public void AddPrimitiveValue<TValue>(string name, PrimitiveDataViewType type, TValue value, Annotations annotations = null)
            {
                Guard.NotEmpty(name, nameof(name));
                Guard.NotNull(type, nameof(type));
                CheckRawType<TValue>(name, type);
                AddChecked(name, type, (ValueGetter<TValue>)((ref TValue destination) => destination = value), annotations);
            }

            public Annotations ToAnnotations() => new(_columns.ToSchema(), [.. _getters]);

            private static void CheckRawType<TValue>(string name, DataViewType type)
            {
                if (type.RawType != typeof(TValue))
                {
                    throw new ArgumentException($"The annotation '{name}' is {type} with raw type {type.RawType}; got a value of {typeof(TValue)}", nameof(type));
                }
            }

            private void AddChecked(string name, DataViewType type, Delegate getter, Annotations annotations)
            {
                _columns.AddColumn(name, type, annotations);
                _getters.Add(getter);
            }
        }
    }
}
