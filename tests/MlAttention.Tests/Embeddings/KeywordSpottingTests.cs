using MlAttention.Examples.KeywordSpotting;
using MlAttention.Tests.Golden;
using static TorchSharp.torch;

namespace MlAttention.Tests.Embeddings;

/// <summary>The example, shortened: a window that reaches the keyword's first sound finds more, and a token hears what it says it hears.</summary>
[Collection(RandomStateCollection.Name)]
public sealed class KeywordSpottingTests
{
    [Fact]
    public void Train_FewSteps_FindsKeywordsOnlyWithTheirPast()
    {
        const int Steps = 120, Part = 10, Sounds = 200;
        var losses = new List<double>();
        using var remembers = Experiment.Train(window: 4, Steps, (_, loss) => losses.Add(loss));
        using var forgets = Experiment.Train(window: 0, Steps);

        Assert.True(losses.TakeLast(Part).Average() < 0.75 * losses.Take(Part).Average(), $"loss {losses.Take(Part).Average()} fell to {losses.TakeLast(Part).Average()} alone");
        var (with, without) = (Experiment.Measure(remembers, 4, Sounds), Experiment.Measure(forgets, 0, Sounds));
        Assert.True(with.RightTokens > without.RightTokens + 0.03, $"{with} against {without}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Forward_Token_HearsItsWindowInEachLayerAndNothingElse(int window)
    {
        const int Token = 20;
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        manual_seed(1);
        using var detector = new KeywordDetector(window);
        int reach = KeywordDetector.Layers * window;
        var energies = KeywordSounds.Batch(1, 0, 1).Energies;
        float[] Logits(int changedToken)
        {
            var changed = energies.clone();
            if (changedToken >= 0) changed.narrow(1, changedToken * KeywordSounds.FramesPerToken, KeywordSounds.FramesPerToken).add_(1);
            return detector.call(changed)[0, Token].contiguous().data<float>().ToArray();
        }
        float[] unchanged = Logits(-1);

        Assert.Equal(unchanged, Logits(Token + 1));
        Assert.Equal(unchanged, Logits(Token - reach - 1));
        Assert.NotEqual(unchanged, Logits(Token - reach));
        Assert.NotEqual(unchanged, Logits(Token));
    }

    [Fact]
    public void Attention_OutsideTheWindow_IsZero()
    {
        using var scope = NewDisposeScope();
        using var detector = new KeywordDetector(window: 3);
        var attention = detector.Attention(KeywordSounds.Batch(1, 0, 1).Energies)[0];
        for (int row = 0; row < KeywordSounds.Tokens; row++)
            for (int column = 0; column < KeywordSounds.Tokens; column++) Assert.Equal(column > row || column < row - 3, attention[row, column].item<float>() == 0);
    }

    [Fact]
    public void Spans_HandSolved_AreRunsOfOneKeyword() =>
        Assert.Equal([(1, 3, 2L), (3, 4, 1L), (5, 6, 1L)], Experiment.Spans([0, 2, 2, 1, 0, 1]));

    [Fact]
    public void Batch_SeedAndNumber_GiveTheSound()
    {
        using var scope = NewDisposeScope();
        var (energies, classes) = KeywordSounds.Batch(3, 0, 50);
        Assert.Equal(KeywordSounds.Batch(3, 7, 1).Energies.data<float>().ToArray(), energies[7].contiguous().data<float>().ToArray());
        Assert.Equal([0, 1, 2, 3, 4], classes.data<long>().ToArray().Distinct().Order());
    }
}
