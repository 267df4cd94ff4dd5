using Functional = TorchSharp.torch.nn.functional;

namespace MlAttention.Torch.Engine;

/// <summary>The losses of the tasks in tensor operations: what the objectives of plain C# compute, with gradients by autograd.</summary>
/// <remarks>Each gives one loss a sequence [B]; of tokens the sum over those that have a label.</remarks>
internal static class TorchLoss
{
    /// <summary>The losses [B] of a batch's sequences, without the rows' weights.</summary>
    /// <param name="task">What the model is asked for.</param>
    /// <param name="logits">[B,C], or [B,L,C] of tokens; [P,C] of the predicted ones.</param>
    /// <param name="batch">The batch, with its targets.</param>
    /// <param name="smoothing">The part of a label's probability that is spread evenly.</param>
    public static Tensor Of(TaskKind task, Tensor logits, TokenBatch batch, double smoothing) => task switch
    {
        TaskKind.SingleLabel => Functional.cross_entropy(logits, Labels(batch, logits.device), reduction: nn.Reduction.None, label_smoothing: smoothing),
        TaskKind.MultiLabel => Functional.binary_cross_entropy_with_logits(logits, Indicators(batch, logits, smoothing), reduction: nn.Reduction.None).mean([1]),
        TaskKind.TokenLabels => Functional.cross_entropy(logits.flatten(0, 1), Labels(batch, logits.device), ignore_index: Targets.Ignored, reduction: nn.Reduction.None, label_smoothing: smoothing)
            .view(batch.Rows, batch.Length).sum(1),                                              // [B L] -> [B]
        TaskKind.MaskedTokens or TaskKind.NextToken => zeros(batch.Rows, device: logits.device).index_add(0, Rows(batch, logits.device),
            Functional.cross_entropy(logits, Chosen(batch, logits.device), reduction: nn.Reduction.None, label_smoothing: smoothing), Number(1)),             // [P] -> [B]
        TaskKind.Regression => Functional.mse_loss(logits.squeeze(1), from_array(batch.Targets.Numbers, logits.device), nn.Reduction.None),
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, "This task is not known."),
    };

    /// <summary>The classes int64: [B], or [B L] of tokens.</summary>
    private static Tensor Labels(TokenBatch batch, Device device) => from_array(Array.ConvertAll(batch.Targets.Labels, label => (long)label), device);

    /// <summary>The classes of the places with a label, int64 [P].</summary>
    private static Tensor Chosen(TokenBatch batch, Device device) => from_array(Array.ConvertAll(batch.Targets.LabelledPlaces(), place => (long)batch.Targets.Labels[place]), device);

    /// <summary>The row of each place with a label, int64 [P].</summary>
    private static Tensor Rows(TokenBatch batch, Device device) => from_array(Array.ConvertAll(batch.Targets.LabelledPlaces(), place => (long)(place / batch.Length)), device);

    /// <summary>[B,C]: 1 - s/2 for each label of a row, s/2 for the others.</summary>
    private static Tensor Indicators(TokenBatch batch, Tensor logits, double smoothing)
    {
        var indicators = new float[batch.Rows, logits.shape[1]];
        for (var row = 0; row < batch.Rows; row++)
        {
            for (var c = 0; c < indicators.GetLength(1); c++) indicators[row, c] = (float)(smoothing / 2);
            foreach (var label in batch.Targets.Of(row)) indicators[row, label] = (float)(1 - smoothing / 2);
        }
        return from_array(indicators, logits.device);
    }
}
