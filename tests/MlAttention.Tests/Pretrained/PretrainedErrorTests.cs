using System.Text.Json.Nodes;

namespace MlAttention.Tests.Pretrained;

/// <summary>A folder that cannot be read: one error that names the file, what it has, and what is needed or supported.</summary>
public sealed class PretrainedErrorTests
{
    [Theory]
    [InlineData("model_type", "\"t5\"", "'model_type' is \"t5\"; supported are bert, distilbert, roberta, xlm-roberta")]
    [InlineData("model_type", null, "'model_type' is missing; one of bert, distilbert, roberta, xlm-roberta is needed")]
    [InlineData("model_type", "7", "'model_type' is 7; a text is needed")]
    [InlineData("position_embedding_type", "\"relative_key\"", "'position_embedding_type' is \"relative_key\"; \"absolute\" is supported")]
    [InlineData("hidden_act", "\"silu\"", "'hidden_act' is \"silu\"; supported are gelu, gelu_new, gelu_pytorch_tanh and relu")]
    [InlineData("is_decoder", "true", "'is_decoder' is true")]
    [InlineData("pruned_heads", "{\"1\":[0]}", "'pruned_heads'")]
    [InlineData("hidden_size", null, "'hidden_size' is missing")]
    [InlineData("hidden_size", "\"15\"", "'hidden_size' is \"15\"; a whole number from 1")]
    [InlineData("hidden_size", "18", "tensor 'embeddings.word_embeddings.weight' has shape [31,15]; by config.json it must be [31,18]")]
    [InlineData("hidden_size", "2000000000", "'hidden_size' is 2000000000; a whole number from 1 to 10000000")]
    [InlineData("intermediate_size", "8", "tensor 'encoder.layer.0.intermediate.dense.weight' has shape [7,15]; by config.json it must be [8,15]")]
    [InlineData("num_hidden_layers", "3", "the tensor 'encoder.layer.2.attention.self.query.weight' is missing")]
    [InlineData("num_hidden_layers", "9000000", "'num_hidden_layers' is 9000000, and")]
    [InlineData("num_attention_heads", "4", "must be a multiple of Heads = 4")]
    [InlineData("vocab_size", "5", "'vocab_size' is 5, and the tokenizer has 29 tokens")]
    [InlineData("vocab_size", "30", "has shape [31,15]; by config.json it must be [30,15]")]
    [InlineData("max_position_embeddings", "512", "'embeddings.position_embeddings.weight' has shape [11,15]; by config.json it must be [512,15]")]
    [InlineData("max_position_embeddings", "2", "must be at least 3 tokens")]
    [InlineData("type_vocab_size", "3", "'embeddings.token_type_embeddings.weight' has shape [2,15]; by config.json it must be [3,15]")]
    [InlineData("hidden_dropout_prob", "1", "'hidden_dropout_prob' is 1; a probability from 0 to below 1 is needed")]
    [InlineData("layer_norm_eps", "0", "must be greater than 0")]
    [InlineData("layer_norm_eps", "1e999", "'layer_norm_eps' is 1e999; a number is needed")]
    [InlineData("architectures", "\"BertModel\"", "'architectures' is \"BertModel\"; a list of texts is needed")]
    [InlineData("mlattention", "{\"pooling\":\"Cls\"}", "'pooling' is \"Cls\"; First is")]
    [InlineData("mlattention", "{\"head\":\"Cubic\"}", "'head' is \"Cubic\"; one of Linear, Tanh, Relu is needed")]
    [InlineData("mlattention", "{\"head\":\"Tied\"}", "'head' is \"Tied\"; one of Linear, Tanh, Relu is needed")]
    public void Load_Setting_IsNamed(string setting, string? json, string expected)
    {
        using var folder = new CheckpointFolder("bert");
        folder.Set(setting, json);

        Contains(expected, folder);
    }

    [Theory]
    [InlineData("id2label", "{\"0\":\"a\",\"2\":\"b\"}", "a label for each id from 0 to 1 is needed")]
    [InlineData("id2label", "{\"0\":\"a\",\"1\":\"a\"}", "labels that differ are needed")]
    [InlineData("id2label", "{\"0\":\"a\"}", "at least 2 labels are needed, since a head of one output is a regression; to load the encoder alone, take 'architectures' out of config.json")]
    [InlineData("id2label", "{\"0\":\"a\",\"1\":3}", "'1' is 3; a text is needed")]
    [InlineData("id2label", "{\"0\":\"a\",\"1\":\"b\"}", "tensor 'classifier.weight' has shape [3,15]; by config.json it must be [2,15]")]
    [InlineData("problem_type", "\"multi_label_classification\"", "'problem_type' is \"multi_label_classification\"; \"single_label_classification\"")]
    public void Load_SettingOfAClassifier_IsNamed(string setting, string json, string expected)
    {
        using var folder = new CheckpointFolder("bert-classifier");
        folder.Set(setting, json);

        Contains(expected, folder);
    }

    [Fact]
    public void Load_NoFolderOrConfig_SaysWhatIsNeeded()
    {
        using var folder = new CheckpointFolder("bert");
        File.Delete(folder["config.json"]);

        Assert.Contains("config.json: is missing", Assert.Throws<FileNotFoundException>(folder.Load).Message, StringComparison.Ordinal);
        Assert.Contains("nowhere: there is no such folder", Assert.Throws<DirectoryNotFoundException>(() => PretrainedEncoder.Load(folder.Beside("nowhere"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pytorch_model.bin", "it has pytorch_model.bin, and weights are read as safetensors only")]
    [InlineData("tf_model.h5", "it has tf_model.h5")]
    [InlineData("model.onnx", "it has model.onnx")]
    [InlineData("onnx/model.onnx", "it has a folder onnx")]
    [InlineData("README.md", "there is neither this nor model.safetensors.index.json")]
    public void Load_WeightsOfAnotherFormat_SaysHowToConvert(string file, string expected)
    {
        using var folder = new CheckpointFolder("bert");
        Directory.CreateDirectory(Path.GetDirectoryName(folder[file])!);
        File.Move(folder["model.safetensors"], folder[file]);

        string message = Assert.Throws<FileNotFoundException>(folder.Load).Message;

        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains("AutoModel.from_pretrained(folder).save_pretrained(folder)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NeededTensorOfWholeNumbers_IsNamedWithItsFile()
    {
        using var folder = new CheckpointFolder("bert");
        byte[] bytes = File.ReadAllBytes(folder["model.safetensors"]);
        int at = bytes.AsSpan().IndexOf("\"F32\""u8);
        "\"I32\""u8.CopyTo(bytes.AsSpan(at));
        File.WriteAllBytes(folder["model.safetensors"], bytes);

        Contains("model.safetensors: tensor 'embeddings.word_embeddings.weight' has dtype I32; F32, F64, F16 and BF16 can be read", folder);
    }

    [Fact]
    public void Load_MissingTensor_IsNamedWithWhatThereIs()
    {
        using var folder = new CheckpointFolder("distilbert");
        var tensors = SafetensorsFile.Read(folder["model.safetensors"]);
        SafetensorsFile.Write(folder["model.safetensors"], [.. tensors.Where(tensor => !tensor.Name.EndsWith("layer.1.ffn.lin2.bias", StringComparison.Ordinal))]);

        Contains("model.safetensors: the tensor 'distilbert.transformer.layer.1.ffn.lin2.bias' is missing; it has 'distilbert.embeddings.LayerNorm.bias'", folder);
    }

    [Fact]
    public void Load_ShardsAndIndexThatDisagree_SaysWhere()
    {
        const string Index = "model.safetensors.index.json", First = "model-00001-of-00002.safetensors", Bias = "embeddings.LayerNorm.bias";
        Check("model.safetensors.index.json: 'weight_map' is missing; the file of each tensor is needed", json => json.Remove("weight_map"));
        Check("'embeddings.LayerNorm.bias' is \"../x.safetensors\"; the name of a safetensors file of this folder is needed", json => json["weight_map"]![Bias] = "../x.safetensors");
        Check("'embeddings.LayerNorm.bias' is 3; a text is needed", json => json["weight_map"]![Bias] = 3);
        Check($"{First}: has no tensor 'surplus', though model.safetensors.index.json says so", json => json["weight_map"]!["surplus"] = First);
        Check("model.safetensors.index.json: the tensor 'embeddings.LayerNorm.bias' is missing", json => json["weight_map"]!.AsObject().Remove(Bias));

        using var missing = new CheckpointFolder("roberta");
        File.Delete(missing[First]);
        Assert.Contains($"names the file {First}, which is not in the folder", Assert.Throws<FileNotFoundException>(missing.Load).Message, StringComparison.Ordinal);

        static void Check(string expected, Action<JsonObject> change)
        {
            using var folder = new CheckpointFolder("roberta");
            folder.Edit(Index, change);
            Contains(expected, folder);
        }
    }

    [Fact]
    public void Load_ModulesThatAreNotSupported_SaysWhichAre()
    {
        Check("type' is \"sentence_transformers.models.Dense\"; supported are Transformer, Pooling and Normalize", folder => Modules(folder, "\"type\": \"sentence_transformers.models.Pooling\"", "\"type\": \"sentence_transformers.models.Dense\""));
        Check("'path' is \"../1_Pooling\"; the name of a folder is needed", folder => Modules(folder, "1_Pooling", "../1_Pooling"));
        Check("no pooling is true; exactly one of pooling_mode_cls_token, pooling_mode_mean_tokens, pooling_mode_max_tokens, pooling_mode_lasttoken is supported", folder => folder.Edit("1_Pooling/config.json", json => json["pooling_mode_mean_tokens"] = false));
        Check("pooling_mode_cls_token, pooling_mode_mean_tokens; exactly one of", folder => folder.Edit("1_Pooling/config.json", json => json["pooling_mode_cls_token"] = true));
        Check("'max_seq_length' is 2; at least 3 tokens are needed", folder => folder.Edit("sentence_bert_config.json", json => json["max_seq_length"] = 2));
        Check("modules.json: must hold a JSON list of objects", folder => File.WriteAllText(folder["modules.json"], "{}"));

        using var missing = new CheckpointFolder("bert");
        Directory.Delete(missing["1_Pooling"], recursive: true);
        Assert.Contains("is missing, though modules.json names it", Assert.Throws<FileNotFoundException>(missing.Load).Message, StringComparison.Ordinal);

        static void Modules(CheckpointFolder folder, string old, string text) =>
            File.WriteAllText(folder["modules.json"], File.ReadAllText(folder["modules.json"]).Replace(old, text, StringComparison.Ordinal));

        static void Check(string expected, Action<CheckpointFolder> change)
        {
            using var folder = new CheckpointFolder("bert");
            change(folder);
            Contains(expected, folder);
        }
    }

    [Theory]
    [InlineData("{\"model_type\":", "config.json: is not valid JSON")]
    [InlineData("[]", "config.json: must hold a JSON object")]
    [InlineData("", "config.json: is not valid JSON")]
    [InlineData("{\"model_type\":\"\\ud800\"}", "config.json: is not valid JSON")]
    public void Load_DamagedConfig_IsAnError(string text, string expected)
    {
        using var folder = new CheckpointFolder("bert");
        File.WriteAllText(folder["config.json"], text);

        Contains(expected, folder);
    }

    [Fact]
    public void Load_HugeConfig_IsRefusedUnread()
    {
        using var folder = new CheckpointFolder("bert");
        using (var file = File.OpenWrite(folder["config.json"])) file.SetLength(5_000_000_000);

        Contains("takes 5000000000 bytes; at most 16000000 are read", folder);
    }

    private static void Contains(string expected, CheckpointFolder folder)
    {
        string message = Assert.Throws<InvalidDataException>(folder.Load).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.StartsWith(folder.Folder, message, StringComparison.Ordinal);
    }
}
