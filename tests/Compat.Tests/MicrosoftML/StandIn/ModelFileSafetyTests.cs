using System.IO.Compression;
using Microsoft.ML;

namespace Compat.Tests.MicrosoftML.StandIn;

/// <summary>What the stand-in's own file layout promises; the official packages have another one.</summary>
public class ModelFileSafetyTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Load_TruncatedAnywhere_IsInvalidData()
    {
        byte[] file = Saved();

        for (int length = 0; length < file.Length; length += 7)
        {
            byte[] part = file[..length];
            Assert.Throws<InvalidDataException>(() => Load(part));
        }
    }

    [Fact]
    public void Load_AnyFlippedByte_IsInvalidDataOrTheSameModel()
    {
        byte[] file = Saved();
        string[] expected = [.. Load(file).GetOutputSchema(Pets.Schema).Select(column => column.ToString())];

        for (int i = 0; i < file.Length; i += 3)
        {
            byte[] damaged = (byte[])file.Clone();
            damaged[i] ^= 0x24;
            try
            {
                // Bytes that nothing reads, such as a time stamp, may differ.
                Assert.Equal(expected, Load(damaged).GetOutputSchema(Pets.Schema).Select(column => column.ToString()));
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    [Fact]
    public void Load_FileOfTheOfficialPackages_SaysSo()
    {
        byte[] file = Zip(("TransformerChain/Model.key", [1, 2, 3]), ("TrainingInfo/Version.txt", [5]));

        var error = Assert.Throws<InvalidDataException>(() => Load(file));

        Assert.Contains("official Microsoft.ML packages", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OtherZip_SaysThatItIsNoModel()
    {
        Assert.Contains("compat.txt", Assert.Throws<InvalidDataException>(() => Load(Zip(("readme.md", [1])))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_CompressedEntry_IsRefusedBeforeItIsUnpacked()
    {
        byte[] file = Saved();
        using var source = new ZipArchive(new MemoryStream(file));
        using var target = new MemoryStream();
        using (var archive = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (ZipArchiveEntry entry in source.Entries)
            {
                bool bomb = entry.FullName == "schema";
                using Stream to = archive.CreateEntry(entry.FullName, bomb ? CompressionLevel.Optimal : CompressionLevel.NoCompression).Open();
                if (bomb)
                {
                    to.Write(new byte[10_000_000]);
                }
                else
                {
                    using Stream from = entry.Open();
                    from.CopyTo(to);
                }
            }
        }

        Assert.Contains("compressed", Assert.Throws<InvalidDataException>(() => Load(target.ToArray())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_ComponentThatSavesNothing_Throws()
    {
        Assert.Throws<InvalidOperationException>(() => _ml.Model.Save(new Silent(), Pets.Schema, new MemoryStream()));
    }

    private IDataView Pets => _ml.Data.LoadFromEnumerable(Tables.Pets);

    private byte[] Saved()
    {
        ITransformer model = _ml.Transforms.Conversion.MapValueToKey("Key", "Kind").Append(_ml.Transforms.CopyColumns("Copy", "Key")).Fit(Pets);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, Pets.Schema, stream);
        return stream.ToArray();
    }

    private ITransformer Load(byte[] file) => _ml.Model.Load(new MemoryStream(file), out _);

    private static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream entry = archive.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    private sealed class Silent : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public Microsoft.ML.Data.IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public IDataView Transform(IDataView input) => input;

        void ICanSaveModel.Save(ModelSaveContext ctx)
        {
        }
    }
}
