namespace Microsoft.ML;

public sealed partial class DataViewSchema
{
    /// <summary>A one-row table of facts about a column: key values, slot names, score kinds.</summary>
    public sealed partial class Annotations
    {
        private readonly Delegate[] _getters;

        private Annotations(DataViewSchema schema, Delegate[] getters)
        {
            Schema = schema;
            _getters = getters;
        }

        public static Annotations Empty { get; } = new(new DataViewSchema([]), []);

        public DataViewSchema Schema { get; }

        public ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (column.Index >= _getters.Length)
            {
                throw new ArgumentException($"The annotation '{column.Name}' (#{column.Index}) is not one of: {this}", nameof(column));
            }

            return _getters[column.Index] as ValueGetter<TValue>
                ?? throw new InvalidOperationException($"Invalid call to 'GetGetter': the annotation '{column.Name}' is {Schema[column.Index].Type}, not {typeof(TValue)}");
        }

        public void GetValue<TValue>(string kind, ref TValue value)
        {
            Column column = Schema.GetColumnOrNull(kind)
                ?? throw new InvalidOperationException($"Invalid call to 'GetValue': there is no annotation '{kind}' among: {this}");
            GetGetter<TValue>(column)(ref value);
        }

        public override string ToString() => string.Join(", ", Schema.Select(column => column.Name));

        internal Delegate GetUntypedGetter(int index) => _getters[index];
    }
}
