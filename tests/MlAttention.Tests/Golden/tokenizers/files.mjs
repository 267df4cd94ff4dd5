// Files of this folder, compressed with Brotli where their name says so.
import fs from 'node:fs';
import zlib from 'node:zlib';

const best = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_LGWIN]: 24 } };

export const write = (name, text) => fs.writeFileSync(name, name.endsWith('.br') ? zlib.brotliCompressSync(Buffer.from(text), best) : text);

export const read = (name) => (name.endsWith('.br') ? zlib.brotliDecompressSync(fs.readFileSync(name)) : fs.readFileSync(name)).toString('utf8');
