#nullable disable // the build compiles this file for .NET Standard 2.0
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
#if !WITHOUT_MSBUILD // the tests compile the rest of this file
using Microsoft.Build.Framework;
#endif

namespace MlAttention.Build;

#if !WITHOUT_MSBUILD
/// <summary>Build task: writes a copy of libLibTorchSharp.so that loads with the libstdc++ of Debian 12, Ubuntu 22.04 and RHEL 9.</summary>
public sealed class RelaxVersionNeeds : Microsoft.Build.Utilities.Task
{
    /// <summary>The package's file.</summary>
    [Required]
    public ITaskItem Source { get; set; }

    /// <summary>Where the copy goes.</summary>
    [Required]
    public ITaskItem Destination { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        string source = Source.ItemSpec, destination = Destination.ItemSpec;
        try
        {
            byte[] file = File.ReadAllBytes(source);
            IReadOnlyList<string> changes = StandardLibraryNeeds.Relax(file);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(destination)));
            // Never over an existing file: the output folder may hold a link to it.
            File.Delete(destination);
            File.WriteAllBytes(destination, file);
            if (changes.Count > 0)
                Log.LogMessage(MessageImportance.High, "MlAttention: " + Path.GetFileName(source) + " may use an older libstdc++ (" + string.Join("; ", changes) + "). MlAttentionRelaxLibTorchSharp=false leaves it as it was.");
        }
        catch (InvalidDataException error)
        {
            Log.LogError(null, "MLATT001", null, source, 0, 0, 0, 0, error.Message + " MlAttentionRelaxLibTorchSharp=false takes the file as it is.");
        }
        return !Log.HasLoggedErrors;
    }
}
#endif

/// <summary>
/// The versions of libstdc++ that a shared library insists on. GLIBCXX_3.4.32 stands for one symbol that nothing calls, and becomes a
/// weak need, which the loader may miss. GLIBCXX_3.4.30 stands for condition_variable::wait, which libstdc++ also has
/// under its first version, GLIBCXX_3.4.11.
/// </summary>
/// <remarks>
/// ELF64, little endian. .gnu.version_r is a chain of Verneed (one a file: count of versions at 2, file name at 4, first Vernaux at 8,
/// next Verneed at 12), each with a chain of Vernaux (flags at 4, index at 6, name at 8, next at 12). .gnu.version has one index
/// of 16 bits for each symbol of .dynsym. Source: Linux Standard Base Core, section 10.7, Symbol Versioning.
/// </remarks>
public static class StandardLibraryNeeds
{
    private const string UnusedVersion = "GLIBCXX_3.4.32", UnusedSymbol = "_ZSt21ios_base_library_initv";
    private const string NewVersion = "GLIBCXX_3.4.30", OldVersion = "GLIBCXX_3.4.11", WaitSymbol = "_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE";
    private const int Weak = 2;

    /// <summary>Relaxes the needs in place, where nothing else stands behind them.</summary>
    /// <returns>What was changed, in words; empty if the needs are absent or weak already, or if other symbols stand behind them.</returns>
    /// <exception cref="InvalidDataException">The file is no ELF64 little-endian file, or it is damaged.</exception>
    public static IReadOnlyList<string> Relax(byte[] file)
    {
        var changes = new List<string>();
        try
        {
            var elf = new Elf(file);
            Need unused = elf.Find(UnusedVersion), wanted = elf.Find(NewVersion), old = elf.Find(OldVersion);
            if (unused != null && !unused.IsWeak && elf.SymbolsOf(unused).All(symbol => elf.Name(symbol) == UnusedSymbol && !elf.IsRelocated(symbol)))
            {
                unused.MakeWeak();
                changes.Add("need of " + UnusedVersion + " made weak");
            }
            if (wanted != null && old != null && !wanted.IsWeak && elf.SymbolsOf(wanted).All(symbol => elf.Name(symbol) == WaitSymbol))
            {
                foreach (int symbol in elf.SymbolsOf(wanted).ToArray()) elf.SetVersion(symbol, old);
                wanted.MakeWeak();
                changes.Add("condition_variable::wait moved from " + NewVersion + " to " + OldVersion);
            }
        }
        catch (Exception error) when (error is ArgumentException || error is IndexOutOfRangeException || error is OverflowException)
        {
            throw new InvalidDataException("The ELF file is damaged: a table lies outside it.", error);
        }
        return changes;
    }

    /// <summary>One version that the library asks of another one.</summary>
    private sealed class Need
    {
        private readonly byte[] _file;
        private readonly int _flags;

        public Need(byte[] file, int entry)
        {
            _file = file;
            _flags = entry + 4;
            Index = BitConverter.ToUInt16(file, entry + 6);
        }

        public ushort Index { get; }

        public bool IsWeak => (_file[_flags] & Weak) != 0;

        public void MakeWeak() => _file[_flags] |= Weak;
    }

    /// <summary>The tables of the file that versions stand in; empty ones where it has none.</summary>
    private sealed class Elf
    {
        private const uint Relocations = 4, DynamicSymbols = 11, VersionNeeds = 0x6ffffffe, VersionIndexes = 0x6fffffff;
        private readonly byte[] _file;
        private readonly int _sections, _sectionSize, _sectionCount;
        private readonly Section _symbols, _versions;
        private readonly Dictionary<string, Need> _needs = new Dictionary<string, Need>();
        private readonly HashSet<uint> _relocated = new HashSet<uint>();

        public Elf(byte[] file)
        {
            if (file.Length < 64 || file[0] != 0x7f || file[1] != 'E' || file[2] != 'L' || file[3] != 'F' || file[4] != 2 || file[5] != 1)
                throw new InvalidDataException("This is no 64-bit little-endian ELF file.");
            _file = file;
            _sections = Offset(40);
            _sectionSize = BitConverter.ToUInt16(file, 58);
            _sectionCount = BitConverter.ToUInt16(file, 60);
            _symbols = Sections(DynamicSymbols).FirstOrDefault();
            _versions = Sections(VersionIndexes).FirstOrDefault();
            foreach (Section needs in Sections(VersionNeeds)) ReadNeeds(needs);
            foreach (Section table in Sections(Relocations))
                for (int entry = table.Start; entry + 24 <= table.End; entry += 24) _relocated.Add(BitConverter.ToUInt32(_file, entry + 12));
        }

        public Need Find(string version)
        {
            Need need;
            return _needs.TryGetValue(version, out need) ? need : null;
        }

        public IEnumerable<int> SymbolsOf(Need need)
        {
            if (_versions == null || _symbols == null) return Array.Empty<int>();
            return Enumerable.Range(0, (_versions.End - _versions.Start) / 2).Where(symbol => (BitConverter.ToUInt16(_file, _versions.Start + 2 * symbol) & 0x7fff) == need.Index);
        }

        public void SetVersion(int symbol, Need need) => BitConverter.GetBytes(need.Index).CopyTo(_file, _versions.Start + 2 * symbol);

        public string Name(int symbol) => Text(_symbols.Link, BitConverter.ToUInt32(_file, _symbols.Start + 24 * symbol));

        public bool IsRelocated(int symbol) => _relocated.Contains((uint)symbol);

        private void ReadNeeds(Section needs)
        {
            int next;
            for (int library = needs.Start; ; library += next)
            {
                int version = checked(library + (int)BitConverter.ToUInt32(_file, library + 8));
                if (Text(needs.Link, BitConverter.ToUInt32(_file, library + 4)).StartsWith("libstdc++", StringComparison.Ordinal))
                    for (int i = BitConverter.ToUInt16(_file, library + 2); i > 0; i--)
                    {
                        _needs[Text(needs.Link, BitConverter.ToUInt32(_file, version + 8))] = new Need(_file, version);
                        version = checked(version + (int)BitConverter.ToUInt32(_file, version + 12));
                    }
                next = checked((int)BitConverter.ToUInt32(_file, library + 12));
                if (next == 0) return;
            }
        }

        private IEnumerable<Section> Sections(uint type) =>
            Enumerable.Range(0, _sectionCount).Where(number => BitConverter.ToUInt32(_file, _sections + number * _sectionSize + 4) == type).Select(Section);

        private Section Section(int number)
        {
            int header = _sections + number * _sectionSize;
            return new Section { Start = Offset(header + 24), End = checked(Offset(header + 24) + Offset(header + 32)), Link = BitConverter.ToInt32(_file, header + 40) };
        }

        // An offset or a size in the file.
        private int Offset(int at) => checked((int)BitConverter.ToUInt64(_file, at));

        private string Text(int strings, uint offset)
        {
            int start = checked(Section(strings).Start + (int)offset);
            return Encoding.ASCII.GetString(_file, start, Array.IndexOf(_file, (byte)0, start) - start);
        }
    }

    private sealed class Section
    {
        public int Start { get; set; }

        public int End { get; set; }

        public int Link { get; set; }
    }
}
