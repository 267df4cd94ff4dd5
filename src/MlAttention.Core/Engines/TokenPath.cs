namespace MlAttention.Core.Engines;

/// <summary>
/// Where the rows of a batch stand between other tokens, the baseline, and their own: token t goes in as
/// e(baseline) + share (e(t) - e(baseline)), with e the embedding, before positions and norms.
/// </summary>
/// <param name="Baselines">Token ids [B,L], laid out as the batch's; a token that is its own baseline stays what it is.</param>
/// <param name="Shares">One a row [B]: 0 is the baseline, 1 the row's own tokens.</param>
/// <param name="Slope">Tells what is looked at, by its gradient with respect to the logits.</param>
internal sealed record TokenPath(int[] Baselines, float[] Shares, LogitGradient Slope);

/// <summary>Puts, in place of a row's logits [C], the gradient of some number with respect to them.</summary>
/// <param name="row">The row of the batch.</param>
/// <param name="logits">The logits; afterwards the gradient.</param>
internal delegate void LogitGradient(int row, Span<float> logits);
