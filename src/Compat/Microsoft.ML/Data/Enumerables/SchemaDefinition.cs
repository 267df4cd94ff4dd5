using System.Reflection;
using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>Which members of a class are columns, and of what types; a starting point to change.</summary>
public sealed partial class SchemaDefinition : List<SchemaDefinition.Column>
{
    private SchemaDefinition()
    {
    }

    /// <summary>Whether members are read, written or both.</summary>
    [Flags]
    public enum Direction
    {
        Read = 1,
        Write = 2,
        Both = Read | Write,
    }

    public Column this[string columnName]
    {
        get => Find(column => column.ColumnName == columnName);
        set
        {
            Guard.NotNull(value, nameof(value));
            Guard.Param(value.ColumnName == columnName, nameof(columnName), $"The column's name is '{value.ColumnName}', not '{columnName}'.");
            int index = FindIndex(column => column.ColumnName == columnName);
            if (index >= 0)
            {
                this[index] = value;
            }
            else
            {
                Add(value);
            }
        }
    }

    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        Guard.NotNull(userType, nameof(userType));
        var definition = new SchemaDefinition();
        foreach (MemberInfo member in RowMember.MembersOf(userType, direction))
        {
            string name = member.GetCustomAttribute<ColumnNameAttribute>()?.ColumnName ?? member.Name;
            Guard.Param(definition[name] is null, nameof(userType), $"Duplicate column name '{name}' detected, this is disallowed");
            definition.Add(new Column(member.Name, name, RowMember.TypeOf(member)));
        }

        return definition;
    }
}
