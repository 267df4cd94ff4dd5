namespace MlAttention;

/// <summary>Gives each object a query of its own so that the sum of the costs is the lowest there is.</summary>
/// <remarks>
/// Objects come one after another. For each, Dijkstra's search finds the cheapest way to a free query, on which matched objects may
/// move to another query; prices of objects and queries, changed after each search, keep all reduced costs
/// cost[q,o] - price[o] - price[q] at 0 or above, and those of matched pairs at 0, so that every matching on the way is optimal.
/// Time O(objects² queries). Among equal sums the result depends on the order of the numbers alone.
/// Source: Kuhn 1955 and Munkres 1957; by shortest paths: Jonker and Volgenant 1987, in the form of Crouse 2016.
/// </remarks>
public static class HungarianMatching
{
    private const double LargestCost = 1e300; // sums and differences of such costs are finite
    private const int None = -1;

    /// <summary>The cheapest matching.</summary>
    /// <param name="costs">What it costs to give an object to a query, [queries,objects]; at least as many queries as objects.</param>
    /// <returns>The query of each object.</returns>
    /// <exception cref="ArgumentException">There are more objects than queries, or a cost is NaN, infinite or beyond ±1e300.</exception>
    public static int[] Match(double[,] costs)
    {
        Require(costs);
        var (queries, objects) = (costs.GetLength(0), costs.GetLength(1));
        var (objectPrices, queryPrices) = (new double[objects], new double[queries]);
        var objectOf = new int[queries];
        Array.Fill(objectOf, None);
        for (var o = 0; o < objects; o++) Place(o, costs, objectPrices, queryPrices, objectOf);

        var queryOf = new int[objects];
        for (var q = 0; q < queries; q++)
            if (objectOf[q] != None) queryOf[objectOf[q]] = q;
        return queryOf;
    }

    private static void Place(int placed, double[,] costs, double[] objectPrices, double[] queryPrices, int[] objectOf)
    {
        var queries = objectOf.Length;
        var distance = new double[queries];   // of the cheapest known way from the placed object to each query
        var previous = new int[queries];      // the query before it on that way
        var isDone = new bool[queries];
        Array.Fill(distance, double.PositiveInfinity);
        var (end, length, o) = (None, 0.0, placed);
        do
        {
            var nearest = None;
            for (var q = 0; q < queries; q++)
            {
                if (isDone[q]) continue;
                var way = length + costs[q, o] - objectPrices[o] - queryPrices[q];
                if (way < distance[q]) (distance[q], previous[q]) = (way, end);
                if (nearest == None || distance[q] < distance[nearest]) nearest = q;
            }
            (end, length) = (nearest, distance[nearest]);
            isDone[end] = true;
            o = objectOf[end];
        }
        while (o != None);

        objectPrices[placed] += length;
        for (var q = 0; q < queries; q++)
        {
            if (!isDone[q] || objectOf[q] == None) continue;
            objectPrices[objectOf[q]] += length - distance[q];
            queryPrices[q] -= length - distance[q];
        }
        for (; previous[end] != None; end = previous[end]) objectOf[end] = objectOf[previous[end]];
        objectOf[end] = placed;
    }

    private static void Require(double[,] costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        var (queries, objects) = (costs.GetLength(0), costs.GetLength(1));
        if (objects > queries)
            throw new ArgumentException($"costs has {objects} objects for {queries} queries: each object needs a query of its own. Use at least as many queries as an image can have objects.", nameof(costs));
        for (var q = 0; q < queries; q++)
            for (var o = 0; o < objects; o++)
                if (!(Math.Abs(costs[q, o]) <= LargestCost))
                    throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"costs[{q},{o}] is {costs[q, o]}; a cost must be a number from -1e300 to 1e300. Look at what computes it: a diverged training, or a division by 0."), nameof(costs));
    }
}
