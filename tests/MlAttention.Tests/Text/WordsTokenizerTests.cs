using MlAttention.Core.Text;
using MlAttention.Tests.Pipeline;

namespace MlAttention.Tests.Text;

/// <summary>Words, their pieces and where they begin.</summary>
public class WordsTokenizerTests
{
    /// <summary>dog is no word of the vocabulary, and is spelt d ##o ##g; the special tokens stand once around all.</summary>
    [Fact]
    public void Tokenize_PretrainedPieces_TellsTheFirstOfEachWord()
    {
        var options = new TokenizeSequenceOptions { Tokenizer = TokenizerKind.Pretrained, Pretrained = TinyEncoder.Tokenizer() };
        var tokenizer = new WordsTokenizer(options, new Vocabulary(options.Pretrained.Tokens));

        tokenizer.Tokenize(Words("bark", "dog", "", "bone"));

        Assert.Equal(["[CLS]", "bark", "d", "##o", "##g", "bone", "[SEP]"], tokenizer.Keys.ToArray().Select(key => TinyEncoder.Tokens[(int)key - 1]));
        Assert.Equal([2, 3, 0, 6], tokenizer.Starts.ToArray());
    }

    [Fact]
    public void Tokenize_OwnWords_AreSplitByThemselves()
    {
        string[] vocabulary = ["u", ".", "s", "no"];
        var tokenizer = new WordsTokenizer(new TokenizeSequenceOptions { ClsToken = null }, new Vocabulary(vocabulary));

        tokenizer.Tokenize(Words("No", "x", "."));

        Assert.Equal([4u, 0u, 2u], tokenizer.Keys.ToArray());
        Assert.Equal([1, 2, 3], tokenizer.Starts.ToArray());
        tokenizer.Tokenize([]);
        Assert.Empty(tokenizer.Keys.ToArray());
    }

    private static ReadOnlyMemory<char>[] Words(params string[] words) => [.. words.Select(word => word.AsMemory())];
}
