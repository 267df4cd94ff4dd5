namespace MlAttention.Ablation.Reporting.Explorer;

/// <summary>The attention explorer's script: weights out of the page's data, and the differences of two texts. Free of what XML or HTML would read as markup.</summary>
internal static class AttentionScriptData
{
    /// <summary>The script's part.</summary>
    public const string Code = """
        const furnish = (made, attributes, children) => {
          for (const [name, value] of Object.entries(attributes)) { if (name === 'text') made.textContent = value; else made.setAttribute(name, value); }
          made.append(...children);
          return made;
        };
        const html = (name, attributes = {}, ...children) => furnish(document.createElement(name), attributes, children);
        const svg = (name, attributes = {}, ...children) => furnish(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
        const range = count => [...Array(count).keys()];
        const percent = weight => `${(weight / 100).toFixed(Math.abs(weight) >= 1000 ? 1 : 2)}%`;
        const signed = weight => `${weight > 0 ? '+' : ''}${percent(weight)}`.replace('%', ' points');
        const colorOf = head => `var(--c${(head - 1) % 8})`;
        // What has no shape, or turns the direction of what follows, is shown by its number.
        const visible = text => text.replace(/[\u0000-\u0020\u007f-\u00a0\u00ad\u061c\u200b\u200e\u200f\u2028-\u202f\u2060-\u206f\u3000\ufeff]/g, found => `U+${found.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`);
        const decode = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
        const cellsOf = (pattern, head) => {
          if (head.cells) return head.cells;
          const bytes = decode(head.weights), length = pattern.tokens.length, cells = new Uint16Array(length * length);
          let at = 0;
          const next = () => {
            let number = 0, scale = 1, more = true;
            while (more) { more = bytes[at] > 127; number += bytes[at] % 128 * scale; scale *= 128; at += 1; }
            return number;
          };
          for (const row of range(length)) {
            let entries = next(), column = -1;
            while (entries > 0) { column += 1 + next(); cells[row * length + column] = pattern.least + next(); entries -= 1; }
          }
          head.means = head.rest ? decode(head.rest) : null;
          head.largest = cells.reduce((one, other) => Math.max(one, other), 1);
          head.cells = cells;
          return cells;
        };
        // A sheet is the weights of one head, whatever they come from: at(i) is that of cell i, in ten-thousandths, 0 where it is not carried; about(i) is then the mean there.
        const sheetOf = (pattern, layer, number) => {
          const head = pattern.heads.find(one => [one.layer, one.head].join() === [layer, number].join());
          if (!head) return null;
          const cells = cellsOf(pattern, head), length = pattern.tokens.length, block = index => Math.floor(index * pattern.blocks / length);
          const about = cell => head.means ? head.means[block(Math.floor(cell / length)) * pattern.blocks + block(cell % length)] * pattern.least / 255 : 0;
          return { layer, head: number, length, at: cell => cells[cell], about, largest: head.largest, isDifference: false };
        };
        // The token of the other text that is the same word: the first to the first, the second to the second.
        const partnersOf = (one, other) => {
          const seen = new Map(), nth = token => { const count = (seen.get(token) || 0) + 1; seen.set(token, count); return `${count} ${token}`; };
          const places = new Map(other.tokens.map((token, index) => [nth(token), index]));
          seen.clear();
          return one.tokens.map(token => { const place = places.get(nth(token)); return place === undefined ? -1 : place; });
        };
        const differenceOf = (one, other, partners, layer, number) => {
          const [before, after] = [sheetOf(one, layer, number), sheetOf(other, layer, number)], length = one.tokens.length;
          if (before === null ? true : after === null) return null;
          const cells = new Int32Array(length * length);
          let largest = 1;
          for (const row of range(length)) for (const column of range(length)) {
            if (Math.min(partners[row], partners[column]) === -1) continue;
            const cell = row * length + column;
            cells[cell] = after.at(partners[row] * other.tokens.length + partners[column]) - before.at(cell);
            largest = Math.max(largest, Math.abs(cells[cell]));
          }
          return { layer, head: number, length, at: cell => cells[cell], about: () => 0, largest, isDifference: true };
        };
        // The smallest weight with few enough lines to be told apart.
        const fewLines = (sheets, steps) => {
          const count = steps.map(() => 0);
          for (const sheet of sheets) for (const cell of range(sheet.length * sheet.length)) steps.forEach((step, index) => { if (sheet.at(cell) >= step) count[index] += 1; });
          return steps.find((step, index) => 400 >= count[index]) || steps.at(-1);
        };
        const describe = head => `Layer ${head.layer}, head ${head.head}: ${percent(head.diagonalShare * 10000)} on the token itself, ${percent(head.previousShare * 10000)} on the one before, mean distance ${head.meanDistance} tokens, entropy ${head.entropy} nats`;
        const notesOf = (one, other, partners) => {
          const notes = [], counted = (count, word) => `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
          for (const pattern of new Set([one, other || one])) {
            const carried = pattern.heads.map(head => head.carried), say = text => notes.push(other ? `${pattern.name}: ${text}` : text.charAt(0).toUpperCase() + text.slice(1));
            if (pattern.unknown.length) say(`${counted(pattern.unknown.length, 'word')} with a dashed edge and a question mark ${pattern.unknown.length === 1 ? 'is' : 'are'} unknown to the model, to which all such words are the same.`);
            if (pattern.cutTokens) say(`the text goes on: ${counted(pattern.cutTokens, 'token')} beyond the model's longest text ${pattern.cutTokens === 1 ? 'was' : 'were'} not read and ${pattern.cutTokens === 1 ? 'is' : 'are'} not shown.`);
            if (pattern.least > 1) say(`to keep the page small, weights under ${percent(pattern.least)} are left out: no lines, and the maps show their mean over blocks of about ${Math.round(pattern.tokens.length / pattern.blocks)} tokens. What is carried is ${percent(10000 * Math.min(...carried))} to ${percent(10000 * Math.max(...carried))} of a head's weight; mlattention inspect --json has all of it.`);
          }
          if (partners) {
            const alone = partners.filter(partner => partner === -1).length + other.tokens.length - one.tokens.length + partners.filter(partner => partner === -1).length;
            notes.push(alone === 0 ? 'Both texts have the same tokens; the difference compares each word with itself, the first of several with the first.' : `The difference compares words that both texts have, the first of several with the first; ${counted(alone, 'token')} of the two ${alone === 1 ? 'has' : 'have'} no partner.`);
            if (Math.max(one.least, other.least) > 1) notes.push(`In the difference what is left out counts as 0.`);
          }
          return notes;
        };

        """;
}
