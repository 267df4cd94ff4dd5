using System.CommandLine;
using MlAttention.Cli.Options;

namespace MlAttention.Tests.Cli;

public class OptionWordsTests
{
    private static readonly Command s_train = new("train") { new Option<int>("--epochs"), new Option<string>("--engine"), new Option<int>("--max-length") };

    [Theory]
    [InlineData("TrainingOptions has 2 error(s): Epochs = 0: must be at least 1. LearningRate = -1: must be greater than 0.", "--epochs 0: must be at least 1. learning rate -1: must be greater than 0.")]
    [InlineData("The managed engine (Engine = Managed) needs no native library.", "The managed engine (--engine managed) needs no native library.")]
    [InlineData("Truncated: 3 rows, because MaxLength = 64.", "Truncated: 3 rows, because --max-length 64.")]
    [InlineData("The input column 'MaxLengths' = 3 is kept as it is.", "The input column 'MaxLengths' = 3 is kept as it is.")]
    public void In_MessageOfTheLibrary_NamesTheCommandsOptions(string message, string expected) => Assert.Equal(expected, new OptionWords(s_train).In(message));

    [Fact]
    public void In_CommandWithoutTheOption_NamesItInPlainWords() =>
        Assert.Equal("The managed engine (engine managed) needs no native library.", new OptionWords(new Command("predict")).In("The managed engine (Engine = Managed) needs no native library."));

    [Fact]
    public void In_EveryErrorThatACommandCanCause_NamesNoProperty()
    {
        Action[] causes =
        [
            () => new TrainingOptions { Epochs = 0, BatchSize = 0, Optimizer = new() { LearningRate = 0 }, Patience = -1, Compute = new() { Threads = -1 } }.Validate(),
            () => new AttentionClassifierOptions { ModelWidth = 0, Heads = 0, Layers = 0, FeedForwardWidth = 0, MaxLength = 0, Dropout = 1 }.Validate(),
            () => new AttentionClassifierOptions { ModelWidth = 7, Heads = 4 }.Validate(),
            () => new AblationPlan { Epochs = 0, Patience = 0, BatchSize = 0, LearningRate = 0, TestFraction = 2, EquivalenceMargin = 2, Seeds = [], ClipDistances = [-1] }.Validate(),
            () => new AblationPlan { Model = new SequenceModelOptions { ModelWidth = 7 } }.Validate(),
        ];
        foreach (var cause in causes)
        {
            string message = Assert.Throws<ArgumentException>(cause).Message, words = new OptionWords().In(message);
            Assert.DoesNotMatch(@"\b[A-Z]\w* = |\b[A-Z][a-z]+[A-Z]|error\(s\)", words);
        }
    }
}
