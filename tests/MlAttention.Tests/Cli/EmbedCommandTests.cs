using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using MlAttention.Cli.Terminal;

namespace MlAttention.Tests.Cli;

public class EmbedCommandTests
{
    private static readonly string[] s_texts = ["the film was very good", "a cat", "", "not bad! it is the dog", "zz"];

    [Fact]
    public void Embed_EveryFormat_HoldsTheEmbeddersVectors()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("texts.csv", "Id,Text\n" + string.Concat(s_texts.Select((text, row) => FormattableString.Invariant($"{row},{text}\n"))));
        var embedder = TextEmbedder.Load(SmallEncoder.Folder);
        float[] expected = [.. s_texts.SelectMany(text => embedder.Embed(text))];

        foreach (string name in (string[])["v.csv", "v.npy", "v.safetensors"]) Succeeds(Embed(data, folder.File(name)));

        Assert.Equal(expected, Csv(folder.File("v.csv")));
        Assert.Equal(expected, Npy(folder.File("v.npy"), s_texts.Length));
        var tensor = Assert.Single(SafetensorsFile.Read(folder.File("v.safetensors")));
        Assert.Equal("embeddings", tensor.Name);
        Assert.Equal([s_texts.Length, SmallEncoder.Width], tensor.Shape);
        Assert.Equal(expected, tensor.Values);
    }

    /// <summary>More than are in memory at once, of any length, on several threads.</summary>
    [Fact]
    public void Embed_ManyTexts_KeepTheirOrder()
    {
        using var folder = new TemporaryFolder();
        string[] words = ["cat", "dog", "film", "good", "bad", "very", "not"];
        string[] texts = [.. Enumerable.Range(0, 5000).Select(row => string.Join(' ', Enumerable.Range(0, 1 + row * 31 % 7).Select(word => words[(row * 7 + word * 3) % 7])))];
        var embedder = TextEmbedder.Load(SmallEncoder.Folder);

        Succeeds(CliRun.Piped(string.Join('\n', texts), "embed", "--pretrained", SmallEncoder.Folder, "-o", folder.File("v.npy"), "--threads", "3"));

        float[] vectors = Npy(folder.File("v.npy"), texts.Length);
        for (int row = 0; row < texts.Length; row += 111) Assert.Equal(embedder.Embed(texts[row]), vectors[(row * SmallEncoder.Width)..((row + 1) * SmallEncoder.Width)]);
    }

    [Fact]
    public void Embed_PoolingAndNormalization_AreThoseAskedFor()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("texts.csv", "Text\nthe film was very good\n");
        var encoder = PretrainedEncoder.Load(SmallEncoder.Folder);
        var asked = new Dictionary<string, TextEmbedderOptions>
        {
            [""] = new(),
            ["--pooling cls"] = new() { Pooling = PoolingKind.First },
            ["--pooling MEAN --no-normalize"] = new() { Pooling = PoolingKind.Mean, Normalize = false },
            ["--normalize --max-length 4"] = new() { Normalize = true, MaxLength = 4 },
        };
        Assert.Equal(4, asked.Values.Select(options => new TextEmbedder(encoder, options).Embed("the film was very good")[0]).Distinct().Count());
        foreach (var (options, meaning) in asked)
        {
            Succeeds(Embed(data, folder.File("v.npy"), ["--force", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]));
            Assert.Equal(new TextEmbedder(encoder, meaning).Embed("the film was very good"), Npy(folder.File("v.npy"), 1));
        }
    }

    [Fact]
    public void Embed_CutAndEmptyTexts_AreCountedAndSaid()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("texts.csv", "Text\nthe cat was not not not not bad it is\na cat\n\"\"\n");

        var run = Succeeds(Embed(data, folder.File("v.csv")));
        var json = JsonDocument.Parse(Succeeds(Embed(data, folder.File("v.csv"), "--json", "--force")).Output).RootElement;

        Assert.Contains("warning: 1 of 3 texts is longer than the 9 tokens that are read, and cut. --max-length reads more", run.Error, StringComparison.Ordinal);
        Assert.Contains("warning: 1 of 3 texts is empty", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("v.csv: 3 vectors of 15 numbers from bert, pooling mean, of length 1\n", run.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal([3, 15, 9, 1, 1], ((string[])["texts", "dimension", "maxLength", "cut", "empty"]).Select(name => json.GetProperty(name).GetInt32()));
        Assert.Equal(("bert", "mean", true), (json.GetProperty("encoder").GetString(), json.GetProperty("pooling").GetString(), json.GetProperty("normalized").GetBoolean()));
    }

    [Fact]
    public void Embed_KeptColumns_StandBeforeTheVectors()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("texts.csv", "Id,Body,Note\n7,a cat,\"x, y\"\n8,a dog,\n");
        Succeeds(Embed(data, folder.File("v.csv"), "--text", "Body", "--keep", "Note", "Id"));
        string[] lines = File.ReadAllLines(folder.File("v.csv"));
        Assert.StartsWith("Note,Id,V0,V1,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("\"x, y\",7,", lines[1], StringComparison.Ordinal);
        Assert.StartsWith(",8,", lines[2], StringComparison.Ordinal);
    }

    /// <summary>Without --pretrained it is the encoder that comes with the program.</summary>
    [Fact]
    public void Embed_KnownName_IsTheFolderBesideTheProgram()
    {
        using var folder = new TemporaryFolder();
        var run = Succeeds(CliRun.Piped("The cat chased a dog.\n", "embed", "-o", folder.File("v.npy")));
        Assert.Contains("1 vector of 384 numbers from minilm", run.Output, StringComparison.Ordinal);
        Assert.Equal(TextEmbedder.Load(Path.Combine(AppContext.BaseDirectory, "pretrained", "minilm")).Embed("The cat chased a dog."), Npy(folder.File("v.npy"), 1, width: 384));
    }

    [Theory]
    [InlineData("-o v.parquet", ".csv, .npy or .safetensors")]
    [InlineData("-o v", ".csv, .npy or .safetensors")]
    [InlineData("-o v.npy --keep Id", "--keep Id")]
    [InlineData("-o v.csv --keep V3", "--keep V3")]
    [InlineData("-o v.csv --keep Nope", "'Nope'")]
    [InlineData("-o v.csv --text Nope", "'Nope'")]
    [InlineData("-o v.csv --pooling attention", "There are: mean, cls")]
    [InlineData("-o v.csv --normalize --no-normalize", "either --normalize or --no-normalize")]
    [InlineData("-o v.csv --max-length 12", "--max-length 12")]
    [InlineData("-o v.csv --max-length 2", "--max-length 2")]
    [InlineData("-o v.csv --threads -1", "--threads -1")]
    [InlineData("-o v.csv --pretrained nope", "Names: minilm")]
    [InlineData("-o texts.csv --force", "would write over it")]
    [InlineData("", "--out")]
    public void Embed_BadOption_IsOneLineAndNoFile(string options, string expected)
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("texts.csv", "Id,V3,Text\n1,2,a cat\n");
        string[] words = [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.StartsWith('v') || word == "texts.csv" ? folder.File(word) : word)];
        string[] encoder = options.Contains("--pretrained", StringComparison.Ordinal) ? [] : ["--pretrained", SmallEncoder.Folder];
        Refused(CliRun.Of(["embed", data, .. encoder, .. words]), expected);
        Assert.Equal(["texts.csv"], folder.FileNames);
    }

    [Fact]
    public void Embed_StandardInput_IsRefusedWhereItCannotBeMeant()
    {
        using var folder = new TemporaryFolder();
        string[] asked = ["embed", "--pretrained", SmallEncoder.Folder, "-o", folder.File("v.npy")];
        Refused(CliRun.Of(asked), "Give CSV files");
        Refused(CliRun.Piped("", asked), "standard input is empty");
        Refused(CliRun.Piped("a cat\n", [.. asked, "--delimiter", ";"]), "--delimiter says how CSV files are read");
        Refused(CliRun.Piped(Encoding.Latin1.GetBytes("café\n"), asked), "line 1");
        Assert.Empty(folder.FileNames);
        Succeeds(CliRun.Piped(Encoding.Latin1.GetBytes("café\n"), [.. asked, "--encoding", "iso-8859-1"]));
    }

    private static CliRun Embed(string data, string output, params string[] options) => CliRun.Of(["embed", data, "--pretrained", SmallEncoder.Folder, "-o", output, .. options]);

    private static float[] Csv(string path)
    {
        string[][] lines = [.. File.ReadAllLines(path).Select(line => line.Split(','))];
        Assert.Equal(Enumerable.Range(0, SmallEncoder.Width).Select(place => FormattableString.Invariant($"V{place}")), lines[0]);
        return [.. lines[1..].SelectMany(line => line.Select(field => float.Parse(field, CultureInfo.InvariantCulture)))];
    }

    /// <summary>The numbers of a .npy file, read as NumPy's page of the format says.</summary>
    private static float[] Npy(string path, int rows, int width = SmallEncoder.Width)
    {
        byte[] file = File.ReadAllBytes(path);
        int header = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
        Assert.Equal([0x93, .. "NUMPY"u8, 1, 0], file[..8]);
        Assert.Equal(0, (10 + header) % 64);
        string text = Encoding.ASCII.GetString(file, 10, header);
        Assert.Equal(FormattableString.Invariant($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {width}), }}"), text.TrimEnd());
        Assert.EndsWith(" \n", text, StringComparison.Ordinal);
        Assert.Equal(10 + header + rows * width * sizeof(float), file.Length);
        return MemoryMarshal.Cast<byte, float>(file.AsSpan(10 + header)).ToArray();
    }

    private static void Refused(CliRun run, string expected)
    {
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains(expected, run.ErrorMessage, StringComparison.Ordinal);
        Assert.Single(run.ErrorMessage.Split('\n'));
        Assert.DoesNotContain("Parameter", run.ErrorMessage, StringComparison.Ordinal);
    }

    private static CliRun Succeeds(CliRun run)
    {
        Assert.Equal("", run.ExitCode == 0 ? "" : run.Error);
        return run;
    }
}
