namespace MlAttention;

/// <summary>A rectangle in an image, in shares of the image's width and height: 0 is the left or upper edge, 1 the right or lower one.</summary>
/// <param name="CentreX">Its centre from the left.</param>
/// <param name="CentreY">Its centre from above.</param>
/// <param name="Width">Its width.</param>
/// <param name="Height">Its height.</param>
public readonly record struct Box(double CentreX, double CentreY, double Width, double Height)
{
    /// <summary>The left edge.</summary>
    public double Left => CentreX - Width / 2;

    /// <summary>The upper edge.</summary>
    public double Top => CentreY - Height / 2;

    /// <summary>The right edge.</summary>
    public double Right => CentreX + Width / 2;

    /// <summary>The lower edge.</summary>
    public double Bottom => CentreY + Height / 2;

    /// <summary>The box between four edges.</summary>
    public static Box Between(double left, double top, double right, double bottom) => new((left + right) / 2, (top + bottom) / 2, right - left, bottom - top);

    /// <summary>Intersection over union: the area that two boxes share, as a share of the area that they cover together.</summary>
    /// <param name="other">The other box.</param>
    /// <returns>From 0, they share nothing, to 1, they are equal.</returns>
    public double Iou(Box other)
    {
        var width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left);
        var height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        if (width <= 0 || height <= 0) return 0;
        var shared = width * height;
        return shared / (Width * Height + other.Width * other.Height - shared);
    }
}

/// <summary>One object of an image: what a detector is to find.</summary>
/// <param name="Class">Its class, from 0.</param>
/// <param name="Box">Where it is.</param>
public record ImageObject(int Class, Box Box);

/// <summary>One object that a detector has found.</summary>
/// <param name="Class">Its most probable class, from 0.</param>
/// <param name="Box">Where it is.</param>
/// <param name="Score">The probability of the class.</param>
/// <param name="Query">The query that found it, from 0.</param>
public sealed record DetectedObject(int Class, Box Box, double Score, int Query = 0) : ImageObject(Class, Box);
