// Reads a SentencePiece model, a protobuf: its pieces with their scores, and its table of characters.

function* fields(bytes) {
  let place = 0;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[place++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (place < bytes.length) {
    const tag = number();
    const [field, kind] = [Math.floor(tag / 8), tag & 7];
    if (kind === 0) yield [field, number()];
    else if (kind === 5) yield [field, bytes.readFloatLE((place += 4) - 4)];
    else if (kind === 1) place += 8;
    else {
      const length = number();
      yield [field, bytes.subarray(place, (place += length))];
    }
  }
}

export function readModel(bytes) {
  const pieces = [];
  let table = null;
  for (const [field, value] of fields(bytes)) {
    if (field === 1) {
      const piece = Object.fromEntries(fields(value));
      pieces.push([piece[1].toString('utf8'), piece[2]]);
    } else if (field === 3) {
      table = Object.fromEntries(fields(value))[2];
    }
  }
  return { pieces, table };
}

// What Hugging Face's library does with the table: a cluster of fewer than six bytes becomes what its shortest beginning in the trie
// becomes, else each of its characters does.
export function tableNormalizer(table) {
  const size = table.readUInt32LE(0);
  const unit = (place) => table.readUInt32LE(4 + 4 * place);
  const offset = (value) => (value >>> 10) << ((value & 512) >>> 6);
  const texts = table.subarray(4 + size);
  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

  function become(part) {
    let place = offset(unit(0));
    for (const byte of Buffer.from(part)) {
      if (byte === 0) return null;
      place ^= byte;
      const value = unit(place);
      if ((value & 0x800000ff) >>> 0 !== byte) return null;
      place ^= offset(value);
      if ((value >>> 8) & 1) {
        const start = unit(place) & 0x7fffffff;
        return texts.subarray(start, texts.indexOf(0, start)).toString('utf8');
      }
    }
    return null;
  }

  return (text) => {
    let result = '';
    for (const { segment } of segmenter.segment(text)) {
      const short = Buffer.byteLength(segment) < 6 ? become(segment) : null;
      result += short ?? Array.from(segment, (character) => become(character) ?? character).join('');
    }
    return result;
  };
}
