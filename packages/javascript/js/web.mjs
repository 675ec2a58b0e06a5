// Browsers, with a bundler or without: the WebAssembly module is fetched from beside this file, once.
import { picklescope } from './core.mjs';
import init, { Reader } from './wasm/picklescope.js';

const ready = init({ module_or_path: new URL('./wasm/picklescope_bg.wasm', import.meta.url) }).then(() => ({ Reader }));
// Whoever asks hears of a failure.
ready.catch(() => {});

export { InternalError, PicklescopeError } from './core.mjs';
export const { open, inspect, scan, disassemble, toJson, find } = picklescope(ready);
