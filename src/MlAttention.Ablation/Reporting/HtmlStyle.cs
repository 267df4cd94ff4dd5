using System.Text.RegularExpressions;

namespace MlAttention.Ablation.Reporting;

/// <summary>The page's style: light and dark, narrow and wide, screen and print.</summary>
internal static class HtmlStyle
{
    /// <summary>The style sheet. Series colours are those of Okabe and Ito (2008), lightened for dark mode.</summary>
    public const string Css = """
        :root { --ink: #1b1f24; --faint: #5b6572; --line: #d5dae0; --paper: #ffffff; --panel: #f5f7f9; --band: #e3e8ee; --link: #0060a0;
          --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #b0508a; --c4: #b07d00; --c5: #3a93c9; --c6: #6b5bb5; --c7: #555d66; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e8ebee; --faint: #a3adb8; --line: #3a424b; --paper: #14181c; --panel: #1d2329; --band: #2b333b; --link: #8ac7f2;
            --c0: #56b4e9; --c1: #ff9150; --c2: #35c99d; --c3: #e39bc4; --c4: #f0c24b; --c5: #9ad2f3; --c6: #b3a7ef; --c7: #b4bcc5; } }
        @media print {
          :root { --ink: #000000; --faint: #444444; --line: #bbbbbb; --paper: #ffffff; --panel: #ffffff; --band: #eeeeee; --link: #0060a0;
            --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #b0508a; --c4: #b07d00; --c5: #3a93c9; --c6: #6b5bb5; --c7: #555d66; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", "Noto Sans", sans-serif; }
        main, body > header, body > footer { max-width: 1080px; margin: 0 auto; padding: 0 1rem; } body { padding: 1rem 0; }
        h1 { font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; } h2 { font-size: 1.15rem; margin: 2rem 0 0.5rem; }
        h1 { margin: 0 0 0.25rem; } .strip { color: var(--faint); font-size: 0.875rem; margin: 0 0 0.75rem; overflow-wrap: anywhere; }
        nav { font-size: 0.875rem; margin: 1rem 0; } nav a { color: var(--link); margin-right: 0.9rem; display: inline-block; }
        .summary { display: grid; grid-template-columns: minmax(0, 1.1fr) minmax(0, 1fr); gap: 1rem; margin-top: 0.75rem; align-items: start; }
        .tiles { display: grid; grid-template-columns: 1fr 1fr; gap: 0.75rem; margin: 0 0 0.75rem; }
        .tiles div { display: flex; flex-direction: column-reverse; justify-content: flex-end; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 0.6rem 0.75rem; }
        .tiles dt { color: var(--faint); font-size: 0.8125rem; line-height: 1.35; } .tiles dd { margin: 0; font-size: 1.35rem; line-height: 1.25; font-weight: 650; }
        pre { overflow-x: auto; font-size: 0.75rem; } details { margin: 0.75rem 0; } summary { cursor: pointer; font-weight: 600; }
        .tools { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 0 0 0.4rem; } .tools button, .tools input, .tools select { font: inherit; font-size: 0.8125rem; color: var(--ink); background: var(--panel); border: 1px solid var(--faint); border-radius: 4px; padding: 0.15rem 0.5rem; }
        th button { font: inherit; font-weight: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-align: inherit; } th[aria-sort=ascending] button::after { content: " \2191" / ""; } th[aria-sort=descending] button::after { content: " \2193" / ""; }
        footer { color: var(--faint); font-size: 0.8125rem; } body > footer { margin-top: 2rem; }
        .verdict { font-size: 1.15rem; border-left: 4px solid var(--c0); background: var(--panel); padding: 0.75rem 1rem; margin: 0; }
        ul { padding-left: 1.2rem; } li { margin: 0.3rem 0; overflow-wrap: anywhere; }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 1rem; align-items: start; } #figure-accuracy { grid-row: span 2; }
        figure { margin: 0; padding: 0.75rem; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; }
        figure.alone { max-width: 760px; }
        figcaption { font-weight: 600; margin-bottom: 0.5rem; }
        svg { display: block; width: 100%; height: auto; }
        svg text { fill: var(--ink); font: 11.5px system-ui, "Segoe UI", "Noto Sans", sans-serif; } svg text.small { font-size: 10.5px; fill: var(--faint); } svg text.heading { font-weight: 600; }
        .paper { display: none; font-size: 0.8125rem; color: var(--faint); }
        @media (max-width: 760px) { .summary { grid-template-columns: minmax(0, 1fr); } .summary > figure { order: 2; } }
        @media (max-width: 480px) { main, body > header, body > footer { padding: 0 0.6rem; } figure { padding: 0.4rem; } svg text { font-size: 13px; } svg text.small { font-size: 12px; } }
        div.schemes { display: flex; flex-wrap: wrap; gap: 0.4rem; padding: 0.4rem 0; background: var(--paper); } div.schemes[hidden] { display: none; } div.schemes svg { width: 12px; height: 12px; }
        div.schemes button { display: inline-flex; align-items: center; gap: 0.35rem; font: inherit; font-size: 0.8125rem; color: var(--ink); background: var(--panel); border: 1px solid var(--faint); border-radius: 999px; padding: 0.1rem 0.65rem; cursor: pointer; }
        div.schemes button[hidden] { display: none; } div.schemes button[aria-pressed=false] { color: var(--faint); background: none; text-decoration: line-through; } div.schemes button[aria-pressed=false] svg { opacity: 0.3; }
        @media (min-width: 761px) { html { scroll-padding-top: 3rem; } div.schemes { position: sticky; top: 0; z-index: 1; } }
        g.off, tr.off, figure.off { display: none; } svg .pointed { stroke: var(--ink); stroke-width: 2; } figure svg:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
        div.note { position: fixed; z-index: 2; max-width: min(20rem, 90vw); padding: 0.25rem 0.5rem; font-size: 0.8125rem; line-height: 1.35; color: var(--paper); background: var(--ink); border-radius: 4px; overflow-wrap: anywhere; pointer-events: none; } div.note:empty { padding: 0; }
        .axis { stroke: var(--ink); } .grid { stroke: var(--line); } .reference { stroke: var(--faint); stroke-dasharray: 4 3; } .band { fill: var(--band); }
        .interval { stroke: var(--ink); stroke-width: 1.6; } .seed { stroke: var(--faint); } .curve { fill: none; stroke-width: 1.6; } .hatch { stroke: var(--ink); stroke-opacity: 0.45; }
        .f0 { fill: var(--c0); } .f1 { fill: var(--c1); } .f2 { fill: var(--c2); } .f3 { fill: var(--c3); } .f4 { fill: var(--c4); } .f5 { fill: var(--c5); } .f6 { fill: var(--c6); } .f7 { fill: var(--c7); } .f8 { fill: var(--ink); } .neutral { fill: var(--faint); }
        .h0, .h1, .h2, .h3, .h4, .h5, .h6, .h7, .h8 { fill: var(--panel); stroke-width: 1.6; } .h0 { stroke: var(--c0); } .h1 { stroke: var(--c1); } .h2 { stroke: var(--c2); } .h3 { stroke: var(--c3); } .h4 { stroke: var(--c4); } .h5 { stroke: var(--c5); } .h6 { stroke: var(--c6); } .h7 { stroke: var(--c7); } .h8 { stroke: var(--ink); }
        .s0 { stroke: var(--c0); } .s1 { stroke: var(--c1); stroke-dasharray: 7 2; } .s2 { stroke: var(--c2); } .s3 { stroke: var(--c3); stroke-dasharray: 2 2; }
        .s4 { stroke: var(--c4); } .s5 { stroke: var(--c5); stroke-dasharray: 7 2; } .s6 { stroke: var(--c6); stroke-dasharray: 12 3 2 3; } .s7 { stroke: var(--c7); stroke-dasharray: 5 4; } .s8 { stroke: var(--ink); }
        .table { overflow-x: auto; } table { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
        th, td { padding: 0.3rem 0.6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; max-width: 30rem; overflow-wrap: break-word; } tbody th { font-weight: 500; }
        thead th { border-bottom: 2px solid var(--faint); white-space: nowrap; } table:has(tr[data-kind]) thead th { white-space: normal; } td.number, th.number { text-align: right; }
        #playground .words { display: flex; flex-wrap: wrap; gap: 0.35rem; list-style: none; padding: 0; margin: 0.5rem 0; } #playground .words li { margin: 0; }
        #playground .words button { font: inherit; color: var(--ink); background: var(--panel); border: 1px solid var(--faint); border-radius: 6px; padding: 0.25rem 0.6rem; min-height: 2rem; cursor: grab; touch-action: none; user-select: none; overflow-wrap: anywhere; }
        #playground .words button.unknown { border: 2px dashed var(--faint); font-style: italic; } #playground .words button:focus-visible { outline: 3px solid var(--link); outline-offset: 1px; }
        #playground .tools select { max-width: 100%; width: 18rem; } #playground .tools input { flex: 1 1 14rem; min-width: 0; } #playground > p { margin: 0.3rem 0; }
        #playground .models { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); gap: 1rem; margin-top: 0.75rem; } #playground .models > div { min-width: 0; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 0.75rem; }
        #playground h3 { font-size: 1rem; margin: 0; padding-left: 0.5rem; border-left: 0.6rem solid; } #playground .answer { font-size: 1.2rem; font-weight: 650; margin: 0.3rem 0; overflow-wrap: anywhere; }
        #playground .models ul { list-style: none; padding: 0; margin: 0; font-size: 0.875rem; } #playground .models li { display: grid; grid-template-columns: minmax(3rem, 8rem) 1fr 3.6rem; gap: 0.5rem; align-items: center; margin: 0.15rem 0; }
        #playground .models li span:nth-child(2) { position: relative; height: 0.9rem; background: var(--band); } #playground .models li span:last-child { text-align: right; font-variant-numeric: tabular-nums; }
        #playground .models i { display: block; height: 100%; } #playground .models b { position: absolute; top: -3px; bottom: -3px; width: 2px; margin-left: -1px; background: var(--ink); }
        #playground .models p:not(.answer) { font-size: 0.875rem; margin: 0.4rem 0; min-height: 2.7em; }
        @page { size: A4 portrait; margin: 10mm 12mm; }
        @media print { body { font-size: 9pt; line-height: 1.3; } body { padding: 0; } main, body > header, body > footer { max-width: none; padding: 0 1px; } .strip, .paper, body > footer { font-size: 8pt; } figure, tr { break-inside: avoid; } h1 { font-size: 15pt; } h2 { break-after: avoid; font-size: 10.5pt; margin: 0.7rem 0 0.2rem; }
          nav, .tools, div.schemes, div.note, .screen { display: none; } p.paper { display: block; } details::details-content { content-visibility: visible; block-size: auto; } details { margin: 0.4rem 0; } ul { margin: 0.2rem 0; } li { margin: 0.1rem 0; } p { margin: 0.3rem 0; }
          .verdict { font-size: 1.05rem; padding: 0.4rem 0.7rem; } .summary { display: block; margin-top: 0.4rem; } .summary > figure { float: right; width: 52%; margin: 0 0 0.4rem 0.7rem; } .tiles { gap: 0.4rem; } .tiles div { padding: 0.3rem 0.5rem; } .tiles dt { font-size: 0.75rem; } .tiles dd { font-size: 1.1rem; }
          .figures { grid-template-columns: repeat(6, 1fr); grid-auto-flow: row dense; gap: 0.4rem; } .figures figure { grid-column: span 3; } .figures figure[id^=figure-attention] { grid-column: span 2; } figure { padding: 0.2rem 0.3rem; } figcaption { margin-bottom: 0; font-size: 8pt; }
          .table { overflow: visible; } table { width: 100%; font-size: 6.5pt; line-height: 1.2; } th, td { padding: 0.04rem 0.2rem; } thead th { white-space: normal; } table.wide { font-size: 6pt; } table.wide td.number, table.wide td:nth-child(2) { white-space: nowrap; } body > footer { margin-top: 0.5rem; } }

        """;
}

/// <summary>A figure outside the page: with a size, a ground and the light or dark style's colours in place of variables.</summary>
internal static partial class StandaloneSvg
{
    private static readonly string[] s_ofThePage = [".verdict", ".summary", ".tiles", ".tools", ".figures", ".table", ".paper"];

    /// <summary>The figure as a file of its own.</summary>
    public static string Of(string svg, int scale, bool isDark = false)
    {
        var (width, height) = SizeOf(svg);
        var colors = Variable().Matches(HtmlStyle.Css).GroupBy(match => match.Groups[1].Value).ToDictionary(name => name.Key, name => name.ElementAt(isDark ? 1 : 0).Groups[2].Value);
        string style = VariableUse().Replace(FigureRules(), use => colors[use.Groups[1].Value]).Replace("system-ui, \"Segoe UI\", \"Noto Sans\", ", "", StringComparison.Ordinal);
        return svg.Insert(svg.IndexOf('>', StringComparison.Ordinal) + 1, $"<style>{style}</style><rect width=\"{width}\" height=\"{height}\" fill=\"{colors["paper"]}\"/>")
            .Replace("<svg ", Invariant($"<svg width=\"{width * scale}\" height=\"{height * scale}\" "), StringComparison.Ordinal);
    }

    private static (int Width, int Height) SizeOf(string svg)
    {
        var box = ViewBox().Match(svg);
        return (int.Parse(box.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(box.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    private static string FigureRules() => string.Join('\n', HtmlStyle.Css.Split('\n').Where(line => line.StartsWith("svg text", StringComparison.Ordinal) || line.StartsWith('.') && !s_ofThePage.Any(rule => line.StartsWith(rule, StringComparison.Ordinal))));

    [GeneratedRegex("--([a-z0-9]+): (#[0-9a-f]{6})")]
    private static partial Regex Variable();

    [GeneratedRegex(@"var\(--([a-z0-9]+)\)")]
    private static partial Regex VariableUse();

    [GeneratedRegex("viewBox=\"0 0 ([0-9]+) ([0-9]+)\"")]
    private static partial Regex ViewBox();
}
