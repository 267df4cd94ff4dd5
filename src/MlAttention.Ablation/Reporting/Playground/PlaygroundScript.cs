namespace MlAttention.Ablation.Reporting.Playground;

/// <summary>What a reader sees and does: words in a row that are dragged or moved by keys, and for each model its answer and its attention.</summary>
/// <remarks>The words' places stay and words change places, so that focus and a finger stay where they are. The part has answer(text) for programs.</remarks>
internal static class PlaygroundScript
{
    /// <summary>The whole script of the part, in a block of its own.</summary>
    public const string Code = "{\n" + NetworkScript.Code + Page + "}\n";

    private const string Page = """
        const part = document.getElementById('playground');
        part.append(part.querySelector('template').content);
        const data = JSON.parse(part.querySelector('pre').textContent), { classes, vocabulary } = data, unknown = vocabulary.length + 1;
        const find = (selector, all = part) => [...all.querySelectorAll(selector)], [choice, head] = find('select'), [input] = find('input'), [shuffle, back] = find('.tools button'), [row] = find('.words'), [note] = find('.note'), [status] = find('[role=status]');
        const panels = find('.models > div'), models = data.models.map(model => ({ ...model, run: network(model, classes.length), special: model.model.pooling === 'cls' ? ['[CLS]'] : [] }));
        const keys = new Map(vocabulary.map((word, index) => [word, index + 1])), percent = share => (share * 100).toFixed(1) + '%', largest = list => list.reduce((one, other) => Math.max(one, other), 0);
        const readAll = text => readWords(text).map(word => ({ word, id: keys.get(word) ?? unknown })), read = text => data.keepEnd ? readAll(text).slice(-data.most) : readAll(text).slice(0, data.most);
        const run = words => models.map(model => model.run(words.map(word => word.id))), best = result => result.probabilities.indexOf(largest(result.probabilities)), says = result => `${classes[best(result)]}, ${percent(largest(result.probabilities))}`;
        const orderOf = words => words.map(word => word.word).join('\n'), textOf = option => option.textContent.slice(classes[option.value].length + 2);
        const labels = new Map([...choice.options].slice(1).map(option => [orderOf(read(textOf(option))), Number(option.value)]));
        part.answer = text => { const words = read(text); return { words: words.map(word => word.word), known: words.map(word => word.id !== unknown), probabilities: run(words).map(result => result.probabilities) }; };

        let now = [], first = [], start = [], left = 0;
        const shown = attention => { // of the chosen head, or the mean of all
          const all = head.value ? [attention.flat()[head.value]] : attention.flat();
          return all[0].map((line, i) => line.map((_, j) => all.reduce((sum, one) => sum + one[i][j], 0) / all.length));
        };
        const changed = ({ special }, after, before) => { // between the same two words
          const from = [...special.keys(), ...now.map(word => first.indexOf(word) + special.length)], old = before.attention.flat();
          return largest(after.attention.flat().flatMap((one, index) => one.flatMap((line, i) => line.map((share, j) => Math.abs(share - old[index][from[i]][from[j]])))));
        };
        const draw = (name, attributes, ...children) => {
          const made = document.createElementNS('http://www.w3.org/2000/svg', name);
          for (const key in attributes) made.setAttribute(key, attributes[key]);
          made.append(...children);
          return made;
        };
        const picture = (model, attention) => {
          const names = [...model.special, ...now.map(word => word.word)], size = 20, margin = 78, width = margin + names.length * size, wide = Math.max(width + 30, margin + 220);
          if (names.length === 0 || names.length > 40) return names.length ? 'Attention is drawn for up to 40 words.' : '';
          const lines = shown(attention), strongest = largest(lines.flat()), short = name => name.length > 11 ? name.slice(0, 10) + '…' : name;
          return draw('svg', { viewBox: `0 0 ${wide} ${width + 20}`, style: `max-width: ${wide}px; fill: var(--c${model.series})`, role: 'img', 'aria-label': `Attention of ${model.name}` }, ...names.flatMap((name, i) => {
            const at = margin + i * size, middle = at + size / 2;
            return [
              draw('text', { x: margin - 4, y: middle + 4, 'text-anchor': 'end' }, short(name)), draw('text', { transform: `translate(${middle} ${margin - 4}) rotate(-60)` }, short(name)),
              ...names.map((other, j) => draw('rect', { x: margin + j * size, y: at, width: size - 1, height: size - 1, 'fill-opacity': lines[i][j] / strongest }, draw('title', {}, `${name} attends to ${other}: ${percent(lines[i][j])}`))),
            ];
          }), draw('text', { x: margin, y: width + 14, class: 'small' }, `row attends to column; strongest: ${percent(strongest)}`));
        };
        const show = () => {
          const results = run(now), label = labels.get(orderOf(now)), isFirst = orderOf(now) === orderOf(first), strangers = now.filter(word => word.id === unknown).length;
          while (now.length > row.children.length) row.append(document.createElement('li'));
          while (row.children.length > now.length) row.lastChild.remove();
          now.forEach(({ word, id }, place) => {
            const item = row.children[place];
            if (!item.firstChild) item.append(Object.assign(document.createElement('button'), { type: 'button' }));
            Object.assign(item.firstChild, { textContent: word, className: id === unknown ? 'unknown' : '', ariaLabel: `${word}${id === unknown ? ', unknown to the models' : ''}, word ${place + 1} of ${now.length}` });
          });
          note.textContent = (now.length ? '' : 'Type a text. ') + (strangers ? `Dashed: ${strangers} unknown to the models, all read alike. ` : '') + (left ? `Left out: ${left} beyond the ${data.most} words that the models read.` : '');
          status.textContent = results.map((result, index) => `${models[index].name}: ${says(result)}`).join('; ') + (label === undefined ? '. No listed test text has this order.' : `. The label of this text: ${classes[label]}.`);
          results.forEach((result, index) => {
            const panel = panels[index], before = start[index], shares = result.probabilities, [answer, change] = find('p', panel), shownClasses = [...shares.keys()].sort((one, other) => shares[other] - shares[one]).slice(0, 8);
            answer.textContent = (label === undefined ? '' : label === best(result) ? '✓ ' : '✗ ') + says(result);
            find('li', panel).forEach((item, c) => {
              item.hidden = !shownClasses.includes(c);
              item.querySelector('i').style.width = percent(shares[c]);
              item.querySelector('b').style.left = percent(before.probabilities[c]);
              item.lastChild.textContent = percent(shares[c]);
            });
            const others = classes.length - shownClasses.length, points = largest(shares.map((share, c) => Math.abs(share - before.probabilities[c]))) * 100;
            change.textContent = (others ? `${others} other classes: ${percent(Math.abs(1 - shownClasses.reduce((sum, c) => sum + shares[c], 0)))}. ` : '')
              + (isFirst ? 'In the first order.' : `Since the first order: answer ${best(result) === best(before) ? 'the same' : 'changed'}, probabilities by up to ${points.toFixed(1)} points, attention between the same words by up to ${(changed(models[index], result, before) * 100).toFixed(1)} points.`);
            find('.attention', panel)[0].replaceChildren(picture(models[index], result.attention));
          });
        };
        const begin = text => { now = read(text); left = readAll(text).length - now.length; first = [...now]; start = run(first); show(); };
        const choose = () => {
          const text = choice.selectedIndex > 0 ? textOf(choice.selectedOptions[0]) : input.value;
          input.value = text.replaceAll('\n', ' '); // where a line ends a word ends; the field has one line
          begin(text);
        };
        const move = (from, to) => {
          if (from === to || 0 > to || to >= now.length) return;
          now.splice(to, 0, ...now.splice(from, 1));
          show();
          row.children[to].firstChild.focus();
        };
        const placeOf = target => target.matches('button') ? [...row.children].indexOf(target.parentNode) : -1;
        let held = -1;
        row.addEventListener('keydown', event => {
          const from = placeOf(event.target), to = { ArrowLeft: from - 1, ArrowUp: from - 1, ArrowRight: from + 1, ArrowDown: from + 1, Home: 0, End: now.length - 1 }[event.key];
          if (to === undefined || from === -1) return;
          event.preventDefault();
          move(from, to);
        });
        row.addEventListener('pointerdown', event => { held = placeOf(event.target); });
        addEventListener('pointermove', ({ clientX: x, clientY: y }) => {
          if (held === -1) return;
          const boxes = [...row.children].map(item => item.getBoundingClientRect()), over = boxes.findIndex(box => !(box.left > x || x > box.right || box.top > y || y > box.bottom));
          if (over === -1 || over === held) return;
          const { left, right, top } = boxes[over], isPast = over > held ? 2 * x > left + right : left + right > 2 * x;
          if (isPast || Math.abs(top - boxes[held].top) > 5) { move(held, over); held = over; }
        });
        for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => { held = -1; });
        choice.addEventListener('change', choose);
        input.addEventListener('input', () => { choice.selectedIndex = 0; choose(); });
        shuffle.addEventListener('click', () => {
          const before = orderOf(now);
          for (let attempt = 0; attempt !== 20 ? orderOf(now) === before : false; attempt++) now = now.map(word => [Math.random(), word]).sort(([one], [other]) => one - other).map(([, word]) => word);
          show();
        });
        back.addEventListener('click', () => { now = [...first]; show(); });
        head.addEventListener('change', show);
        choice.selectedIndex = 1;
        choose();

        """;
}
