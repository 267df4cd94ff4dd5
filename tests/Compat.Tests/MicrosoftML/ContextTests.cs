using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace Compat.Tests.MicrosoftML;

public class ContextTests
{
    [Fact]
    public void Channel_Messages_ReachTheLogWithSourceAndKind()
    {
        var ml = new MLContext(1);
        var messages = new List<LoggingEventArgs>();
        ml.Log += (_, message) => messages.Add(message);

        IHost host = ((IHostEnvironment)ml).Register("Trainer");
        using (IChannel channel = host.Start("Training"))
        {
            channel.Info(MessageSensitivity.None, "epoch {0}", 3);
            channel.Warning(MessageSensitivity.None, "slow {braces}");
        }

        LoggingEventArgs info = Assert.Single(messages, message => message.Kind == ChannelMessageKind.Info);
        Assert.Equal("Trainer; Training", info.Source);
        Assert.Equal("epoch 3", info.RawMessage);
        Assert.Equal("[Source=Trainer; Training, Kind=Info] epoch 3", info.Message);
        Assert.Equal("slow {braces}", Assert.Single(messages, message => message.Kind == ChannelMessageKind.Warning).RawMessage);
        Assert.Contains(messages, message => message.Kind == ChannelMessageKind.Trace);
    }

    [Fact]
    public void Register_SameSeed_GivesTheSameRandomNumbers()
    {
        static int[] Draw(int? seed, int? hostSeed)
        {
            IHost host = ((IHostEnvironment)new MLContext(seed)).Register("Trainer", hostSeed);
            return [host.Rand.Next(), host.Rand.Next(), host.Rand.Next()];
        }

        Assert.Equal(Draw(3, null), Draw(3, null));
        Assert.NotEqual(Draw(3, null), Draw(4, null));
        Assert.Equal(Draw(3, 9), Draw(4, 9));
    }

    [Fact]
    public void Register_OneAfterTheOther_GivesDifferentRandomNumbers()
    {
        IHostEnvironment environment = new MLContext(1);

        Assert.NotEqual(environment.Register("A").Rand.Next(), environment.Register("A").Rand.Next());
    }

    [Fact]
    public void StartProgressChannel_Anything_IsAccepted()
    {
        IHost host = ((IHostEnvironment)new MLContext(1)).Register("Trainer");
        using IProgressChannel channel = ((IProgressChannelProvider)host).StartProgressChannel("Training");

        channel.SetHeader(new ProgressHeader(["loss"], ["epochs"]), entry => entry.SetProgress(0, 1, 5));
        channel.Checkpoint(0.5, 1);
    }
}
