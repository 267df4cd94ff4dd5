using MlAttention.Build;

// PretrainedFolder <assembly with the resources model.onnx and vocab.txt> <folder of the files beside them> <folder to make>
if (args is not [var assembly, var texts, var folder])
{
    Console.Error.WriteLine("PretrainedFolder <assembly with the resources model.onnx and vocab.txt> <folder with the other files> <folder to make>");
    return 2;
}
try
{
    using var resources = new AssemblyResources(assembly);
    var weights = BertWeights.Of(OnnxModel.Read(resources.Read(".model.onnx")));
    foreach (string file in Directory.EnumerateFiles(texts, "*", SearchOption.AllDirectories))
        Write(Path.GetRelativePath(texts, file), stream => stream.Write(File.ReadAllBytes(file)));
    Write("vocab.txt", stream => stream.Write(resources.Read(".vocab.txt").Span));
    Write("model.safetensors", stream => Safetensors.Write(stream, weights));
    Console.WriteLine(FormattableString.Invariant($"{folder}: {weights.Sum(weight => (long)weight.Values.Length) / 4e6:0.0} M weights of {Path.GetFileName(assembly)}"));
    return 0;
}
catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException or BadImageFormatException)
{
    Console.Error.WriteLine($"error MLATT002: {error.Message}"); // which MSBuild shows as an error
    return 1;
}

// Under another name first: who reads the folder meanwhile, or writes the same, sees whole files only.
void Write(string name, Action<Stream> write)
{
    string path = Path.Combine(folder, name), temporary = $"{path}.{Guid.NewGuid():N}.tmp";
    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
    using (var stream = File.Create(temporary)) write(stream);
    File.Move(temporary, path, overwrite: true);
}
