namespace MlAttention.Ablation.Reporting.Explorer;

/// <summary>The attention explorer's script: matrices on canvases, large with axes and small in the grid of heads. Free of what XML or HTML would read as markup.</summary>
internal static class AttentionScriptMaps
{
    /// <summary>The script's part.</summary>
    public const string Code = """
        const mostPixels = 512, smallPixels = 40, mostNames = 20;
        const channels = name => { const code = getComputedStyle(document.documentElement).getPropertyValue(name).trim(); return [1, 3, 5].map(at => parseInt(code.slice(at, at + 2), 16)); };
        // Paints size x size pixels; the shares go from -1 to 1.
        const paint = (canvas, size, share) => {
          canvas.width = canvas.height = size;
          const context = canvas.getContext('2d'), image = context.createImageData(size, size), [more, less] = [channels('--c0'), channels('--c1')];
          for (const pixel of range(size * size)) {
            const value = share(Math.floor(pixel / size), pixel % size);
            image.data.set([...(0 > value ? less : more), Math.round(255 * Math.min(1, Math.abs(value)))], 4 * pixel);
          }
          context.putImageData(image, 0, 0);
          return canvas;
        };
        const weightAt = (sheet, cell) => sheet.at(cell) || sheet.about(cell);
        // Where a text has more tokens than a map has pixels, a pixel is the mean of some.
        const meansOf = (sheet, size) => {
          const sums = new Float64Array(size * size), counts = new Uint32Array(size * size);
          const places = range(sheet.length).map(token => Math.floor(token * size / sheet.length));
          for (const row of range(sheet.length)) for (const column of range(sheet.length)) {
            const pixel = places[row] * size + places[column];
            sums[pixel] += weightAt(sheet, row * sheet.length + column);
            counts[pixel] += 1;
          }
          return sums.map((sum, pixel) => sum / counts[pixel]);
        };
        const smallMap = (pattern, head) => {
          const sheet = sheetOf(pattern, head.layer, head.head), size = Math.min(sheet.length, smallPixels), means = meansOf(sheet, size), largest = means.reduce((one, other) => Math.max(one, other));
          return paint(html('canvas', { 'aria-hidden': 'true' }), size, (row, column) => means[row * size + column] / (largest || 1));
        };
        const matrixOf = (pattern, sheet, view) => {
          const length = sheet.length, size = Math.min(length, mostPixels), means = meansOf(sheet, size), told = sheet.isDifference ? signed : percent;
          const largest = size === length ? sheet.largest : means.reduce((one, other) => Math.max(one, Math.abs(other)), 0) || 1;
          const canvas = paint(html('canvas', { 'data-map': 'matrix', tabindex: '0', role: 'img', 'aria-label': `Matrix of layer ${sheet.layer}, head ${sheet.head}, ${length} by ${length} tokens; arrow keys go from cell to cell` }), size, (row, column) => means[row * size + column] / largest);
          const step = Math.ceil(length / mostNames), names = side => html('div', { class: side, 'aria-hidden': 'true' }, ...range(Math.ceil(length / step)).map(name => html('bdi', { style: `--at: ${(name * step + 0.5) / length}`, text: step === 1 ? wordOf(pattern, name) : `${name * step + 1} ${wordOf(pattern, name * step)}` })));
          const box = html('div', { class: 'cells' }, canvas), cell = html('div', { class: 'cell', hidden: '', style: `--side: ${1 / length}` });
          box.append(cell);
          let at = [0, 0];
          const tell = (row, column) => {
            at = [row, column].map(place => Math.max(0, Math.min(length - 1, place)));
            const index = at[0] * length + at[1], weight = sheet.at(index), about = sheet.about(index);
            cell.hidden = false;
            cell.style.setProperty('--row', at[0] / length);
            cell.style.setProperty('--column', at[1] / length);
            view.onTell(`\u2068${wordOf(pattern, at[0])}\u2069 (token ${at[0] + 1}) to \u2068${wordOf(pattern, at[1])}\u2069 (token ${at[1] + 1}): ${weight === 0 ? about > 0 ? `left out, ${percent(about)} on the mean of its block` : told(0) : told(weight)}.`);
          };
          canvas.addEventListener('pointermove', event => tell(Math.floor(event.offsetY / canvas.clientHeight * length), Math.floor(event.offsetX / canvas.clientWidth * length)));
          canvas.addEventListener('pointerleave', () => { cell.hidden = true; });
          canvas.addEventListener('focus', () => tell(...at));
          canvas.addEventListener('blur', () => { cell.hidden = true; });
          canvas.addEventListener('keydown', event => {
            const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
            if (!move) return;
            event.preventDefault();
            tell(at[0] + move[0], at[1] + move[1]);
          });
          const ends = sheet.isDifference ? [signed(-largest), signed(largest)] : ['0', percent(largest)];
          return html('div', { class: 'matrix' }, html('p', { class: 'caption', text: `Layer ${sheet.layer}, head ${sheet.head}: rows look at columns` }),
            html('div', { class: 'axes' }, names('across'), names('down'), box), html('div', { class: sheet.isDifference ? 'scale both' : 'scale' }, html('span', { text: ends[0] }), html('i'), html('span', { text: ends[1] })));
        };

        """;
}
