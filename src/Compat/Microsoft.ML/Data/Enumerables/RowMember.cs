using System.Reflection;
using Microsoft.ML.Compat;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Which members of a class can be columns, and of what types.</summary>
internal static class RowMember
{
    private const BindingFlags PublicInstance = BindingFlags.Public | BindingFlags.Instance;

    public static IEnumerable<MemberInfo> MembersOf(Type type, SchemaDefinition.Direction direction)
    {
        bool reads = direction.HasFlag(SchemaDefinition.Direction.Read);
        bool writes = direction.HasFlag(SchemaDefinition.Direction.Write);
        IEnumerable<MemberInfo> fields = type.GetFields(PublicInstance);
        IEnumerable<MemberInfo> properties = type.GetProperties(PublicInstance).Where(property =>
            property.GetIndexParameters().Length == 0
            && ((reads && property.GetGetMethod() is not null) || (writes && property.GetSetMethod() is not null)));
        return fields.Concat(properties).Where(member => MemberType(member) != typeof(IChannel) && member.GetCustomAttribute<NoColumnAttribute>() is null);
    }

    public static MemberInfo Find(Type type, string name) =>
        (MemberInfo)type.GetField(name, PublicInstance) ?? type.GetProperty(name, PublicInstance)
        ?? throw new ArgumentOutOfRangeException("userSchemaDefinition", $"No field or property with name '{name}' found in type '{type.FullName}'");

    public static Type MemberType(MemberInfo member) =>
        member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    /// <summary>The raw type of an item of the member's column, and whether the column is a vector.</summary>
    public static (Type Item, bool IsVector) RawTypeOf(MemberInfo member)
    {
        Type type = MemberType(member);
        bool vector = type.IsArray || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>));
        Type item = !vector ? type : type.IsArray ? type.GetElementType() : type.GetGenericArguments()[0];
        PrimitiveDataViewType primitive = DataViewTypes.FromRawType(item);
        Guard.Param(primitive is not null, "rawType", $"Could not determine an IDataView type and registered custom types for member {member.Name}");
        return (primitive.RawType, vector);
    }

    public static DataViewType TypeOf(MemberInfo member)
    {
        (Type raw, bool isVector) = RawTypeOf(member);
        PrimitiveDataViewType item = member.GetCustomAttribute<KeyTypeAttribute>() is { } key
            ? new KeyDataViewType(raw, key.KeyCount)
            : DataViewTypes.FromRawType(raw);
        int[] dimensions = member.GetCustomAttribute<VectorTypeAttribute>()?.Dimensions;
        Guard.Param(dimensions is null || isVector, "userType", $"Member {member.Name} marked with VectorTypeAttribute, but does not appear to be a vector type");
        if (!isVector)
        {
            return item;
        }

        return dimensions is { Length: > 0 } ? new VectorDataViewType(item, dimensions) : new VectorDataViewType(item);
    }

    /// <summary>The definition's columns, checked against the members of the class.</summary>
    public static (MemberInfo Member, DataViewSchema.DetachedColumn Column)[] Bind(Type type, SchemaDefinition definition) =>
        [.. definition.Select(column => (Find(type, column.MemberName), BindColumn(Find(type, column.MemberName), column)))];

    private static DataViewSchema.DetachedColumn BindColumn(MemberInfo member, SchemaDefinition.Column column)
    {
        string name = string.IsNullOrEmpty(column.ColumnName) ? column.MemberName : column.ColumnName;
        DataViewType type = column.ColumnType ?? TypeOf(member);
        (Type item, bool isVector) = RawTypeOf(member);
        Guard.Param(
            isVector == type is VectorDataViewType,
            "userSchemaDefinition",
            $"Column '{name}' is supposed to be {(isVector ? "scalar" : "vector")}, but type of associated field '{member.Name}' is {(isVector ? "vector" : "scalar")}");
        Guard.Param(
            DataViewTypes.ItemType(type).RawType == item,
            "userSchemaDefinition",
            $"Column '{name}' is supposed to have item type {DataViewTypes.ItemType(type).RawType}, but associated field has type {item}");
        return new DataViewSchema.DetachedColumn(name, type, column.Annotations);
    }
}
