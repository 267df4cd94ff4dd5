using MlAttention.Core.Managed.Storage;

namespace MlAttention.Tests.Engines.Managed.Kernels;

/// <summary>Weights as the engine stores them, and back.</summary>
public class StoredFormTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void Store_HeadsWithPadding_PutsEachWeightIntoItsTileAndZerosElsewhere(int lanes)
    {
        const int outputs = 7, heads = 3, headWidth = 5;
        int[] rows = StoredForm.Padded(outputs, lanes);
        int[] columns = [.. Enumerable.Range(0, heads).SelectMany(head => StoredForm.Padded(headWidth, lanes).Select(i => i < 0 ? -1 : head * headWidth + i))];
        var form = new StoredForm(lanes, rows, columns);
        float[] real = [.. Enumerable.Range(1, outputs * heads * headWidth).Select(i => (float)i)], stored = new float[form.Count], again = new float[real.Length];
        Array.Fill(stored, float.NaN);                      // what was there before

        form.Store(real, stored);
        form.Restore(stored, again);

        for (int at = 0; at < stored.Length; at++)
        {
            int row = rows[at / lanes % rows.Length], column = columns[at / (lanes * rows.Length) * lanes + at % lanes];
            Assert.Equal(row < 0 || column < 0 ? 0 : real[row * heads * headWidth + column], stored[at]);
        }
        Assert.Equal(real, again);
    }

    [Fact]
    public void Store_Bias_PadsItWithZeros()
    {
        var form = new StoredForm(4, StoredForm.Padded(6, 4));
        float[] stored = new float[form.Count], again = new float[6];

        form.Store([1, 2, 3, 4, 5, 6], stored);
        form.Restore(stored, again);

        Assert.Equal([1, 2, 3, 4, 5, 6, 0, 0], stored);
        Assert.Equal([1, 2, 3, 4, 5, 6], again);
    }
}
