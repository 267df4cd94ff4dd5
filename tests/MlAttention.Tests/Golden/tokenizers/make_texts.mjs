// Makes texts.json.br: 10,000 texts, of data sets and made up. Usage: node make_texts.mjs FOLDER
// FOLDER has arith_relation, banking77 and snips7, each with train.csv whose first column is the text.
import fs from 'node:fs';
import path from 'node:path';
import { write } from './files.mjs';

const TOTAL = 10000, WRITTEN = 8500;

let state = 20240607;
const random = (n) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 4294967296) * n);
};
const pick = (list) => list[random(list.length)];

function firstColumn(file) {
  const text = fs.readFileSync(file, 'utf8');
  const rows = [];
  let i = text.indexOf('\n') + 1;
  while (i < text.length) {
    let value = '';
    if (text[i] === '"') {
      for (i++; text[i] !== '"' || text[i + 1] === '"'; i++) {
        if (text[i] === '"') i++;
        value += text[i];
      }
    } else {
      while (text[i] !== ',') value += text[i++];
    }
    rows.push(value);
    i = text.indexOf('\n', i) + 1 || text.length;
  }
  return rows;
}

const every = (rows, count) => Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)]);

// Of every kind of character that a tokenizer treats in its own way. Left out is where the JavaScript library differs from Hugging
// Face's own, in Rust: the next line U+0085, the byte order mark, the capital sigma and ideographs beyond U+FFFF, which are in
// make_library_ids.cs, and characters that the two have from different versions of Unicode.
const fragments = [
  'The', 'cat', 'naïve', 'café', 'RÉSUMÉ', 'Ångström', 'Übergröße', 'straße', 'İstanbul', 'ısı', 'œuvre', 'Æsir', 'ﬁne', 'ﬀ', 'x²', '½', '№5', '™', '©2024', 'Ⅷ',
  'e\u0301', 'a\u0323\u0302', 'n\u0303o', 'o\u0308\u0304', '\u0301', 'z\u0337a\u0327l\u0316g\u0310o', 'й', 'Ё', 'Москва', 'ЖЁЛТЫЙ', 'ελληνικά', 'άλφα', 'λόγος', 'Ωμέγα', '日本語', '東京タワー', '你好世界', '漢字',
  '豈', '㐀', '한국어', '문장', '각', 'ภาษาไทย', 'สวัสดี', 'العربية', 'مرحبا', 'עברית', 'שלום', 'हिन्दी', 'नमस्ते', 'தமிழ்', 'বাংলা', 'ქართული', 'հայերեն', 'አማርኛ', 'ខ្មែរ', 'မြန်မာ', '𝒳', '𝔘𝔫𝔦', '𐐀𐐨', '𝟘',
  '😀', '👍🏽', '👨‍👩‍👧‍👦', '🏳️‍🌈', '🇩🇪', '❤️', '☺', '1️⃣', '🥰', '🤷‍♀️', '$', '+', '=', '<', '>', '^', '`', '|', '~', '€', '£', '¥', '§', '°', '±', '×', '÷', '→', '∑', '√', '≠', '•', '…', '—', '–', '“quoted”', '‘s', '«»', '¿', '¡', '、', '。', '！', '？', 'ＡＢＣ', '１２３', 'ｶﾅ', '・', '〜', '～',
  '\t', '\n', '\r\n', '\r', '\u00a0', '\u2003', '\u3000', '\u2028', '\u200b', '\u200d', '\u00ad', '\u0000', '\u0001', '\u0007', '\u001b[0m', '\u007f', '\ufffd', '\ufffe', '\ue000', '\u2581', '\u2581x', '\u180e', '\u061c', '\u200e',
  "don't", "I'm", "we've", "they'll", "it's", "'s", "'S", "''", "o'clock", 'e-mail', 'snake_case', 'C++', 'C#', 'a.b.c', 'http://example.com/a?b=c&d=%20', 'me@example.org', '3.14', '-7', '1,000', '10%', '0x1F', '2024-06-07', '12:30', '#tag', '@name', '(', ')', '[', ']', '{', '}', '"', '\\', '/', '...', '!!!', '?!', '--', '<br/>', '&amp;', '  ', '   ', '      ',
  '[CLS]', '[SEP]', '[PAD]', '[UNK]', '[MASK]', '[mask]', '[ MASK ]', '<s>', '</s>', '<pad>', '<unk>', '<mask>', '<MASK>', ' <mask> ', ' [MASK] ', '[MASK]s', 'un[SEP]known', '<s></s>', '##ing', '[unused0]', '<|endoftext|>',
  'unaffable', 'antidisestablishmentarianism', 'Donaudampfschifffahrtsgesellschaft', 'pneumonoultramicroscopicsilicovolcanoconiosis', 'qqqqxzzzz', 'zażółć', 'ŁÓDŹ', 'đá', 'Đ', 'ø', 'ß', 'ẞ', 'ŉ', 'ǆ', 'ŀ', 'þ',
];
const long = ['a'.repeat(99), 'a'.repeat(100), 'a'.repeat(101), 'b'.repeat(1000), 'é'.repeat(100), 'é'.repeat(101), 'e\u0301'.repeat(100), '😀'.repeat(50), '😀'.repeat(101), 'ab'.repeat(60), '.'.repeat(150), ' '.repeat(200), '1'.repeat(120), 'x'.repeat(100) + '\u0301', '\u0301'.repeat(120)];

function madeUp() {
  let text = '';
  for (let parts = 1 + random(9); parts > 0; parts--) text += (random(40) ? pick(fragments) : pick(long)) + (random(3) ? ' ' : '');
  return text;
}

// Any characters below U+FFFF, but for those.
const differs = /[\p{Cn}\u0085\u03a3\ufeff\u061d\u07fd\u0890-\u089f\u08ca-\u08e2\u09fd-\u09fe\u0a76\u0afa-\u0aff\u0b55\u0c04\u0c3c\u0c77\u0c84\u0d00\u0d3b-\u0d3c\u0d81\u0eba\u0ece\u166d\u1734\u180f\u1885-\u1886\u1abf-\u1aff\u1b4e-\u1b4f\u1b7d-\u1b7f\u1df6-\u1dfb\u2e43-\u2e5d\ua82c\ua8c5\ua8ff\ua9bd]/u;

function anyCharacters() {
  let text = '';
  for (let count = 1 + random(20); count > 0;) {
    const code = random(4) ? random(0x3000) : random(0xffff);
    const character = String.fromCodePoint(code);
    if ((code >= 0xd800 && code < 0xe000) || differs.test(character)) continue;
    text += character;
    count--;
  }
  return text;
}

const folder = process.argv[2];
const rows = Object.fromEntries(['arith_relation', 'banking77', 'snips7'].map((name) => [name, firstColumn(path.join(folder, name, 'train.csv'))]));
const texts = [...every(rows.arith_relation, 1500), ...every(rows.banking77, 2250), ...every(rows.snips7, 2250)];
texts.push('', ' ', '\n', '\t \r\n', '\u3000', '\u0000', '\u200b', ...fragments, ...long);
while (texts.length < WRITTEN) texts.push(madeUp());
while (texts.length < TOTAL) texts.push(anyCharacters());
write('texts.json.br', JSON.stringify(texts));
fs.writeFileSync('corpus.txt', texts.slice(0, WRITTEN).map((text) => text.replace(/[\r\n\u0000]/g, ' ')).join('\n'));
