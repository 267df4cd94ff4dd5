using static TorchSharp.torch;

namespace MlAttention.Benchmarks.Comparison.Contestants;

/// <summary>A model of the folder Peers, trained and scored as a TorchSharp user does it.</summary>
/// <param name="name">Its name in the report.</param>
/// <param name="create">Makes the model; its parameters have the names that ours have.</param>
internal sealed class PeerContestant(string name, Func<Setting, nn.Module<Tensor, Tensor?, Tensor>> create) : IContestant
{
    public string Name => name;

    public Repetition Train(Setting setting)
    {
        var (model, tokens, real, labels) = Load(setting);
        model.train();
        var optimizer = optim.AdamW(model.parameters(), Setting.LearningRate, weight_decay: Setting.WeightDecay);
        return new Repetition(Step, model, tokens, labels, optimizer);

        void Step()
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(model.call(tokens, real), labels);
            loss.backward();
            optimizer.step();
        }
    }

    public Repetition Score(Setting setting, float[] logits)
    {
        var (model, tokens, real, labels) = Load(setting);
        model.eval();
        return new Repetition(Pass, model, tokens, labels);

        void Pass()
        {
            using var inference = inference_mode();
            using var scope = NewDisposeScope();
            model.call(tokens, real).data<float>().CopyTo(logits);
        }
    }

    /// <summary>The model with the setting's weights, tokens [B,L], which of them are real or null for all, and labels [B].</summary>
    private (nn.Module<Tensor, Tensor?, Tensor> Model, Tensor Tokens, Tensor? Real, Tensor Labels) Load(Setting setting)
    {
        var model = create(setting);
        ModuleWeights.Set(model, setting.Weights());
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive); // our copy of the weights shall not count as the peer's memory
        var batch = setting.Batch();
        var tokens = tensor(Array.ConvertAll(batch.Tokens, token => (long)token), [batch.Rows, batch.Length]);
        return (model, tokens, setting.Variable ? tokens.ne(0) : null, tensor(Array.ConvertAll(batch.Labels, label => (long)label)));
    }
}
