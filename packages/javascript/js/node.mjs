// Node, Deno and Bun: the WebAssembly module lies beside this file.
import { readFile } from 'node:fs/promises';
import { picklescope } from './core.mjs';
import { Reader, initSync } from './wasm/picklescope.js';

const ready = readFile(new URL('./wasm/picklescope_bg.wasm', import.meta.url)).then((module) => {
  initSync({ module });
  return { Reader };
});
// Whoever asks hears of a failure.
ready.catch(() => {});

export { InternalError, PicklescopeError } from './core.mjs';
export const { open, inspect, scan, disassemble, toJson, find } = picklescope(ready);
