using System.Buffers.Binary;
using System.Text;

namespace MlAttention.Tests.Native;

/// <summary>Makes a shared library with nothing but what versions of symbols stand in.</summary>
internal sealed class ElfFile
{
    private const int Strings = 1, Symbols = 2, SymbolVersions = 3, Needs = 4, Relocations = 5, SectionCount = 6;
    private readonly List<(string Library, (string Version, bool Weak)[] Versions)> _needs = [];
    private readonly List<(string Name, string Version, bool Relocated)> _symbols = [];

    public ElfFile Needing(string library, params (string Version, bool Weak)[] versions)
    {
        _needs.Add((library, versions));
        return this;
    }

    public ElfFile Symbol(string name, string version, bool relocated = false)
    {
        _symbols.Add((name, version, relocated));
        return this;
    }

    /// <summary>The index of a version in .gnu.version: 0 and 1 are local and global.</summary>
    public ushort IndexOf(string version) => (ushort)(2 + _needs.SelectMany(need => need.Versions).ToList().FindIndex(need => need.Version == version));

    public byte[] Bytes()
    {
        var strings = new MemoryStream();
        strings.WriteByte(0);
        byte[][] sections = [[], [], SymbolTable(strings), SymbolVersionTable(), NeedTable(strings), RelocationTable()];
        sections[Strings] = strings.ToArray();
        var file = new MemoryStream();
        file.Write(new byte[64]);
        var headers = new byte[SectionCount * 64];
        uint[] types = [0, 3, 11, 0x6fffffff, 0x6ffffffe, 4];
        for (var i = 1; i < SectionCount; i++)
        {
            var header = headers.AsSpan(64 * i);
            BinaryPrimitives.WriteUInt32LittleEndian(header[4..], types[i]);
            BinaryPrimitives.WriteUInt64LittleEndian(header[24..], (ulong)file.Position);
            BinaryPrimitives.WriteUInt64LittleEndian(header[32..], (ulong)sections[i].Length);
            BinaryPrimitives.WriteUInt32LittleEndian(header[40..], i is Symbols or Needs ? Strings : 0u);
            file.Write(sections[i]);
        }
        var start = (ulong)file.Position;
        file.Write(headers);
        var bytes = file.ToArray();
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(40), start);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(58), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(60), SectionCount);
        return bytes;
    }

    private byte[] SymbolTable(MemoryStream strings)
    {
        var table = new byte[24 * (_symbols.Count + 1)];
        for (var i = 0; i < _symbols.Count; i++) BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(24 * (i + 1)), Add(strings, _symbols[i].Name));
        return table;
    }

    private byte[] SymbolVersionTable()
    {
        var table = new byte[2 * (_symbols.Count + 1)];
        for (var i = 0; i < _symbols.Count; i++) BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(2 * (i + 1)), IndexOf(_symbols[i].Version));
        return table;
    }

    private byte[] NeedTable(MemoryStream strings)
    {
        var table = new byte[16 * _needs.Sum(need => 1 + need.Versions.Length)];
        var at = 0;
        foreach (var (library, versions) in _needs)
        {
            var need = table.AsSpan(at);
            BinaryPrimitives.WriteUInt16LittleEndian(need, 1);
            BinaryPrimitives.WriteUInt16LittleEndian(need[2..], (ushort)versions.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(need[4..], Add(strings, library));
            BinaryPrimitives.WriteUInt32LittleEndian(need[8..], 16);
            at += 16 * (1 + versions.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(need[12..], at == table.Length ? 0u : 16 * (1 + (uint)versions.Length));
            for (var i = 0; i < versions.Length; i++)
            {
                var version = need[(16 * (i + 1))..];
                BinaryPrimitives.WriteUInt16LittleEndian(version[4..], versions[i].Weak ? (ushort)2 : (ushort)0);
                BinaryPrimitives.WriteUInt16LittleEndian(version[6..], IndexOf(versions[i].Version));
                BinaryPrimitives.WriteUInt32LittleEndian(version[8..], Add(strings, versions[i].Version));
                BinaryPrimitives.WriteUInt32LittleEndian(version[12..], i == versions.Length - 1 ? 0u : 16u);
            }
        }
        return table;
    }

    private byte[] RelocationTable()
    {
        int[] relocated = [.. _symbols.Index().Where(symbol => symbol.Item.Relocated).Select(symbol => symbol.Index + 1)];
        var table = new byte[24 * relocated.Length];
        for (var i = 0; i < relocated.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(24 * i + 12), (uint)relocated[i]);
        return table;
    }

    private static uint Add(MemoryStream strings, string text)
    {
        var offset = (uint)strings.Position;
        strings.Write(Encoding.ASCII.GetBytes(text + "\0"));
        return offset;
    }
}
