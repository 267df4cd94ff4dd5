namespace MlAttention.Packages.Tests;

/// <summary>A model that the tool wrote as ONNX, in a program that has ONNX Runtime and nothing else.</summary>
[Collection(PackagesCollection.Name)]
public sealed class OnnxTests(PackedPackages packages)
{
    private const int Texts = 1000;

    /// <summary>Takes MlAttention from its package: writes the label that the pipeline gives each text, and the text's ids.</summary>
    private const string Writer = """
        using Microsoft.ML;
        using Microsoft.ML.Data;
        using MlAttention;
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Data.TakeRows(ml.Attention().LoadCsv(args[0]), int.Parse(args[1]));
        ITransformer model = ml.Model.LoadAttention(args[2] + ".zip", out _);
        var labels = model.Transform(data).GetColumn<string>("PredictedText");
        var ids = ml.Attention().TokenizeForOnnx(args[2] + ".onnx").Fit(data).Transform(data).GetColumn<long[]>("input_ids");
        File.WriteAllLines("texts.txt", labels.Zip(ids, (label, row) => $"{label}\t{string.Join(' ', row)}"));
        """;

    /// <summary>Has ONNX Runtime alone: gives the label of each text's ids, in padded batches.</summary>
    private const string Reader = """
        using System.Text.Json;
        using Microsoft.ML.OnnxRuntime;
        using var session = new InferenceSession(args[0] + ".onnx");
        string[] labels = JsonSerializer.Deserialize<string[]>(session.ModelMetadata.CustomMetadataMap["mlattention.labels"])!;
        foreach (long[][] batch in File.ReadLines("texts.txt").Select(line => line.Split('\t')[1].Split(' ').Select(long.Parse).ToArray()).Chunk(8))
        {
            int length = batch.Max(row => row.Length);
            long[] ids = new long[batch.Length * length], mask = new long[ids.Length];
            for (int row = 0; row < batch.Length; row++)
            {
                batch[row].CopyTo(ids, row * length);
                mask.AsSpan(row * length, batch[row].Length).Fill(1);
            }
            using var idsValue = OrtValue.CreateTensorValueFromMemory(ids, [batch.Length, length]);
            using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, [batch.Length, length]);
            using var run = new RunOptions();
            using var outputs = session.Run(run, ["input_ids", "attention_mask"], [idsValue, maskValue], ["logits"]);
            float[] logits = outputs[0].GetTensorDataAsSpan<float>().ToArray();
            foreach (float[] row in logits.Chunk(labels.Length)) Console.WriteLine(labels[Array.IndexOf(row, row.Max())]);
        }
        """;

    [Theory]
    [InlineData("nothing")]
    [InlineData("pretrained")]
    public void Export_Onnx_GivesThePipelinesLabelsInOnnxRuntimeAlone(string model)
    {
        string folder = packages.NewFolder("onnx-" + model), path = Path.Combine(packages.Models.Folder, model), data = Path.Combine(Repository.Root, "datasets", "keyword_topics.csv");

        Run(folder, "Writer", Writer, $"""<PackageReference Include="MlAttention" Version="{packages.Version}" />""", data, $"{Texts}", path);
        string output = Run(folder, "Reader", Reader, $"""<PackageReference Include="Microsoft.ML.OnnxRuntime" Version="{Repository.OnnxRuntimeVersion}" />""", path);

        string[] expected = [.. File.ReadLines(Path.Combine(folder, "texts.txt")).Select(line => line.Split('\t')[0])];
        Assert.Equal(Texts, expected.Length);
        Assert.True(expected.Distinct().Count() > 1, "Every text has the same label.");
        Assert.Equal(expected, output.TrimEnd().Split('\n').Select(line => line.TrimEnd('\r')));
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "Reader", "built"), "*MlAttention*", SearchOption.AllDirectories));
    }

    /// <summary>Builds a program and runs it in the folder.</summary>
    private string Run(string folder, string name, string code, string reference, params string[] arguments)
    {
        string project = Directory.CreateDirectory(Path.Combine(folder, name)).FullName, built = Path.Combine(project, "built");
        File.WriteAllText(Path.Combine(project, "Program.cs"), code);
        File.WriteAllText(Path.Combine(project, name + ".csproj"), ReadmeApplication.Project(packages, "Exe", reference));
        Shell.Dotnet(project, "build", "-o", built, "--disable-build-servers", "-tl:off");
        return Shell.Program("dotnet", folder, [Path.Combine(built, name + ".dll"), .. arguments]);
    }
}
