using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace MlAttention.Compat.Tests.Baseline;

/// <summary>Prints what can be seen of an assembly from outside it, by reflection, in the format of the listings.</summary>
internal static class ApiPrinter
{
    /// <summary>The line of a class whose constructors all are hidden.</summary>
    public const string NoConstructor = "// no accessible constructor";

    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Prints every visible type of an assembly.</summary>
    /// <param name="assembly">The assembly.</param>
    public static IEnumerable<ApiType> Print(Assembly assembly) => assembly.GetTypes().Where(IsVisible).Select(Print);

    /// <summary>Prints one type.</summary>
    /// <param name="type">The type; a generic one by its definition.</param>
    public static ApiType Print(Type type)
    {
        string name = ApiTypeNames.Of(type);
        string access = type.IsNestedFamily || type.IsNestedFamORAssem ? "protected" : "public";
        string constraints = ApiSignatures.Constraints(OwnGenericParameters(type));
        if (type.IsSubclassOf(typeof(Delegate)))
        {
            MethodInfo invoke = type.GetMethod("Invoke")!;
            string line = $"{access} delegate {ApiTypeNames.Of(invoke.ReturnType)} {name}({ApiSignatures.Parameters(invoke)})";
            return new ApiType(type.Namespace ?? string.Empty, name, line, constraints, new HashSet<string>(), new HashSet<string>());
        }
        return new ApiType(
            type.Namespace ?? string.Empty,
            name,
            $"{access} {Kind(type)} {name}",
            constraints,
            Bases(type).ToHashSet(),
            Members(type).ToHashSet());
    }

    private static bool IsVisible(Type type) =>
        type.IsNested
            ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!)
            : type.IsPublic;

    private static Type[] OwnGenericParameters(Type type) =>
        type.GetGenericArguments()[(type.DeclaringType?.GetGenericArguments().Length ?? 0)..];

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static IEnumerable<string> Bases(Type type)
    {
        if (type.IsEnum)
        {
            yield break;
        }
        if (type is { IsClass: true, BaseType: { } parent } && parent != typeof(object))
        {
            yield return ApiTypeNames.Of(parent);
        }
        IEnumerable<Type> inherited = type.BaseType?.GetInterfaces() ?? [];
        foreach (Type contract in type.GetInterfaces().Except(inherited).Where(i => IsVisible(i)))
        {
            yield return ApiTypeNames.Of(contract);
        }
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(f => f.Name + " = " + Convert.ToString(f.GetRawConstantValue(), CultureInfo.InvariantCulture) + ",");
        }
        return Constructors(type)
            .Concat(type.GetFields(Declared).Where(ApiSignatures.IsVisible).Select(ApiSignatures.Field))
            .Concat(type.GetEvents(Declared).Where(e => ApiSignatures.IsVisible(e.AddMethod)).Select(ApiSignatures.Event))
            .Concat(type.GetProperties(Declared)
                .Where(p => ApiSignatures.IsVisible(p.GetMethod) || ApiSignatures.IsVisible(p.SetMethod))
                .Select(ApiSignatures.Property))
            .Concat(type.GetMethods(Declared)
                .Where(m => ApiSignatures.IsVisible(m) && !IsAccessor(m) && !m.IsDefined(typeof(CompilerGeneratedAttribute)))
                .Select(ApiSignatures.Method));
    }

    private static string[] Constructors(Type type)
    {
        string[] visible = type.GetConstructors(Declared)
            .Where(c => !c.IsStatic && ApiSignatures.IsVisible(c))
            .Select(ApiSignatures.Constructor)
            .ToArray();
        bool wantsOne = type is { IsClass: true } && !(type.IsAbstract && type.IsSealed);
        return visible.Length == 0 && wantsOne ? [NoConstructor] : visible;
    }

    private static bool IsAccessor(MethodInfo method) =>
        method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);
}
