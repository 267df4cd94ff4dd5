// Trains byte pairs (Sennrich et al. 2016) on GPT-2's words, in the letters that stand for bytes in vocab.json.

const words = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

const letters = (() => {
  let hidden = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode((byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174 ? byte : hidden++));
})();

export function trainBytePairs(texts, count, first, last) {
  const counts = new Map();
  for (const text of texts) {
    for (const word of text.match(words) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const list = [...counts].map(([word, times]) => ({ times, parts: Array.from(new TextEncoder().encode(word), (byte) => letters[byte]) })).filter((word) => word.parts.length < 60);
  const merges = [];
  while (merges.length < count) {
    const pairs = new Map();
    for (const { times, parts } of list) {
      for (let i = 0; i + 1 < parts.length; i++) {
        const pair = parts[i] + ' ' + parts[i + 1];
        pairs.set(pair, (pairs.get(pair) ?? 0) + times);
      }
    }
    const [best] = [...pairs].reduce((a, b) => (b[1] > a[1] || (b[1] === a[1] && b[0] < a[0]) ? b : a));
    const [left, right] = best.split(' ');
    merges.push([left, right]);
    for (const word of list) {
      const { parts } = word;
      for (let i = 0; i + 1 < parts.length; i++) {
        if (parts[i] === left && parts[i + 1] === right) parts.splice(i, 2, left + right);
      }
    }
  }
  const tokens = [...new Set([...first, ...letters, ...merges.map(([left, right]) => left + right), ...last])];
  return { vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges };
}
