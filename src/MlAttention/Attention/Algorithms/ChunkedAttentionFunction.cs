using static TorchSharp.torch;

namespace MlAttention.Attention.Algorithms;

/// <summary>
/// Chunked attention as one node of autograd. Arguments: the chunks, query, key, value, then the parameters of score and positions.
/// It keeps query, key, value, output [B,H,L,Dv] and log-sum-exp [B,H,L,1].
/// </summary>
internal sealed class ChunkedAttentionFunction : autograd.SingleTensorFunction<ChunkedAttentionFunction>
{
    private const string Chunks = "chunks";

    public override string Name => nameof(ChunkedAttentionFunction);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var chunks = (AttentionChunks)vars[0];
        var (query, key, value) = ((Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3]);
        var (output, logSumExp) = chunks.Forward(query, key, value);
        ctx.save_data(Chunks, chunks);
        ctx.save_for_backward([query, key, value, output.detach().MoveToOuterDisposeScope(), logSumExp.MoveToOuterDisposeScope()]);
        return output.MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var chunks = (AttentionChunks)ctx.get_data(Chunks);
        var saved = ctx.get_saved_variables();
        var gradients = chunks.Backward(saved[0], saved[1], saved[2], saved[3], saved[4], grad_output);
        foreach (var gradient in gradients) gradient.MoveToOuterDisposeScope();
        return [null!, .. gradients];
    }
}
