namespace MlAttention.Ablation.Reporting.Explorer;

/// <summary>The attention explorer's script: two columns of tokens with lines between them. Free of what XML or HTML would read as markup.</summary>
internal static class AttentionScriptTokens
{
    /// <summary>The script's part.</summary>
    public const string Code = """
        const rowHeight = 26, mostLines = 2000, mostNamed = 5, mostClasses = 5;
        const wordOf = (pattern, token) => visible(pattern.tokens[token]);
        const tokenButton = (pattern, unknown, side, token) => html('button', {
          type: 'button', class: 'token', 'data-side': side, 'data-token': token, tabindex: token === 0 ? '0' : '-1',
          title: `${wordOf(pattern, token)}: token ${token + 1} of ${pattern.tokens.length}${unknown ? ', unknown to the model' : ''}`, ...(unknown ? { 'data-unknown': '' } : {}),
        }, html('bdi', { text: wordOf(pattern, token) }), ...(unknown ? [html('span', { class: 'mark', text: '?' })] : []));
        const classesOf = pattern => {
          if (pattern.probabilities.length === 0) return [];
          const all = pattern.probabilities.map((probability, index) => ({ probability, index })).sort((one, other) => other.probability - one.probability);
          const list = part => html('ol', { class: 'classes' }, ...part.map(({ probability, index }) => html('li', { 'data-class': pattern.classes[index], 'data-probability': probability, style: `--share: ${probability}` },
            html('bdi', { text: visible(pattern.classes[index]).replaceAll('U+0020', ' ') }), html('span', { text: percent(Math.round(probability * 10000)) }))));
          const known = pattern.label === null ? '' : pattern.label === all[0].index ? ', which is its label' : `; its label is ${pattern.classes[pattern.label]}`;
          return [html('p', { class: 'predicted' }, 'Predicted: ', html('b', {}, html('bdi', { text: pattern.classes[all[0].index] })), html('bdi', { text: known })), list(all.slice(0, mostClasses)),
            ...(all.length > mostClasses ? [html('details', {}, html('summary', { text: `The other ${all.length - mostClasses} classes` }), list(all.slice(mostClasses)))] : [])];
        };
        // A panel: what is predicted, the tokens with their lines, the matrix of one of the heads.
        const tokenView = (key, pattern, sheets, map, ends) => {
          const view = { ...ends, key }, length = pattern.tokens.length, unknown = new Set(pattern.unknown), isDifference = sheets[0].isDifference;
          const largest = Math.max(...sheets.map(sheet => sheet.largest)), told = isDifference ? signed : percent;
          const lines = svg('svg', { class: 'lines', viewBox: `0 0 100 ${length}`, preserveAspectRatio: 'none', style: `height: ${length * rowHeight}px`, 'aria-hidden': 'true' });
          const columns = ['from', 'to'].map(side => html('div', { class: 'column', role: 'group', 'aria-label': side === 'from' ? 'Tokens that look' : 'Tokens that are looked at' }, ...range(length).map(token => tokenButton(pattern, unknown.has(token), side, token))));
          const pair = html('div', { class: 'pair' }, columns[0], lines, columns[1]), count = html('p', { class: 'count', 'data-count': '' });
          const buttons = side => [...columns[side === 'from' ? 0 : 1].children];
          const cellOf = (side, token, other) => side === 'from' ? token * length + other : other * length + token;

          const tokenAt = event => event.target.closest('.token');
          pair.addEventListener('pointerover', event => { const token = tokenAt(event); if (token) view.onOver(token.dataset.side, Number(token.dataset.token)); });
          pair.addEventListener('pointerleave', () => view.onOver(null, null));
          pair.addEventListener('focusin', event => { const token = tokenAt(event); if (token) view.onOver(token.dataset.side, Number(token.dataset.token)); });
          pair.addEventListener('focusout', () => view.onOver(null, null));
          pair.addEventListener('click', event => { const token = tokenAt(event); if (token) view.onPin(token.dataset.side, Number(token.dataset.token)); });
          pair.addEventListener('keydown', event => {
            const token = tokenAt(event);
            if (!token) return;
            const at = Number(token.dataset.token), side = token.dataset.side;
            const next = { ArrowUp: [side, at - 1], ArrowDown: [side, at + 1], Home: [side, 0], End: [side, length - 1], ArrowLeft: ['from', at], ArrowRight: ['to', at] }[event.key];
            const goal = next ? buttons(next[0])[next[1]] : null;
            if (!goal) return;
            event.preventDefault();
            for (const button of buttons(goal.dataset.side)) button.tabIndex = button === goal ? 0 : -1;
            goal.focus();
          });

          const line = ({ sheet, cell, weight }) => {
            const [from, to] = [Math.floor(cell / length), cell % length], share = Math.abs(weight) / largest;
            return svg('line', {
              x1: 0, y1: from + 0.5, x2: 100, y2: to + 0.5, 'vector-effect': 'non-scaling-stroke', 'data-layer': sheet.layer, 'data-head': sheet.head, 'data-from': from, 'data-to': to, 'data-weight': weight / 10000,
              style: `stroke: ${isDifference ? `var(--c${weight > 0 ? 0 : 1})` : colorOf(sheet.head)}; stroke-opacity: ${(0.12 + 0.88 * share).toFixed(3)}; stroke-width: ${(0.75 + 3.5 * share).toFixed(2)}px`,
            }, svg('title', { text: `${wordOf(pattern, from)} to ${wordOf(pattern, to)}: ${told(weight)}, head ${sheet.head}` }));
          };
          const cellsFor = (least, chosen) => chosen === null ? range(length * length) : chosen.token === -1 ? [] : range(length).map(other => cellOf(chosen.side, chosen.token, other));
          view.show = (least, chosen) => {
            const found = [], atLeast = chosen === null ? least : 1;
            for (const sheet of sheets) for (const cell of cellsFor(least, chosen)) { const weight = sheet.at(cell); if (Math.abs(weight) >= atLeast) found.push({ sheet, cell, weight }); }
            const drawn = found.length > mostLines ? found.sort((one, other) => Math.abs(other.weight) - Math.abs(one.weight)).slice(0, mostLines) : found;
            lines.replaceChildren(...drawn.map(line));
            count.textContent = `${drawn.length === found.length ? drawn.length.toLocaleString('en') : `The heaviest ${drawn.length.toLocaleString('en')} of ${found.length.toLocaleString('en')}`} line${found.length === 1 ? '' : 's'}${chosen === null ? ` of at least ${percent(least)}` : ' of one token'}; the widest stands for ${told(largest)}${isDifference ? ' (blue more, orange less)' : ''}`;
            for (const side of ['from', 'to']) buttons(side).forEach((button, token) => {
              const facing = chosen === null ? false : chosen.side !== side;
              const mean = facing ? chosen.token === -1 ? 0 : sheets.reduce((sum, sheet) => sum + sheet.at(cellOf(chosen.side, chosen.token, token)), 0) / sheets.length : 0;
              button.classList.toggle('chosen', chosen === null ? false : [chosen.side, chosen.token].join() === [side, token].join());
              if (mean === 0) { delete button.dataset.share; button.style.removeProperty('--share'); } else { button.dataset.share = told(mean).replace(' points', ''); button.style.setProperty('--share', Math.abs(mean) / largest); }
              button.classList.toggle('less', 0 > mean);
            });
          };
          view.tell = (side, token) => {
            const heads = sheets.map(sheet => {
              const others = range(length).map(other => ({ other, weight: sheet.at(cellOf(side, token, other)) })).filter(entry => entry.weight !== 0).sort((one, other) => Math.abs(other.weight) - Math.abs(one.weight));
              const named = others.slice(0, mostNamed).map(({ other, weight }) => `${wordOf(pattern, other)} ${told(weight)}`);
              return `${sheets.length > 1 ? `head ${sheet.head}: ` : ''}${named.length ? named.join(', ') : 'nothing that is carried'}${others.length > mostNamed ? `, and ${others.length - mostNamed} more` : ''}`;
            });
            return `\u2068${wordOf(pattern, token)}\u2069 (token ${token + 1}) ${side === 'from' ? 'looks at' : 'is looked at by'} \u2068${heads.join('; ')}\u2069.`;
          };
          view.panel = html('article', { class: 'panel', 'data-view': key }, html('div', {}, html('h3', {}, html('bdi', { text: pattern.name })), ...classesOf(pattern),
            html('div', { class: 'ends' }, html('span', { text: 'looks' }), html('span', { text: 'at' })), pair, count), matrixOf(pattern, map, view));
          return view;
        };

        """;
}
