
namespace MlAttention.Cli.Commands;

/// <summary>mlattention write: new texts from a model that train --task nextToken has written.</summary>
internal sealed class WriteCommand : CliCommand
{
    private static readonly GenerationOptions s_defaults = new();
    private readonly Argument<string> _model = new("model") { Description = "A model file that train --task nextToken wrote." };
    private readonly Argument<string> _prompt = new("prompt") { Description = "What each text begins with; by default nothing.", DefaultValueFactory = _ => "", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<int> _count = CommonOptions.Number("--count", "How many texts; the first has the seed of --seed, each other one the next.", 1);
    private readonly Option<double> _temperature = CommonOptions.Number("--temperature", "Below 1 probable words become more probable, above 1 all become more alike; 0 always takes the most probable one.", s_defaults.Temperature);
    private readonly Option<int> _topK = CommonOptions.Number("--top-k", "Only so many of the most probable words may come next; 0 for all.", s_defaults.TopK);
    private readonly Option<double> _topP = CommonOptions.Number("--top-p", "Only the fewest words that together have this probability may come next; 1 for all.", s_defaults.TopP);
    private readonly Option<double> _penalty = CommonOptions.Number("--repetition-penalty", "Makes words less probable that are there already; 1 for not at all.", s_defaults.RepetitionPenalty);
    private readonly Option<int> _ngram = CommonOptions.Number("--no-repeat-ngram", "No run of so many words comes twice; 0 for no such rule.", s_defaults.NoRepeatNgram);
    private readonly Option<int?> _most = CommonOptions.Number<int>("--most-tokens", "Most words to write; by default as many as the model reads.");
    private readonly Option<string[]> _stop = new("--stop") { Description = "Words that end a text, given one by one." };
    private readonly Option<int> _seed = CommonOptions.Seed();

    public WriteCommand(CliConsole console) : base(console, "write", "Write new texts with a model that train --task nextToken wrote, one a line.") =>
        Declare([_model, _prompt, _count, _temperature, _topK, _topP, _penalty, _ngram, _most, _stop, _seed, .. Common]);

    protected override int Run(ParseResult parsed, CancellationToken cancellation)
    {
        Announce(parsed);
        int count = parsed.GetValue(_count);
        if (count < 1) throw new InputException($"{_count.Name} {count}: give at least 1.");
        var options = new GenerationOptions
        {
            Temperature = parsed.GetValue(_temperature),
            TopK = parsed.GetValue(_topK),
            TopP = parsed.GetValue(_topP),
            RepetitionPenalty = parsed.GetValue(_penalty),
            NoRepeatNgram = parsed.GetValue(_ngram),
            MostTokens = parsed.GetValue(_most),
            StopTokens = parsed.GetValue(_stop) ?? [],
        };
        options.Validate();
        var generator = SavedModel.GeneratorOf(SavedModel.Load(new MLContext(seed: 1), parsed.GetValue(_model)!)) is { } step ? step.Generator
            : throw new InputException($"{parsed.GetValue(_model)} holds no model that writes texts; train --task nextToken makes one.");
        string prompt = parsed.GetValue(_prompt)!;
        if (generator.Score(prompt).UnknownTokens is > 0 and var unknown) Console.Error.WriteLine($"warning: {ReportText.Counted(unknown, "word")} of the prompt {(unknown == 1 ? "is" : "are")} not in the model's vocabulary.");
        for (int i = 0; i < count; i++)
        {
            int seed = unchecked(parsed.GetValue(_seed) + i);
            var text = generator.Generate(prompt, options with { Seed = seed }, cancellation);
            Console.Output.WriteLine(Json(parsed) ? JsonSerializer.Serialize(new { text = text.Text, tokens = text.Tokens.Count, stopReason = JsonNamingPolicy.CamelCase.ConvertName(text.StopReason.ToString()), seed }) : text.Text);
        }
        return ExitCode.Success;
    }
}
