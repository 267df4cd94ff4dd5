using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MlAttention.Build;

/// <summary>The resources of an assembly, which is not loaded and needs none of those that it references.</summary>
/// <remarks>A resource is 4 bytes, its length, and its bytes, at an offset into the directory that the CLI header names. Source: ECMA-335, II.24.2.4.</remarks>
internal sealed class AssemblyResources(string path) : IDisposable
{
    private readonly PEReader _file = new(File.OpenRead(path));

    /// <summary>The bytes of the one resource whose name ends so.</summary>
    /// <exception cref="InvalidDataException">There is none, or there are several.</exception>
    public ReadOnlyMemory<byte> Read(string end)
    {
        var metadata = _file.GetMetadataReader();
        var all = metadata.ManifestResources.Select(metadata.GetManifestResource).ToArray();
        var found = all.Where(resource => metadata.GetString(resource.Name).EndsWith(end, StringComparison.Ordinal)).ToArray();
        if (found.Length != 1)
            throw new InvalidDataException($"{path}: {found.Length} resources end with {end}, where one is needed; it has {string.Join(", ", all.Select(resource => metadata.GetString(resource.Name)))}.");
        var directory = _file.PEHeaders.CorHeader!.ResourcesDirectory;
        var section = _file.GetSectionData(directory.RelativeVirtualAddress).GetContent().AsMemory()[(int)found[0].Offset..];
        return section.Slice(sizeof(int), BinaryPrimitives.ReadInt32LittleEndian(section.Span));
    }

    public void Dispose() => _file.Dispose();
}
