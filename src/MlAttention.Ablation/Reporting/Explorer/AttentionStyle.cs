namespace MlAttention.Ablation.Reporting.Explorer;

/// <summary>The attention explorer's style, in the colours of the page.</summary>
internal static class AttentionStyle
{
    /// <summary>The style sheet's part.</summary>
    public const string Css = """
        .attention .controls { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; font-size: 0.875rem; }
        .attention .controls select, .attention .controls button { font: inherit; color: var(--ink); background: var(--panel); border: 1px solid var(--faint); border-radius: 4px; padding: 0.15rem 0.5rem; min-height: 26px; max-width: 100%; }
        .attention .controls label, .attention [role=group] { display: inline-flex; flex-wrap: wrap; gap: 0.3rem; align-items: center; max-width: 100%; }
        .attention .controls .chip { min-width: 30px; border: 2px solid var(--own); } .attention .chip[aria-pressed=true] { box-shadow: inset 0 -0.35rem 0 var(--own); font-weight: 700; }
        .attention .controls output { min-width: 3.6rem; font-variant-numeric: tabular-nums; }
        .attention .readout { min-height: 3em; margin: 0.6rem 0; font-size: 0.875rem; overflow-wrap: anywhere; } .attention .notes p, .attention .count, .attention .ends { color: var(--faint); font-size: 0.8125rem; margin: 0.3rem 0; overflow-wrap: anywhere; }
        .attention .panels { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); align-items: start; }
        .attention .panels[data-views="1"] { display: block; } .attention .panels[data-views="1"] .panel { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); column-gap: 1.5rem; align-items: start; } .attention .panels[data-views="1"] .matrix { margin-top: 0; }
        .attention .panel { min-width: 0; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 0.75rem; } .attention h3 { font-size: 1rem; margin: 0.5rem 0; overflow-wrap: anywhere; } .attention .panel h3 { margin-top: 0; }
        .attention .predicted { margin: 0 0 0.3rem; font-size: 0.875rem; overflow-wrap: anywhere; } .attention .classes { list-style: none; margin: 0 0 0.5rem; padding: 0; font-size: 0.8125rem; } .attention .classes li { display: flex; justify-content: space-between; gap: 0.5rem; margin: 2px 0; padding: 0 0.3rem; background: linear-gradient(var(--band), var(--band)) no-repeat 0 0 / calc(100% * var(--share)) 100%; }
        .attention .classes bdi { overflow: hidden; text-overflow: ellipsis; } .attention .classes span { font-variant-numeric: tabular-nums; }
        .attention .ends { display: flex; justify-content: space-between; } .attention .pair { display: grid; grid-template-columns: minmax(0, 1fr) minmax(60px, 0.8fr) minmax(0, 1fr); max-height: 34rem; overflow-y: auto; border: 1px solid var(--line); background: var(--paper); }
        .attention .pair .column { display: block; } .attention .lines { overflow: hidden; }
        .attention .token { display: flex; gap: 0.25rem; align-items: center; width: 100%; height: 26px; padding: 0 0.4rem; font: inherit; font-size: 0.8125rem; color: var(--ink); background: none; border: 1px solid transparent; border-radius: 3px; cursor: pointer; position: relative; z-index: 0; white-space: nowrap; }
        .attention .token bdi { overflow: hidden; text-overflow: ellipsis; min-width: 0; } .attention .token[data-side=from] { justify-content: flex-end; } .attention .token[data-unknown] { border: 1px dashed var(--faint); } .attention .mark { color: var(--faint); font-weight: 700; }
        .attention .token.chosen { border: 2px solid var(--ink); font-weight: 700; } .attention .token[data-share]::before { content: ""; position: absolute; inset: 0; z-index: -1; background: var(--c0); opacity: calc(0.04 + 0.3 * var(--share)); } .attention .token.less[data-share]::before { background: var(--c1); }
        .attention .token[data-share]::after { content: attr(data-share); font-size: 0.75rem; font-variant-numeric: tabular-nums; margin-left: auto; padding-left: 0.25rem; } .attention .token[data-side=from][data-share]::after { order: -1; margin: 0 auto 0 0; }
        .attention .caption { font-weight: 600; margin: 0 0 0.5rem; } .attention .matrix { margin-top: 0.75rem; max-width: 460px; font-size: 0.75rem; } .attention .axes { display: grid; grid-template-columns: 5.5rem minmax(0, 1fr); grid-template-rows: 5.2rem auto; padding-right: 1.4rem; }
        .attention .across { grid-column: 2; position: relative; } .attention .down { position: relative; } .attention .across bdi, .attention .down bdi { position: absolute; max-width: 5.2rem; font-size: 0.6875rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; line-height: 1; color: var(--faint); }
        .attention .down bdi { right: 0.3rem; top: calc(100% * var(--at)); transform: translateY(-50%); } .attention .across bdi { bottom: 0.2rem; left: calc(100% * var(--at)); transform-origin: 0 100%; transform: rotate(-75deg); }
        .attention .cells { position: relative; background: var(--paper); border: 1px solid var(--line); } .attention .cells canvas { display: block; width: 100%; aspect-ratio: 1; image-rendering: pixelated; } .attention .cell { position: absolute; pointer-events: none; outline: 2px solid var(--ink); left: calc(100% * var(--column)); top: calc(100% * var(--row)); width: calc(100% * var(--side)); aspect-ratio: 1; } .attention .cell[hidden] { display: none; }
        .attention .scale { display: flex; gap: 0.4rem; align-items: center; margin: 0.4rem 1.4rem 0 5.5rem; } .attention .scale i { flex: 1; height: 0.6rem; border: 1px solid var(--line); background: linear-gradient(90deg, var(--paper), var(--c0)); } .attention .scale.both i { background: linear-gradient(90deg, var(--c1), var(--paper), var(--c0)); }
        .attention .grid .layer { display: flex; flex-wrap: wrap; gap: 0.3rem; align-items: center; margin: 0.3rem 0; font-size: 0.8125rem; } .attention .layer > span { width: 4rem; } .attention .grid button { padding: 2px; width: 52px; height: 52px; background: var(--paper); border: 1px solid var(--line); border-radius: 3px; cursor: pointer; } .attention .grid button[aria-pressed=true] { outline: 3px solid var(--ink); } .attention .grid canvas { display: block; width: 100%; height: 100%; image-rendering: pixelated; }
        @media (max-width: 760px) { .attention .panels[data-views="1"] .panel { display: block; } } @media (max-width: 480px) { .attention .panel { padding: 0.4rem; } }
        @media screen { .explored .heads .head { display: none; } .explored .heads { grid-template-columns: minmax(0, 520px); margin-top: 1rem; } } @media print { .attention { display: none; } }

        """;
}
