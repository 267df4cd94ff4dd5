namespace MlAttention.Ablation.Reporting.Explorer;

/// <summary>The attention explorer's script: menus, and what is shown when something is chosen. Free of what XML or HTML would read as markup.</summary>
internal static class AttentionScript
{
    /// <summary>The whole script, for pages with <see cref="AttentionExplorer"/>'s part.</summary>
    public const string Code = "(() => {\n" + Contract + AttentionScriptData.Code + AttentionScriptTokens.Code + AttentionScriptMaps.Code + Explorer + "})();\n";

    private const string Contract = """
        'use strict';
        /* What stands in section.attention, for tests and other scripts. Layers and heads count from 1, tokens from 0, weights are those of the JSON.
           [data-control=shown | beside | layer | least-weight]   menus and the slider; its value is a place among data-weights, in ten-thousandths
           [data-control=heads] button[data-head]                 head chips, aria-pressed; button[data-heads=all | one] beside them
           [data-view=first | second | difference]                a panel; [data-class][data-probability] its classes
           button.token[data-side=from | to][data-token]          tokens, data-unknown where the model does not know them; data-share while another is isolated
           line[data-from][data-to][data-weight][data-head]       lines; data-layer too; of a difference data-weight is second less first
           canvas[data-map=matrix]                                the matrix of the last chosen head; arrow keys go from cell to cell
           [data-control=grid] button[data-layer][data-head]      the small maps of all heads
           [data-readout], [data-count], [data-note]              what is pointed at, how many lines are drawn, what the page leaves out */

        """;

    private const string Explorer = """
        const explore = section => {
          const data = JSON.parse(section.querySelector('script').textContent), patterns = data.patterns;
          const sharpest = patterns[0].heads.reduce((one, other) => other.entropy >= one.entropy ? one : other);
          const state = { shown: 0, beside: data.beside, layer: sharpest.layer, heads: [sharpest.head], current: sharpest.head, least: null, moved: null, over: null, pinned: null };
          const [controls, grid, panels, notes] = ['controls', 'grid', 'panels', 'notes'].map(name => html('div', { class: name }));
          const readout = html('p', { class: 'readout', 'data-readout': '', 'aria-live': 'polite' });
          const first = () => patterns[state.shown], second = () => state.beside === null ? null : patterns[state.beside];
          const layers = () => [...new Set(first().heads.map(head => head.layer))], heads = () => first().heads.filter(head => head.layer === state.layer).map(head => head.head);
          let views = [];

          const choose = change => {
            Object.assign(state, change);
            if (!layers().includes(state.layer)) state.layer = layers()[0];
            state.heads = state.heads.filter(head => heads().includes(head));
            if (state.heads.length === 0) state.heads = [heads()[0]];
            if (!state.heads.includes(state.current)) state.current = state.heads[0];
            showControls();
            showPanels();
          };
          const menu = (control, name, options, value, chosen) => {
            const select = html('select', { 'data-control': control, 'aria-label': name }, ...options.map(option => html('option', { value: option.value, text: option.text })));
            select.value = value;
            select.addEventListener('change', () => chosen(select.value));
            return html('label', { text: `${name} ` }, select);
          };
          const chip = (attributes, text, pressed, chosen) => {
            const button = html('button', { type: 'button', ...attributes, ...(pressed === null ? {} : { 'aria-pressed': String(pressed) }), text });
            button.addEventListener('click', chosen);
            return button;
          };
          const showControls = () => {
            const names = patterns.map((pattern, index) => ({ value: index, text: pattern.name })), active = controls.contains(document.activeElement) ? document.activeElement : null;
            const chips = html('div', { 'data-control': 'heads', role: 'group', 'aria-label': 'Heads' }, html('span', { text: 'Heads ' }),
              ...heads().map(head => chip({ class: 'chip', 'data-head': head, style: `--own: ${colorOf(head)}` }, String(head), state.heads.includes(head), () => choose(
                state.heads.includes(head) ? { heads: state.heads.filter(other => other !== head) } : { heads: [...state.heads, head].sort((one, other) => one - other), current: head }))),
              chip({ 'data-heads': 'all' }, 'All', null, () => choose({ heads: heads() })), chip({ 'data-heads': 'one' }, `Only ${state.current}`, null, () => choose({ heads: [state.current] })));
            controls.replaceChildren(
              ...(patterns.length > 1 ? [menu('shown', 'Shown', names, state.shown, value => choose({ shown: Number(value), over: null, pinned: null })),
                menu('beside', 'Beside', [{ value: '', text: 'nothing' }, ...names], state.beside === null ? '' : state.beside, value => choose({ beside: value === '' ? null : Number(value), over: null, pinned: null }))] : []),
              menu('layer', 'Layer', layers().map(layer => ({ value: layer, text: layer })), state.layer, value => choose({ layer: Number(value) })), chips, slider());
            // The controls are made anew; who used one with the keyboard stays on it.
            const kept = active ? ['control', 'head', 'heads'].filter(name => name in active.dataset).map(name => `[data-${name}="${active.dataset[name]}"]`).join('') : null;
            if (kept) controls.querySelector(kept)?.focus();
            for (const button of grid.querySelectorAll('button')) button.setAttribute('aria-pressed', String([state.layer, state.current].join() === [button.dataset.layer, button.dataset.head].join()));
          };
          const steps = () => [...new Set([Math.max(first().least, second() ? second().least : 1), 10, 20, 50, 100, 200, 500, 1000, 2000, 5000])].filter((step, index, all) => step >= all[0]);
          const slider = () => {
            const all = steps(), input = html('input', { type: 'range', min: 0, max: all.length - 1, step: 1, 'data-control': 'least-weight', 'data-weights': all.join(' '), 'aria-label': 'Smallest weight with a line' }), output = html('output');
            if (!all.includes(state.moved)) state.least = fewLines(sheets(first()), all);
            const tell = () => { output.textContent = percent(state.least); input.setAttribute('aria-valuetext', percent(state.least)); };
            input.value = all.indexOf(state.least);
            input.addEventListener('input', () => { state.least = state.moved = all[input.value]; tell(); showLines(); });
            tell();
            return html('label', { text: 'Lines from ' }, input, output);
          };
          const sheets = pattern => state.heads.map(head => sheetOf(pattern, state.layer, head)).filter(sheet => sheet !== null);
          const showPanels = () => {
            const one = first(), other = second(), pairs = other ? partnersOf(one, other) : null, back = other ? partnersOf(other, one) : null;
            const mapOf = pattern => sheetOf(pattern, state.layer, state.current);
            views = [tokenView('first', one, sheets(one), mapOf(one), { toFirst: token => token, ofFirst: token => token })];
            if (other) {
              const changes = state.heads.map(head => differenceOf(one, other, pairs, state.layer, head)).filter(sheet => sheet !== null);
              views.push(tokenView('second', other, sheets(other), mapOf(other), { toFirst: token => back[token], ofFirst: token => pairs[token] }));
              if (changes.length) views.push(tokenView('difference', { ...one, name: `Difference: ${other.name} less ${one.name}`, probabilities: [], classes: [] }, changes, changes.find(sheet => sheet.head === state.current) || changes[0], { toFirst: token => token, ofFirst: token => token }));
            }
            for (const view of views) watch(view);
            panels.replaceChildren(...views.map(view => view.panel));
            panels.dataset.views = views.length;
            notes.replaceChildren(...notesOf(one, other, pairs).map(text => html('p', { 'data-note': '', text })));
            showLines();
          };
          const watch = view => {
            const go = (token, key) => ({ ...(key === 'over' ? {} : { over: null }), [key]: token });
            view.onOver = (side, token) => { Object.assign(state, go(token === null ? null : { key: view.key, side, token }, 'over')); showLines(); };
            view.onPin = (side, token) => {
              const again = state.pinned ? [state.pinned.key, state.pinned.side, state.pinned.token].join() === [view.key, side, token].join() : false;
              Object.assign(state, go(again ? null : { key: view.key, side, token }, 'pinned'));
              showLines();
            };
            view.onTell = text => { readout.textContent = text; };
          };
          const showLines = () => {
            const chosen = state.over || state.pinned, at = chosen ? views.find(view => view.key === chosen.key) || views[0] : null, own = chosen ? at.toFirst(chosen.token) : null;
            for (const view of views) {
              const token = at === null ? null : at === view ? chosen.token : own === -1 ? -1 : view.ofFirst(own);
              view.show(state.least, token === null ? null : { side: chosen.side, token });
            }
            readout.textContent = chosen ? at.tell(chosen.side, chosen.token) : 'Point at a token, tap it or go to it with the keyboard to see its lines alone; Escape shows all again.';
          };
          section.addEventListener('keydown', event => { if (event.key === 'Escape') { Object.assign(state, { over: null, pinned: null }); showLines(); } });
          grid.dataset.control = 'grid';
          const showGrid = () => grid.replaceChildren(...layers().map(layer => html('div', { class: 'layer' }, html('span', { text: `Layer ${layer}` }), ...first().heads.filter(head => head.layer === layer).map(head => {
            const button = html('button', { type: 'button', 'data-layer': layer, 'data-head': head.head, title: describe(head), 'aria-label': describe(head) }, smallMap(first(), head));
            button.addEventListener('click', () => choose({ layer, heads: [head.head], current: head.head, over: null, pinned: null }));
            return button;
          }))));
          const showAll = () => { showGrid(); choose({}); };
          section.append(controls, readout, panels, notes, html('h3', { text: 'All heads, each from 0 to its own largest weight' }), grid);
          section.addEventListener('change', event => { if (event.target.dataset.control === 'shown') showAll(); });
          matchMedia('(prefers-color-scheme: dark)').addEventListener('change', showAll);
          section.hidden = false;
          showAll();
          for (const hidden of document.querySelectorAll('[data-with-script]')) hidden.hidden = false;
          document.body.classList.add('explored');
        };
        for (const section of document.querySelectorAll('section.attention')) explore(section);

        """;
}
