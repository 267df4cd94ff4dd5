using MlAttention.Tests.Encoders;
using TorchSharp;
using static TorchSharp.torch;

namespace MlAttention.Tests.Decoding;

public sealed class SequenceDecodingTests
{
    private static readonly SequenceModelOptions _options = new() { ModelWidth = 6, Heads = 3, Layers = 1, FeedForwardWidth = 7, Dropout = 0 };

    [Fact]
    public void Decode_Greedy_IsTheLargestLogitEachTime()
    {
        using var scope = NewDisposeScope();
        using var model = SequenceToSequenceTests.Model(_options).WithNumbers(scale: 1.5);
        var (source, mask) = (Source(), LayerChecks.Mask(3, 3, 2, 1));

        var found = model.Decode(source, mask, BeamSearchOptions.Greedy with { MaxLength = 7 });

        for (var row = 0; row < 3; row++)
        {
            List<long> prefix = [model.StartToken];
            while (prefix.Count <= 7 && Largest(row, prefix) is var token && token != model.EndToken) prefix.Add(token);
            Assert.Equal(prefix.Skip(1), found[row][0].Tokens.Select(token => (long)token));
        }
        Assert.True(found.Select(row => string.Join(' ', row[0].Tokens)).Distinct().Count() > 1);

        long Largest(int row, List<long> prefix) =>
            model.call(source.narrow(0, row, 1), mask.narrow(0, row, 1), tensor(prefix.ToArray()).unsqueeze(0))[0][-1].argmax().item<long>() + 1;
    }

    [Fact]
    public void Decode_WidestBeam_FindsTheTargetThatTeacherForcingFindsMostProbable()
    {
        using var scope = NewDisposeScope();
        using var model = SequenceToSequenceTests.Model(_options);
        var (source, mask) = (Source(), LayerChecks.Mask(3, 3, 2, 1));

        var found = model.Decode(source, mask, new() { Width = 125, MaxLength = 2, LengthNormalization = 0 });

        for (var row = 0; row < 3; row++)
        {
            var best = All().MaxBy(tokens => LogProbability(row, tokens))!;
            Assert.Equal(best.TakeWhile(token => token != model.EndToken), found[row][0].Tokens.Select(token => (long)token));
            Assert.Equal(LogProbability(row, best), found[row][0].LogProbability, 1e-5);
        }

        IEnumerable<long[]> All()
        {
            yield return [5];
            for (var first = 1; first < 5; first++)
            {
                yield return [first, 5];
                for (var second = 1; second < 5; second++) yield return [first, second];
            }
        }

        double LogProbability(int row, long[] tokens)
        {
            var logits = model.call(source.narrow(0, row, 1), mask.narrow(0, row, 1), tensor((long[])[model.StartToken, .. tokens[..^1]]).unsqueeze(0))[0];
            return tokens.Select((token, place) => (double)nn.functional.log_softmax(logits, 1)[place][token - 1].item<float>()).Sum();
        }
    }

    [Fact]
    public void Decode_LeavesNoTensors()
    {
        using var scope = NewDisposeScope();
        using var model = SequenceToSequenceTests.Model(_options);
        var (source, mask) = (Source(), LayerChecks.Mask(3, 3, 2, 1));
        model.Decode(source, mask);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        model.Decode(source, mask);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static Tensor Source() => tensor(new long[,] { { 3, 1, 4 }, { 2, 7, 0 }, { 5, 0, 0 } });
}
