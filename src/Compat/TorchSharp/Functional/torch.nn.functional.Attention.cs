namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// softmax(Q K^T / sqrt(Dh) + mask) V. A boolean mask is true where a query may attend; any other is added to the scores.
            /// </summary>
            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor attn_mask = null, double p = 0, bool is_casual = false)
            {
                if (p < 0)
                    throw new ArgumentException("Dropout probability must be greater than or equal to zero.");
                if (is_casual && attn_mask is not null)
                    throw new ArgumentException("Casual attention masking cannot pass a mask.");

                using DisposeScope scope = NewDisposeScope();
                Tensor scores = (query * (1 / Math.Sqrt(query.size(-1)))).matmul(key.transpose(-2, -1));
                Tensor mask = is_casual ? ones(query.size(-2), key.size(-2), ScalarType.Bool).tril() : attn_mask;
                if (mask is { dtype: ScalarType.Bool })
                    scores = scores.masked_fill(mask.logical_not(), double.NegativeInfinity);
                else if (mask is not null)
                    scores = scores + mask;
                Tensor weights = scores.softmax(-1);
                if (p > 0)
                    weights = dropout(weights, p);
                return weights.matmul(value).MoveToOuterDisposeScope();
            }
        }
    }
}
