using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Data;
using MlAttention.Pipeline.Persistence;
using MlAttention.Pipeline.Rows;
using MlAttention.Pipeline.Schema;
using MlAttention.Weights;

namespace MlAttention.Pipeline.Layers;

/// <summary>x_i = sqrt(D) · embedding[token_i] (Vaswani et al. 2017, section 3.4).</summary>
internal sealed class EmbeddingLayer(FittedVocabulary vocabulary, int width, float[] vectors) : SequenceLayer
{
    public const string Component = "EmbedTokens";

    private const string WeightName = "embedding.weight";

    public override string ComponentName => Component;

    public override DataViewType OutputType => TokenVectors.TypeOf(width);

    public override void CheckInput(DataViewSchema schema, string columnName) => vocabulary.Check(schema, columnName);

    public override BatchMapper CreateMapper(string inputName, int batchSize) => new Mapper(this, inputName, batchSize);

    public override void Write(StateWriter writer)
    {
        vocabulary.Write(writer);
        writer.Write(width);
        writer.Write([new WeightTensor(WeightName, [vocabulary.Size + 2, width], vectors)]);
    }

    public static EmbeddingLayer Read(StateReader reader)
    {
        var vocabulary = FittedVocabulary.Read(reader);
        var width = reader.ReadWidth();
        var weights = reader.ReadWeights([new(WeightName, [vocabulary.Size + 2, width])]);
        return new EmbeddingLayer(vocabulary, width, weights[0].Values);
    }

    private void Embed(ReadOnlySpan<int> tokens, Span<float> output)
    {
        var scale = MathF.Sqrt(width);
        for (var i = 0; i < tokens.Length; i++)
            System.Numerics.Tensors.TensorPrimitives.Multiply(vectors.AsSpan(tokens[i] * width, width), scale, output[(i * width)..]);
    }

    private sealed class Mapper(EmbeddingLayer layer, string inputName, int batchSize) : BatchMapper
    {
        private readonly int[][] _tokens = new int[batchSize][];
        private readonly int[] _lengths = new int[batchSize];
        private KeyReader.ReadKeys _read = null!;

        public override void Bind(DataViewRow input) => _read = KeyReader.Vector(input, input.Schema[inputName]);

        public override void Read(int slot)
        {
            var keys = _read();
            _lengths[slot] = keys.Length;
            if (_tokens[slot] is null || _tokens[slot].Length < keys.Length) _tokens[slot] = new int[Math.Max(16, keys.Length)];
            SequenceKeys.ToTokens(keys, layer.VocabularySize, _tokens[slot]);
        }

        /// <summary>Vectors are looked up when they are fetched.</summary>
        public override void Run(int count) { }

        public override Delegate MakeGetter(int output, BatchSlot slot) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> destination) =>
        {
            var row = slot.Fetchable();
            var tokens = _tokens[row].AsSpan(0, _lengths[row]);
            var editor = VBufferEditor.Create(ref destination, tokens.Length * layer.Width);
            layer.Embed(tokens, editor.Values);
            destination = editor.Commit();
        });
    }

    private int VocabularySize => vocabulary.Size;

    private int Width => width;
}
