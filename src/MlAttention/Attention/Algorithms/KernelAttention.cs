using MlAttention.Architecture;
using MlAttention.Attention.Masks;
using MlAttention.Tensors;
using static MlAttention.Attention.Scalars;
using static TorchSharp.torch;

namespace MlAttention.Attention.Algorithms;

/// <summary>Attention whose score is a product of features, so that keys and values are summed once for all queries.</summary>
/// <remarks>
/// output[i] = f(q_i) (sum over j of f(k_j) v_j^T) / (f(q_i) · sum over j of f(k_j)); causal: the sums run over j &lt;= i.
/// Shapes: features of the queries [B,H,L,M] and of the keys [B,H,S,M], M features. Time and memory O(n M Dv).
/// Source: Katharopoulos et al. 2020, equations 5 and 8 to 12.
/// </remarks>
internal static class KernelAttention
{
    /// <summary>Splits a mask into what kernel attention can do: padding of keys, and causal.</summary>
    /// <exception cref="ArgumentException">The mask has another part.</exception>
    public static (Tensor? RealKeys, bool Causal) Split(AttentionInputs inputs, string algorithm)
    {
        var causal = false;
        AttentionMask? padding = null;
        foreach (var part in inputs.Mask?.Parts ?? [])
        {
            switch (part)
            {
                case CausalMask:
                    causal = true;
                    break;
                case PaddingMask:
                    padding = AttentionMask.Combine(padding, part);
                    break;
                default:
                    throw new ArgumentException($"{algorithm} attention forms no scores to mask: it takes padding and causal masks; got {part.GetType().Name}. Use {nameof(AttentionAlgorithm)}.{nameof(AttentionAlgorithm.Full)} or {nameof(AttentionAlgorithm.Chunked)}.");
            }
        }
        return (padding?.ToTensor(inputs.Query.shape[2], inputs.Key.shape[2], inputs.Query.device).transpose(-2, -1), causal); // [B,1,S,1]
    }

    /// <summary>The values [B,H,S,Dv], some of them dropped: as if each query had dropped its weight of that key.</summary>
    public static Tensor Dropped(AttentionInputs inputs)
    {
        if (inputs.Dropout == 0) return inputs.Value;
        using var scope = NewDisposeScope();
        var kept = DropoutSource.Apply(ones([.. inputs.Value.shape[..3], 1], inputs.Value.dtype, inputs.Value.device), inputs.Dropout); // [B,H,S,1]
        return inputs.Value.mul(kept).MoveToOuterDisposeScope();
    }

    /// <summary>Every query sees every key.</summary>
    public static Tensor Bidirectional(Tensor queryFeatures, Tensor keyFeatures, Tensor value)
    {
        using var scope = NewDisposeScope();
        var state = keyFeatures.transpose(-2, -1).matmul(value);                         // [B,H,M,Dv]
        var total = keyFeatures.sum(-2).unsqueeze(-1);                                   // [B,H,M,1]
        return Divide(queryFeatures.matmul(state), queryFeatures.matmul(total)).MoveToOuterDisposeScope();
    }

    /// <summary>Query i sees the keys up to i: blocks of tokens, the products inside a block masked, what came before as one state.</summary>
    public static Tensor Causal(Tensor queryFeatures, Tensor keyFeatures, Tensor value, int blockSize)
    {
        using var scope = NewDisposeScope();
        long[] heads = queryFeatures.shape[..2];
        var state = zeros([.. heads, queryFeatures.shape[3], value.shape[3]], value.dtype, value.device);
        var total = zeros([.. heads, queryFeatures.shape[3], 1], value.dtype, value.device);
        var (keyBlocks, valueBlocks) = (keyFeatures.Cut(blockSize), value.Cut(blockSize));
        List<Tensor> outputs = [];
        foreach (var q in queryFeatures.Cut(blockSize))
        {
            var (sum, weight) = (q.matmul(state), q.matmul(total));
            if (outputs.Count < keyBlocks.Length)
            {
                var (k, v) = (keyBlocks[outputs.Count], valueBlocks[outputs.Count]);
                var products = q.matmul(k.transpose(-2, -1)).tril();                     // [B,H,l,s]
                (sum, weight) = (sum.add(products.matmul(v)), weight.add(products.sum(-1, keepdim: true)));
                state = state.add(k.transpose(-2, -1).matmul(v));
                total = total.add(k.sum(-2).unsqueeze(-1));
            }
            outputs.Add(Divide(sum, weight));
        }
        return cat(outputs, 2).MoveToOuterDisposeScope();
    }

    /// <summary>A query without any key has weight 0 and gets zeros.</summary>
    private static Tensor Divide(Tensor sum, Tensor weight)
    {
        using var scope = NewDisposeScope();
        var empty = weight.eq(Number(0));
        return sum.div(weight.masked_fill(empty, Number(1))).masked_fill(empty, Number(0)).MoveToOuterDisposeScope();
    }
}
