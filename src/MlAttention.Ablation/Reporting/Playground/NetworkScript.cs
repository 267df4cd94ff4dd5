namespace MlAttention.Ablation.Reporting.Playground;

/// <summary>Words and models in the page: what TokenizeSequence and the managed engine compute, in plain loops.</summary>
/// <remarks>
/// read(text) gives the words, network(model)(ids) gives probabilities [C] and for each layer and head the attention weights [L,L].
/// Tests compare both with the pipeline and the managed engine in a browser.
/// </remarks>
internal static class NetworkScript
{
    /// <summary>The script; free of what XML or HTML would read as markup.</summary>
    public const string Code = """
        const kindOf = point => {
          const code = point.codePointAt(0), within = (from, to) => code >= from ? to >= code : false;
          if (within(0x3041, 0x30ff) || within(0x3400, 0x4dbf) || within(0x4e00, 0x9fff) || within(0xf900, 0xfaff) || within(0x20000, 0x3ffff)) return 'ideograph';
          if (/[\p{L}\p{M}\p{Pc}]/u.test(point)) return 'letter';
          if (/\p{N}/u.test(point)) return 'digit';
          if (/\p{Cf}/u.test(point)) return 'format';
          return /[\p{Z}\p{Cc}]/u.test(point) ? 'space' : 'symbol';
        };
        const lowerCase = point => { const lower = point.toLowerCase(); return lower.length === point.length ? lower : point; };
        const clusters = new Intl.Segmenter('en', { granularity: 'grapheme' });
        const readWords = given => {
          const isAscii = !/[^\0-\x7f]/.test(given), composed = isAscii ? given : given.replace(/\p{Cs}/gu, '\ufffd').normalize('NFC').replaceAll('\u2019', "'");
          const text = [...composed].map(lowerCase).join(''), words = [];
          const at = index => text.length > index ? String.fromCodePoint(text.codePointAt(index)) : ' ';
          const isWord = kind => kind === 'letter' || kind === 'digit';
          const endOfWord = start => {
            let before = 'symbol', index = start;
            for (; text.length > index; index += at(index).length) {
              const here = at(index), kind = kindOf(here), next = kindOf(at(index + here.length));
              if (isWord(kind)) before = kind;
              else if (kind === 'format' ? !isWord(next) : here === "'" || here === '\u2019' ? before !== 'letter' || next !== 'letter' : (here !== '.' ? here !== ',' : false) || before !== 'digit' || next !== 'digit') return index;
            }
            return index;
          };
          const isSign = index => /^[-\u2212][0-9]/.test(text.slice(index, index + 2)) ? index === 0 || /[\p{Z}\t-\r\x85(\[{]/u.test(text[index - 1]) : false;
          for (let index = 0, end; text.length > index; index = end) {
            const here = at(index), kind = kindOf(here);
            end = index + here.length;
            if (isWord(kind)) end = endOfWord(index);
            else if (kind === 'symbol') end = isSign(index) ? endOfWord(index + 1) : here.codePointAt(0) > 127 ? index + clusters.segment(text.slice(index)).containing(0).segment.length : end;
            if (isWord(kind) || kind === 'symbol' || kind === 'ideograph') words.push(text.slice(index, end));
          }
          return words;
        };

        const softmax = scores => {
          const largest = Math.max(...scores), powers = scores.map(score => Math.exp(score - largest)), sum = powers.reduce((one, other) => one + other, 0);
          return powers.map(power => power / sum);
        };
        const dot = (one, other, start = 0, offset = 0, count = one.length) => { let sum = 0; for (let i = 0; count > i; i++) sum += one[start + i] * other[offset + i]; return sum; };
        // Abramowitz and Stegun 1964, 7.1.26: to 1.5e-7.
        const errorFunction = x => {
          const t = 1 / (1 + 0.3275911 * Math.abs(x)), tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.exp(-x * x);
          return x > 0 ? 1 - tail : tail - 1;
        };
        const activations = {
          relu: x => Math.max(0, x),
          gelu: x => x * (1 + errorFunction(x / Math.SQRT2)) / 2,
          geluTanh: x => x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))) / 2,
        };
        const network = ({ model, window, rows, buckets, slopes, leftHeads, at, weights }, classes) => {
          const bytes = atob(weights), values = new Float32Array(bytes.length / 2);
          for (let i = 0; values.length > i; i++) {
            const bits = bytes.charCodeAt(2 * i) + 256 * bytes.charCodeAt(2 * i + 1), exponent = (bits >> 10) % 32, fraction = bits % 1024;
            values[i] = (bits >> 15 ? -1 : 1) * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -24 * fraction);
          }
          const weight = name => values.subarray(at[name]), width = model.modelWidth, size = width / model.heads, details = model.positionDetails, length = model.maxLength, embedding = weight('embedding.weight');
          const linear = (x, name, outputs, matrix = weight(name + '.weight'), bias = weight(name + '.bias')) =>
            Array.from({ length: outputs }, (_, row) => bias[row] + dot(x, matrix, 0, row * x.length));
          const norm = (x, name) => {
            const mean = x.reduce((one, other) => one + other, 0) / width, centred = x.map(value => value - mean);
            const scale = 1 / Math.sqrt(dot(centred, centred) / width + model.layerNormEpsilon), gain = weight(name + '.weight'), bias = weight(name + '.bias');
            return centred.map((value, i) => value * scale * gain[i] + bias[i]);
          };
          const embed = (id, place) => Array.from({ length: width }, (_, i) => {
            const vector = embedding[id * width + i] * (model.scaleEmbeddings === false ? 1 : Math.sqrt(width));
            if (model.positions === 'learned') return vector + weight('positions.weight')[(place + (details.learnedOffset ?? 0)) * width + i];
            if (model.positions !== 'sinusoidal') return vector;
            const sines = Math.ceil(width / 2), pair = details.sinusoidalInterleaved ? Math.floor(i / 2) : i % sines, angle = place * details.sinusoidalBase ** (-2 * pair / width);
            return vector + ((details.sinusoidalInterleaved ? i % 2 : i >= sines) ? Math.cos(angle) : Math.sin(angle));
          });
          const rotate = (x, start, place) => {
            for (let pair = 0; size / 2 > pair; pair++) {
              const angle = place / details.rotaryPositionScale * details.rotaryBase ** (-2 * pair / size), one = start + (details.rotaryInterleaved ? 2 * pair : pair), other = one + (details.rotaryInterleaved ? 1 : size / 2);
              [x[one], x[other]] = [x[one] * Math.cos(angle) - x[other] * Math.sin(angle), x[one] * Math.sin(angle) + x[other] * Math.cos(angle)];
            }
          };
          const bias = (head, distance) => { // of the key from the query
            if (-distance > window[0] || distance > window[1]) return -Infinity;
            if (model.positions === 'relativeBias') return weight('positions.bias')[buckets[distance + length - 1] * model.heads + head];
            if (model.positions !== 'alibi') return 0;
            const isBehind = leftHeads === 0 ? false : leftHeads > head ? distance > 0 : 0 > distance;
            return isBehind ? -Infinity : -slopes[head] * Math.abs(distance);
          };
          const attend = (x, layer) => {
            const name = layer + 'self_attn.', all = x.map(row => linear(row, '', 3 * width, weight(name + 'in_proj_weight'), weight(name + 'in_proj_bias'))), isShaw = model.positions === 'shawRelative', clip = details.clipDistance;
            const scale = model.score === 'dot' ? 1 : 1 / Math.sqrt(size), joined = x.map(() => new Array(width).fill(0)), near = distance => (Math.max(-clip, Math.min(clip, distance)) + clip) * size;
            const attention = Array.from({ length: model.heads }, (_, head) => {
              const query = head * size, key = width + query, value = 2 * width + query;
              if (model.positions === 'rotary') all.forEach((row, place) => { rotate(row, query, place); rotate(row, key, place); });
              const ofKeys = isShaw ? weight(name + 'positions.key') : null, ofValues = isShaw ? weight(name + 'positions.value') : null;
              return all.map((from, i) => {
                const shares = softmax(all.map((to, j) => (scale * (dot(from, to, query, key, size) + (isShaw ? dot(from, ofKeys, query, near(j - i), size) : 0)) + bias(head, j - i)) / model.temperature));
                shares.forEach((share, j) => { for (let c = 0; size > c; c++) joined[i][query + c] += share * (all[j][value + c] + (isShaw ? ofValues[near(j - i) + c] : 0)); });
                return shares;
              });
            });
            return [joined.map(row => linear(row, name + 'out_proj', width)), attention];
          };
          const pool = x => {
            if (x.length === 0) return new Array(width).fill(0);
            if (model.pooling === 'last') return x.at(-1);
            if (model.pooling === 'cls' || model.pooling === 'first') return x[0];
            if (model.pooling === 'max') return x[0].map((_, i) => Math.max(...x.map(row => row[i])));
            const shares = model.pooling === 'mean' ? x.map(() => 1 / x.length) : softmax(x.map(row => dot(row, weight('pooling.query')) / Math.sqrt(width)));
            return x[0].map((_, i) => x.reduce((sum, row, place) => sum + shares[place] * row[i], 0));
          };
          return ids => {
            const isPre = model.norm === 'pre', add = (x, y) => x.map((row, place) => row.map((value, i) => value + y[place][i]));
            let x = (model.pooling === 'cls' ? [rows - 1, ...ids] : ids).map(embed);
            const attention = [];
            const sublayer = (name, f) => { const y = add(x, f(isPre ? x.map(row => norm(row, name)) : x)); x = isPre ? y : y.map(row => norm(row, name)); };
            for (let index = 0; model.layers > index; index++) {
              const layer = `encoder.layers.${index}.`;
              sublayer(layer + 'norm1', y => { const [output, ofLayer] = attend(y, layer); attention.push(ofLayer); return output; });
              sublayer(layer + 'norm2', y => y.map(row => linear(linear(row, layer + 'linear1', model.feedForwardWidth).map(activations[model.activation]), layer + 'linear2', width)));
            }
            let pooled = pool(isPre ? x.map(row => norm(row, 'encoder.norm')) : x);
            if (model.head === 'tanh' || model.head === 'relu') pooled = linear(pooled, 'head.dense', width).map(model.head === 'tanh' ? Math.tanh : activations.relu);
            return { probabilities: softmax(linear(pooled, 'head', classes)), attention };
          };
        };

        """;
}
