namespace MlAttention.Cli.Datasets;

/// <summary>
/// A small file with all that makes CSV hard: line breaks and quotes inside quoted fields, CRLF record ends, delimiters in text,
/// letters of several scripts, emoji, leading and trailing spaces, empty cells. Made to test readers, not models.
/// </summary>
internal sealed class MessyDataset() : DatasetGenerator(
    "messy", "quotes, line breaks, CRLF, several scripts and empty cells, to test CSV readers", ["Text", "Label", "Note"], s_patterns.Length)
{
    private static readonly string[][] s_patterns =
    [
        ["Delivery took two days, as promised.", "praise", "comma"],
        ["First line\nsecond line", "praise", "line feed inside quotes"],
        ["Erste Zeile\r\nzweite Zeile", "complaint", "carriage return and line feed inside quotes"],
        ["She said \"never again\" and left", "complaint", "quotes inside quotes"],
        ["\"Perfect\"", "praise", "nothing but a quoted word"],
        ["Café crème, jalapeño, Škoda, žluťoučký kůň", "praise", "Latin letters with marks"],
        ["配達がとても早かった", "praise", "Japanese"],
        ["الشحن كان بطيئا جدا", "complaint", "Arabic"],
        ["Отличный сервис 👍🏽", "praise", "Cyrillic and an emoji of two code points"],
        ["  spaces on both sides  ", "complaint", "leading and trailing spaces"],
        ["", "complaint", "empty text"],
        ["No note here; semicolons are not delimiters", "praise", ""],
        ["tab\tin the text", "complaint", "tab"],
        ["<script>alert('hello')</script> & more", "complaint", "looks like HTML"],
        ["=1+1", "complaint", "looks like a formula"],
        ["cafe\u0301 (combining accent)", "praise", "decomposed letter"],
    ];

    protected override string NewLine => "\r\n";

    protected override bool IsShuffled(int rows) => rows > s_patterns.Length;

    protected override IEnumerable<string[]> Rows(Xoshiro256 random)
    {
        while (true)
            foreach (string[] row in s_patterns) yield return row;
    }
}
