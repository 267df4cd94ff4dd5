using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using MlAttention.Tests.Datasets;

namespace MlAttention.Tests.Structure;

/// <summary>One project under src: its files, the projects that it references, and which of its files use which.</summary>
internal sealed class SourceProject(string name)
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    public string Name { get; } = name;

    private string Folder => Path.Combine(RepositoryFiles.Root, "src", Name);

    /// <summary>Names of the projects under src.</summary>
    public static string[] Names() => [.. Directory.GetDirectories(Path.Combine(RepositoryFiles.Root, "src")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    /// <summary>Paths of the files, from the project's folder on.</summary>
    public string[] Files() => [.. Directory.GetFiles(Folder, "*.cs", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    public string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

    public SyntaxTree Parse(string file) => Parse(Read(file), file);

    /// <summary>Names of the projects that this one references.</summary>
    public string[] References() =>
        [.. Items("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))];

    /// <summary>Each pair of files of which the first uses a type, or a member of a type, that the second declares.</summary>
    public IEnumerable<(string User, string Used)> Uses()
    {
        var trees = Files().Select(Parse).ToArray();
        var compilation = CSharpCompilation.Create(Name, [.. trees, Parse(ImplicitUsings + '\n' + ProjectUsings(), "usings")], Others(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        var unknown = compilation.GetDiagnostics().Where(error => error.Id is "CS0234" or "CS0246").ToArray();
        if (unknown.Length > 0) throw new InvalidOperationException($"{Name} is not understood: {unknown[0]}");
        return trees.SelectMany(tree => UsedBy(tree, compilation.GetSemanticModel(tree)).Where(used => used != tree.FilePath).Select(used => (tree.FilePath, used)));
    }

    /// <summary>The files that declare what a file names. A partial type belongs to all files that declare it.</summary>
    private static HashSet<string> UsedBy(SyntaxTree tree, SemanticModel model) =>
        [.. tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
            .Select(node => model.GetSymbolInfo(node).Symbol)
            .Select(symbol => symbol is INamedTypeSymbol type ? type : symbol?.ContainingType)
            .OfType<INamedTypeSymbol>()
            .SelectMany(type => type.OriginalDefinition.DeclaringSyntaxReferences)
            .Select(reference => reference.SyntaxTree.FilePath)];

    private static SyntaxTree Parse(string code, string path) => CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(LanguageVersion.Preview), path);

    private IEnumerable<XElement> Items(string kind) => XDocument.Load(Path.Combine(Folder, Name + ".csproj")).Descendants(kind);

    /// <summary>What the project's file imports into all of its files.</summary>
    private string ProjectUsings() => string.Join('\n', Items("Using").Select(item =>
        $"global using {(item.Attribute("Static")?.Value == "true" ? "static " : "")}{(item.Attribute("Alias") is { } alias ? alias.Value + " = " : "")}{item.Attribute("Include")!.Value};"));

    /// <summary>Everything that the tests run with, but this project itself.</summary>
    private IEnumerable<MetadataReference> Others() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileNameWithoutExtension(path) != Name)
            .Select(path => MetadataReference.CreateFromFile(path));
}
