using MlAttention.Core.Pretrained;

namespace MlAttention;

/// <summary>
/// A pretrained transformer encoder of a Hugging Face folder, as this library's own architecture and weights: what a classifier is
/// fine-tuned from, and what turns texts into vectors.
/// </summary>
/// <remarks>
/// Families: BERT (also MiniLM, E5, BGE and GTE), DistilBERT, RoBERTa and XLM-RoBERTa; weights as F32, F16 or BF16.
/// Row r of the checkpoint's word embeddings is row r + 1 of <c>embedding.weight</c>: row 0 pads, and the last row, the unknown
/// token's, is zero and never asked for; rows that no token of the tokenizer has are left out. Query, key and value are stacked in
/// <c>in_proj_weight</c>. A folder of sentence-transformers says how tokens become one vector; any other means their mean.
/// </remarks>
public sealed class PretrainedEncoder
{
    /// <summary>An encoder of its parts.</summary>
    /// <exception cref="ArgumentException">The architecture or the weights do not fit.</exception>
    internal PretrainedEncoder(string name, string modelType, SequenceModelOptions architecture, PretrainedTokenizer tokenizer, IReadOnlyList<WeightTensor> weights)
    {
        Name = name;
        ModelType = modelType;
        Architecture = architecture;
        Tokenizer = tokenizer;
        Weights = WeightShape.Match(WeightLayout.Of(architecture, TokenIds.EmbeddingRows(tokenizer.VocabularySize, architecture), classes: 0), weights);
    }

    /// <summary>The folder's name.</summary>
    public string Name { get; }

    /// <summary>The family as config.json names it: "bert", "distilbert", "roberta" or "xlm-roberta".</summary>
    public string ModelType { get; }

    /// <summary>The architecture, with the pooling and the longest sequence that the folder asks for.</summary>
    public SequenceModelOptions Architecture { get; }

    /// <summary>Whether vectors of texts are scaled to length 1, as the folder's modules.json says.</summary>
    public bool Normalizes { get; internal init; }

    /// <summary>The tokenizer that the encoder was trained with: keys of a sequence are its ids + 1.</summary>
    public PretrainedTokenizer Tokenizer { get; }

    /// <summary>The encoder's weights, without a head.</summary>
    public IReadOnlyList<WeightTensor> Weights { get; }

    /// <summary>The labels in the order of the classes, where the folder has a trained classifier; otherwise none.</summary>
    public IReadOnlyList<string> Labels { get; internal init; } = [];

    /// <summary>The weights of the trained classifier's head, where the folder has one; otherwise none.</summary>
    public IReadOnlyList<WeightTensor> HeadWeights { get; internal init; } = [];

    /// <summary>
    /// The weights of the head that predicts masked tokens, where the folder has one (BertForMaskedLM and its like); otherwise none. They are
    /// those of <see cref="HeadKind.TiedTransform"/>.
    /// </summary>
    public IReadOnlyList<WeightTensor> MaskHeadWeights { get; internal init; } = [];

    /// <summary>How the pre-training that made the encoder went, with its perplexity; null for one that was read.</summary>
    public PretrainingSummary? Pretraining { get; internal init; }

    /// <summary>Reads a Hugging Face folder: config.json, the weights as safetensors, and the tokenizer's files.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder lacks a file that is needed.</exception>
    /// <exception cref="InvalidDataException">A file or a tensor is damaged, missing, or of a kind that is not supported; the message names it and what is.</exception>
    public static PretrainedEncoder Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return PretrainedReader.Read(folder, null);
    }

    /// <summary>Reads a Hugging Face folder, with a tokenizer of one's own in place of the folder's.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="tokenizer">The tokenizer; its ids are rows of the checkpoint's word embeddings.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder lacks a file that is needed.</exception>
    /// <exception cref="InvalidDataException">A file or a tensor is damaged, missing, or of a kind that is not supported; the message names it and what is.</exception>
    public static PretrainedEncoder Load(string folder, PretrainedTokenizer tokenizer)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(tokenizer);
        return PretrainedReader.Read(folder, tokenizer);
    }

    /// <summary>
    /// Writes a Hugging Face folder that transformers opens: config.json, model.safetensors as F32, and the tokenizer's files;
    /// <see cref="Load(string)"/> gives the same weights, ids, labels and logits back, equal to the bit.
    /// </summary>
    /// <remarks>
    /// An encoder with the head that predicts masked tokens is written with it, as the family's ...ForMaskedLM.
    /// A classifier whose head is that of the family (the first token, a hidden layer with tanh, or ReLU in DistilBERT) is written as
    /// the family's ...ForSequenceClassification. Any other, such as a linear head over mean pooling, no class of transformers has:
    /// its folder holds the encoder as transformers and sentence-transformers know it, and beside it the head, as tensors
    /// "mlattention.head...." and an entry "mlattention" of config.json, which this library reads. What the encoder does not use, such
    /// as the pooler of an encoder alone, is not there again; transformers fills it in, and the encoder's vectors do not depend on it.
    /// </remarks>
    /// <param name="folder">The folder: new, empty, or one that holds such a model alone, which is replaced. It appears whole or not at all.</param>
    /// <exception cref="ArgumentException">The architecture is not one of the family, such as one with other positions.</exception>
    /// <exception cref="IOException">The folder has other files.</exception>
    /// <exception cref="NotSupportedException">The tokenizer was not made of files.</exception>
    public void SaveHuggingFace(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        HuggingFaceFolder.Write(folder, this);
    }
}
