using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace MlAttention.Compat.Tests.Baseline;

/// <summary>Writes members as the listings do: as C# declares them, parameter names and default values included, without attributes and bodies.</summary>
internal static class ApiSignatures
{
    /// <summary>Tells whether a method, constructor or accessor can be called from another assembly.</summary>
    /// <param name="method">The method, or null for an accessor that is not there.</param>
    public static bool IsVisible(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    /// <summary>Tells whether a field can be seen from another assembly.</summary>
    /// <param name="field">The field.</param>
    public static bool IsVisible(FieldInfo field) => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;

    /// <summary>Writes a constructor.</summary>
    /// <param name="constructor">The constructor.</param>
    public static string Constructor(ConstructorInfo constructor) =>
        $"{Access(constructor)}{ApiTypeNames.Simple(constructor.DeclaringType!)}({Parameters(constructor)});";

    /// <summary>Writes a field or constant.</summary>
    /// <param name="field">The field.</param>
    public static string Field(FieldInfo field)
    {
        string access = field.IsPublic ? "public " : field.IsFamily ? "protected " : "protected internal ";
        string modifiers = field.IsLiteral ? "const " : (field.IsStatic ? "static " : string.Empty) + (field.IsInitOnly ? "readonly " : string.Empty);
        string value = field.IsLiteral ? " = " + Literal(field.GetRawConstantValue(), field.FieldType) : string.Empty;
        return $"{access}{modifiers}{ApiTypeNames.Of(field.FieldType)} {field.Name}{value};";
    }

    /// <summary>Writes an event.</summary>
    /// <param name="member">The event.</param>
    public static string Event(EventInfo member) =>
        $"{Modifiers(member.AddMethod!)}event {ApiTypeNames.Of(member.EventHandlerType!)} {member.Name};";

    /// <summary>Writes a property or indexer with its visible accessors.</summary>
    /// <param name="property">The property.</param>
    public static string Property(PropertyInfo property)
    {
        MethodInfo accessor = IsVisible(property.GetMethod) ? property.GetMethod! : property.SetMethod!;
        ParameterInfo[] index = property.GetIndexParameters();
        string name = index.Length == 0 ? property.Name : $"this[{string.Join(", ", index.Select(Parameter))}]";
        string accessors = (IsVisible(property.GetMethod) ? "get; " : string.Empty) + (IsVisible(property.SetMethod) ? "set; " : string.Empty);
        return $"{Modifiers(accessor)}{ApiTypeNames.Of(property.PropertyType)} {name} {{ {accessors}}}";
    }

    /// <summary>Writes a method or operator.</summary>
    /// <param name="method">The method.</param>
    public static string Method(MethodInfo method)
    {
        string generics = method.IsGenericMethodDefinition
            ? "<" + string.Join(", ", method.GetGenericArguments().Select(ApiTypeNames.Of)) + ">"
            : string.Empty;
        string reference = method.ReturnType.IsByRef ? "ref " : string.Empty;
        string constraints = method.IsGenericMethodDefinition ? Constraints(method.GetGenericArguments()) : string.Empty;
        return $"{Modifiers(method)}{reference}{ApiTypeNames.Of(method.ReturnType)} {method.Name}{generics}({Parameters(method)}){constraints};";
    }

    /// <summary>Writes a parameter list.</summary>
    /// <param name="method">The method or constructor.</param>
    public static string Parameters(MethodBase method)
    {
        string extension = method.IsDefined(typeof(ExtensionAttribute), inherit: false) ? "this " : string.Empty;
        return extension + string.Join(", ", method.GetParameters().Select(Parameter));
    }

    /// <summary>Writes the constraints of type parameters, each with a leading blank.</summary>
    /// <param name="parameters">The type parameters.</param>
    public static string Constraints(IEnumerable<Type> parameters) => string.Concat(parameters.Select(Constraint));

    private static string Constraint(Type parameter)
    {
        GenericParameterAttributes attributes = parameter.GenericParameterAttributes;
        bool isStruct = attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        bool isUnmanaged = parameter.GetCustomAttributesData().Any(a => a.AttributeType.Name == "IsUnmanagedAttribute");
        var terms = new List<string>();
        if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
        {
            terms.Add("class");
        }
        if (isStruct)
        {
            terms.Add(isUnmanaged ? "unmanaged" : "struct");
        }
        terms.AddRange(parameter.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(ApiTypeNames.Of));
        if (attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !isStruct)
        {
            terms.Add("new()");
        }
        return terms.Count == 0 ? string.Empty : $" where {parameter.Name} : {string.Join(", ", terms)}";
    }

    private static string Parameter(ParameterInfo parameter)
    {
        string passing = !parameter.ParameterType.IsByRef
            ? (parameter.IsDefined(typeof(ParamArrayAttribute), inherit: false) ? "params " : string.Empty)
            : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
        string value = parameter.HasDefaultValue ? " = " + Literal(parameter.RawDefaultValue, parameter.ParameterType) : string.Empty;
        return $"{passing}{ApiTypeNames.Of(parameter.ParameterType)} {parameter.Name}{value}";
    }

    private static string Literal(object? value, Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            null => type is { IsValueType: true, IsGenericParameter: false } && plain == type ? "default" : "null",
            _ when plain.IsEnum => ApiTypeNames.Of(plain) + "." + (Enum.GetName(plain, value) ?? Convert.ToString(value, CultureInfo.InvariantCulture)),
            bool flag => flag ? "true" : "false",
            string text => "\"" + text + "\"",
            char character => "'" + character + "'",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    private static string Access(MethodBase method) =>
        method.IsPublic ? "public " : method.IsFamily ? "protected " : "protected internal ";

    private static string Modifiers(MethodInfo method)
    {
        if (method.DeclaringType!.IsInterface)
        {
            return method.IsStatic ? "static " : string.Empty;
        }
        bool overrides = method.GetBaseDefinition().DeclaringType != method.DeclaringType;
        string kind = method switch
        {
            { IsStatic: true } => "static ",
            { IsAbstract: true } => overrides ? "abstract override " : "abstract ",
            _ when overrides => method.IsFinal ? "sealed override " : "override ",
            { IsVirtual: true, IsFinal: false } => "virtual ",
            _ => string.Empty,
        };
        return Access(method) + kind;
    }
}
