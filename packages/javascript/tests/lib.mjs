// What the tests share: fixtures of the repository, and a file whose bytes come piece by piece.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = process.env.PICKLESCOPE_ROOT;
export const FIXTURES = join(ROOT, 'tests/fixtures');

export const fixture = (name) => readFileSync(join(FIXTURES, name));

/** Files below a folder of the fixtures, by their paths from there. */
export function files(folder) {
  return readdirSync(join(FIXTURES, folder), { recursive: true }).map((name) => join(folder, name))
    .filter((name) => statSync(join(FIXTURES, name)).isFile()).toSorted();
}

/** An object as hyparquet reads from, which counts what it gives. */
export function pieces(bytes, { wait = false } = {}) {
  const given = { byteLength: bytes.length, reads: 0, bytes: 0 };
  given.slice = (start, end) => {
    given.reads += 1;
    given.bytes += end - start;
    const part = bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + end);
    return wait ? new Promise((resolve) => { setTimeout(() => resolve(part)); }) : part;
  };
  return given;
}
