namespace MlAttention.Ablation.Reporting;

/// <summary>What a paper says of an ablation: how it was done, and whom to cite.</summary>
internal static class MethodsText
{
    /// <summary>A paragraph on how the report came about.</summary>
    public static string Paragraph(OrderingAblationReport report)
    {
        var (plan, data) = (report.Plan, report.Data);
        string training = plan.PretrainedDetails?.Encoder is { } encoder
            ? $"Each variant was fine-tuned from the pretrained encoder {encoder.Name} ({encoder.Family} family, {Count(encoder.Parameters)} weights)"
            : $"Each variant ({Quantity(plan.Model.Layers, "layer")} of width {plan.Model.ModelWidth}, {plan.Model.Heads} heads of attention) was trained from scratch";
        string level = Number(plan.ConfidenceLevel * 100);
        string tests = plan.Seeds.Count < VerdictWriter.SeedsForP
            ? "With so few seeds no p-values are reported."
            : $"P-values come from exact two-sided sign-flip tests over the seeds, with Holm's correction within each question; equality from two one-sided t tests with a margin of {Quantity(plan.EquivalenceMargin * 100, "point")}.";
        return $"We compared {Counted(report.Variants.Count, "variant")} on {data.Name} ({Count(data.TrainingTexts)} training and {Count(data.TestTexts)} test texts, {Counted(data.Classes.Count, "class", "classes")}). "
            + $"{training} with each of {Counted(plan.Seeds.Count, "seed")}, for at most {Counted(plan.Epochs, "epoch")} in batches of {plan.BatchSize}, with early stopping on {Percent(plan.DevFraction)} of the training texts. "
            + "For one seed all variants share test texts, dev split, order of training texts and the initial weights they have in common, so differences are paired by seed. "
            + $"{level}% intervals come from a two-level bootstrap over {(plan.GroupColumn is null ? "test texts" : "groups of test texts")} and seeds ({Count(plan.BootstrapSamples)} samples). {tests} "
            + $"The runs were made with {report.Environment} on {report.Environment.Processor}.";
    }

    /// <summary>BibTeX entries of the program and of the statistics.</summary>
    public static string BibTeX(OrderingAblationReport report) => $$$"""
        @software{mlattention,
          author = {{The MlAttention developers}},
          title = {MlAttention: attention for {ML.NET}, with an ordering ablation},
          version = {{{{report.Environment.Version}}}},
          year = {{{{report.Created.UtcDateTime.Year.ToString(CultureInfo.InvariantCulture)}}}}
        }
        @inproceedings{bouthillier2021variance,
          author = {Bouthillier, Xavier and Delaunay, Pierre and Bronzi, Mirko and others},
          title = {Accounting for variance in machine learning benchmarks},
          booktitle = {Proceedings of Machine Learning and Systems},
          year = {2021}
        }
        @article{holm1979,
          author = {Holm, Sture},
          title = {A simple sequentially rejective multiple test procedure},
          journal = {Scandinavian Journal of Statistics},
          volume = {6},
          pages = {65--70},
          year = {1979}
        }

        """;
}
