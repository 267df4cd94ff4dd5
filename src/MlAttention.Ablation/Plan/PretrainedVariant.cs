namespace MlAttention;

/// <summary>
/// What is done to the order of words, or to the positions, of a pretrained encoder. The first eight are trained, and tested on texts like
/// those they were trained on: differences between them are what order is worth. The others change nothing but the test of
/// <see cref="Ordered"/>: what they lose is dependence, which mixes missing order with input unlike any that was trained on.
/// </summary>
public enum PretrainedVariant
{
    /// <summary>Texts in order, pretrained positions: what the others are compared with.</summary>
    Ordered,
    /// <summary>No positions: as with a table that is zero and stays so. Blind to order (Rau 2022).</summary>
    Zero,
    /// <summary>One learned vector, the table's mean at first, for every position. Blind to order; what it differs from <see cref="Zero"/> in is a shift of the input, not order.</summary>
    Constant,
    /// <summary>The table of positions drawn anew, as spread as it was, and trained: order is there, what pretraining knew of positions is not.</summary>
    Fresh,
    /// <summary>Words shuffled anew in each epoch and at test, positions as pretrained; punctuation moves too.</summary>
    Shuffled,
    /// <summary>Words in alphabetical order in training and test: no order is left, and no noise of shuffling comes in.</summary>
    Sorted,
    /// <summary>As <see cref="Shuffled"/>, but punctuation stays where it is.</summary>
    ShuffledAroundPunctuation,
    /// <summary>As <see cref="Shuffled"/>, but the pieces of words are shuffled, so that even the order within words is lost.</summary>
    ShuffledPieces,
    /// <summary>Words shuffled at test; punctuation moves too.</summary>
    TestShuffled,
    /// <summary>Words shuffled at test; punctuation stays where it is.</summary>
    TestShuffledAroundPunctuation,
    /// <summary>Pieces of words shuffled at test.</summary>
    TestShuffledPieces,
    /// <summary>Runs of two words stay together at test, in random order.</summary>
    TestRunsOf2,
    /// <summary>Runs of three words stay together at test, in random order.</summary>
    TestRunsOf3,
    /// <summary>Runs of four words stay together at test, in random order.</summary>
    TestRunsOf4,
    /// <summary>Words shuffled at test within windows of three.</summary>
    TestWindowsOf3,
    /// <summary>Words shuffled at test within windows of five.</summary>
    TestWindowsOf5,
    /// <summary>Words shuffled at test within windows of ten.</summary>
    TestWindowsOf10,
    /// <summary>No positions at test.</summary>
    TestZero,
    /// <summary>Positions 100 later at test; order is all there. Left out where the encoder's table is too short.</summary>
    TestShifted,
}
