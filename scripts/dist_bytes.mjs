// Compresses the files of the site for hosts that send them so (`.gz` and `.br` beside each), prints what a browser loads before
// the first file can be opened, and fails over the limits in budgets.json. `make dist` runs it.
//
//   node scripts/dist_bytes.mjs [FOLDER]      default dist
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const folder = process.argv[2] ?? 'dist';
const budgets = JSON.parse(readFileSync(new URL('budgets.json', import.meta.url)));

/**
 * The part of the site that a file is of: what draws the drop zone, the page's program, the worker's, what its audit knows, and what
 * the first file does not wait for: the page for addresses, the copy for use offline, what is said where there is no server.
 */
function partOf(name) {
  if (/^(remote|sw|install|from_file)\b|^remote_/.test(name)) return 'beside';
  if (/^app-.*\.(js|wasm)$/.test(name)) return 'program';
  if (/^names-.*\.lzma$/.test(name)) return 'names';
  return /^worker.*\.(js|wasm)$/.test(name) ? 'decoder' : 'page';
}

const parts = Object.fromEntries(Object.keys(budgets).map((part) => [part, { bytes: 0, gzip: 0, brotli: 0 }]));
for (const name of readdirSync(folder).toSorted()) {
  const path = join(folder, name);
  if (/\.(gz|br)$/.test(name)) {
    rmSync(path);
    continue;
  }
  const bytes = readFileSync(path);
  const gzip = gzipSync(bytes, { level: 9 });
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length, [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS },
  });
  writeFileSync(`${path}.gz`, gzip);
  writeFileSync(`${path}.br`, brotli);
  for (const part of [partOf(name), 'all']) {
    parts[part].bytes += bytes.length;
    parts[part].gzip += gzip.length;
    parts[part].brotli += brotli.length;
  }
}

const cell = (text) => String(text).padStart(22);
const number = (value) => value.toLocaleString('en');
console.log(`${'bytes at load'.padEnd(14)}${cell('as they are')}${cell('gzip -9 (limit)')}${cell('brotli -11 (limit)')}`);
let isOver = false;
for (const [part, sizes] of Object.entries(parts)) {
  const cells = ['gzip', 'brotli'].map((kind) => cell(`${number(sizes[kind])} (${number(budgets[part][kind])})`));
  const over = ['gzip', 'brotli'].filter((kind) => sizes[kind] > budgets[part][kind]);
  console.log(`${part.padEnd(14)}${cell(number(sizes.bytes))}${cells.join('')}${over.length ? '  over the limit' : ''}`);
  isOver ||= over.length > 0;
}
if (isOver) {
  console.error('The site has more bytes than scripts/budgets.json allows. docs/performance.md says how to find what they are.');
  process.exit(1);
}
