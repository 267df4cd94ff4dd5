using MlAttention.Build;

namespace MlAttention.Tests.Native;

/// <summary>What the build step changes in libLibTorchSharp.so, on made-up files.</summary>
public class StandardLibraryNeedsTests
{
    private const string Unused = "_ZSt21ios_base_library_initv", Wait = "_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE";

    [Fact]
    public void Relax_NeedsOfTheTwoSymbolsAlone_MakesThemWeakAndMovesWait()
    {
        var library = Library();
        var file = library.Bytes();

        Assert.Equal(2, StandardLibraryNeeds.Relax(file).Count);

        var expected = new ElfFile()
            .Needing("libm.so.6", ("GLIBC_2.29", false))
            .Needing("libstdc++.so.6", ("GLIBCXX_3.4.32", true), ("GLIBCXX_3.4.11", false), ("GLIBCXX_3.4.30", true))
            .Symbol("sqrt", "GLIBC_2.29").Symbol(Unused, "GLIBCXX_3.4.32").Symbol(Wait, "GLIBCXX_3.4.11").Symbol("old", "GLIBCXX_3.4.11", relocated: true);
        Assert.Equal(expected.Bytes(), file);
    }

    [Fact]
    public void Relax_ASecondTime_ChangesNothing()
    {
        var file = Library().Bytes();
        StandardLibraryNeeds.Relax(file);
        var relaxed = file.ToArray();

        Assert.Empty(StandardLibraryNeeds.Relax(file));
        Assert.Equal(relaxed, file);
    }

    [Fact]
    public void Relax_AnotherSymbolBehindANeed_LeavesThatNeed()
    {
        var file = Library().Symbol("newer", "GLIBCXX_3.4.32").Symbol("newest", "GLIBCXX_3.4.30").Bytes();
        var before = file.ToArray();

        Assert.Empty(StandardLibraryNeeds.Relax(file));
        Assert.Equal(before, file);
    }

    [Fact]
    public void Relax_TheUnusedSymbolIsUsed_LeavesItsNeed()
    {
        var file = new ElfFile().Needing("libstdc++.so.6", ("GLIBCXX_3.4.32", false)).Symbol(Unused, "GLIBCXX_3.4.32", relocated: true).Bytes();

        Assert.Empty(StandardLibraryNeeds.Relax(file));
    }

    [Fact]
    public void Relax_NoOldVersionToMoveTo_LeavesWait()
    {
        var file = new ElfFile().Needing("libstdc++.so.6", ("GLIBCXX_3.4.30", false)).Symbol(Wait, "GLIBCXX_3.4.30").Bytes();

        Assert.Empty(StandardLibraryNeeds.Relax(file));
    }

    [Fact]
    public void Relax_TheSameVersionOfAnotherLibrary_LeavesIt()
    {
        var file = new ElfFile().Needing("libother.so.1", ("GLIBCXX_3.4.32", false)).Symbol(Unused, "GLIBCXX_3.4.32").Bytes();

        Assert.Empty(StandardLibraryNeeds.Relax(file));
    }

    [Fact]
    public void Relax_NoVersions_ChangesNothing() => Assert.Empty(StandardLibraryNeeds.Relax(new ElfFile().Needing("libm.so.6").Bytes()));

    [Theory]
    [InlineData(0, 'M')]   // no ELF file
    [InlineData(4, 1)]     // 32 bits
    [InlineData(5, 2)]     // big endian
    public void Relax_AnotherKindOfFile_IsRefused(int offset, int value)
    {
        var file = Library().Bytes();
        file[offset] = (byte)value;

        Assert.Contains("64-bit little-endian ELF", Assert.Throws<InvalidDataException>(() => StandardLibraryNeeds.Relax(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Relax_DamagedAnywhere_IsRefusedOrLeftButNeverAnotherError()
    {
        var whole = Library().Bytes();
        for (var offset = 0; offset < whole.Length; offset++)
        {
            foreach (byte value in new byte[] { 0, 1, 0x7f, 0xff })
            {
                var file = whole.ToArray();
                file[offset] = value;
                if (Record.Exception(() => StandardLibraryNeeds.Relax(file)) is { } error) Assert.IsType<InvalidDataException>(error);
            }
        }
        for (var length = 0; length < whole.Length; length++)
            if (Record.Exception(() => StandardLibraryNeeds.Relax(whole[..length])) is { } error) Assert.IsType<InvalidDataException>(error);
    }

    private static ElfFile Library() => new ElfFile()
        .Needing("libm.so.6", ("GLIBC_2.29", false))
        .Needing("libstdc++.so.6", ("GLIBCXX_3.4.32", false), ("GLIBCXX_3.4.11", false), ("GLIBCXX_3.4.30", false))
        .Symbol("sqrt", "GLIBC_2.29").Symbol(Unused, "GLIBCXX_3.4.32").Symbol(Wait, "GLIBCXX_3.4.30").Symbol("old", "GLIBCXX_3.4.11", relocated: true);
}
