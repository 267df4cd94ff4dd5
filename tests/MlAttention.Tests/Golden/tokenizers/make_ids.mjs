// Makes the expected ids of texts.json.br, NAME.ids.br for each tokenizer, and of the pairs of pairs.json.br, NAME.pairs.br, with Hugging Face's @huggingface/tokenizers, and what it
// trains for them: roberta/ (byte pairs) and, from a SentencePiece model, xlm_roberta/tokenizer.json.br.
// Usage: npm install; node make_ids.mjs VOCAB, where VOCAB is vocab.txt of all-MiniLM-L6-v2 (artifacts/pretrained/minilm).
// xlm_roberta/sentencepiece.bpe.model is made before by SentencePiece 0.1.97 from corpus.txt (make_texts.mjs):
//   spm_train --input=corpus.txt --model_prefix=m --vocab_size=2500 --character_coverage=0.999 --shuffle_input_sentence=false --num_threads=1
import fs from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';
import { read, write } from './files.mjs';
import { trainBytePairs } from './byte_pairs.mjs';
import { readModel, tableNormalizer } from './sentence_piece.mjs';

const texts = JSON.parse(read('texts.json.br'));

const special = (content, id, more = {}) => ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true, ...more });
const whole = (parts) => ({ version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, ...parts });
const around = (before, after, between, types) => ({
  type: 'TemplateProcessing',
  single: [{ SpecialToken: { id: before[0], type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: after[0], type_id: 0 } }],
  pair: [{ SpecialToken: { id: before[0], type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }, ...Array(between).fill({ SpecialToken: { id: after[0], type_id: 0 } }),
    { Sequence: { id: 'B', type_id: types - 1 } }, { SpecialToken: { id: after[0], type_id: types - 1 } }],
  special_tokens: Object.fromEntries([before, after].map(([id, number]) => [id, { id, ids: [number], tokens: [id] }])),
});

// Pairs of texts, by their indexes. Left out are empty second texts, which the library takes for none, and separators that are written out,
// which are the unknown token in our pairs so that no text can end the first one.
const PAIRS = 400;
const canPair = (text) => text.length > 0 && !text.includes('[SEP]') && !text.includes('</s>');
const usable = texts.map((_, index) => index).filter((index) => canPair(texts[index]));
const pairs = Array.from({ length: PAIRS }, (_, i) => [usable[(i * 8111) % usable.length], usable[(i * 4973 + 271) % usable.length]]);
write('pairs.json.br', JSON.stringify(pairs));

function expect(name, file, change = (tokenizer) => tokenizer) {
  write(`${name}.tokenizer.json`, JSON.stringify(file)); // for make_library_ids.cs
  const tokenizer = change(new Tokenizer(file, {}));
  write(`${name}.ids.br`, JSON.stringify(texts.map((text) => tokenizer.encode(text).ids)));
  write(`${name}.pairs.br`, JSON.stringify(pairs.map(([first, second]) => tokenizer.encode(texts[first], { text_pair: texts[second] }).ids)));
}

// WordPiece: MiniLM's vocabulary in each of the settings.
const vocabulary = Object.fromEntries(fs.readFileSync(process.argv[2], 'utf8').trimEnd().split(/\r?\n/).map((token, id) => [token, id]));
const bert = (normalizer) => whole({
  added_tokens: ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'].map((token) => special(token, vocabulary[token])),
  normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true, ...normalizer },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: around(['[CLS]', vocabulary['[CLS]']], ['[SEP]', vocabulary['[SEP]']], 1, 2),
  model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab: vocabulary },
});
expect('bert', bert({}));
expect('bert_cased', bert({ lowercase: false }));
expect('bert_accents', bert({ strip_accents: false, handle_chinese_chars: false }));

// Byte pairs: a small vocabulary of RoBERTa's kind, with and without a space before the first word.
const { vocab, merges } = trainBytePairs(texts, 2000, ['<s>', '<pad>', '</s>', '<unk>'], ['<mask>']);
fs.mkdirSync('roberta', { recursive: true });
write('roberta/vocab.json', JSON.stringify(vocab));
write('roberta/merges.txt', ['#version: 0.2', ...merges.map((pair) => pair.join(' '))].join('\n') + '\n');
const roberta = (add_prefix_space) => whole({
  added_tokens: [...['<s>', '<pad>', '</s>', '<unk>'].map((token) => special(token, vocab[token])), special('<mask>', vocab['<mask>'], { lstrip: true })],
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space, trim_offsets: true, use_regex: true },
  post_processor: { type: 'RobertaProcessing', sep: ['</s>', vocab['</s>']], cls: ['<s>', vocab['<s>']], trim_offsets: true, add_prefix_space },
  model: { type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: '', end_of_word_suffix: '', fuse_unk: false, byte_fallback: false, ignore_merges: false, vocab, merges },
});
expect('roberta', roberta(false));
expect('roberta_space', roberta(true));

// Unigram: what transformers makes of a SentencePiece model of XLM-R's kind. The library itself comes near to the model's table of
// characters with NFKC, as its source says; here the table decides.
const { pieces, table } = readModel(fs.readFileSync('xlm_roberta/sentencepiece.bpe.model'));
const scored = [['<s>', 0], ['<pad>', 0], ['</s>', 0], ['<unk>', 0], ...pieces.slice(3), ['<mask>', 0]];
const xlm = whole({
  added_tokens: [...['<s>', '<pad>', '</s>', '<unk>'].map((token, id) => special(token, id)), special('<mask>', scored.length - 1, { lstrip: true })],
  normalizer: { type: 'Sequence', normalizers: [
    { type: 'Precompiled', precompiled_charsmap: table.toString('base64') },
    { type: 'Strip', strip_left: false, strip_right: true },
    { type: 'Replace', pattern: { Regex: ' {2,}' }, content: '\u2581' },
  ] },
  pre_tokenizer: { type: 'Metaspace', replacement: '\u2581', prepend_scheme: 'always', split: true },
  post_processor: around(['<s>', 0], ['</s>', 2], 2, 1),
  model: { type: 'Unigram', unk_id: 3, vocab: scored, byte_fallback: false },
});
write('xlm_roberta/tokenizer.json.br', JSON.stringify(xlm));
expect('xlm_roberta', xlm, (tokenizer) => {
  const precompiled = tokenizer.normalizer.normalizers[0];
  precompiled.normalize = tableNormalizer(table);
  return tokenizer;
});
