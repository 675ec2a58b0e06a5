// What the package offers, over a WebAssembly module that somebody else loads. Nothing here knows where it runs.

/** Bytes that are asked for at a time, at least; whole blocks of the reader. */
const BLOCK = 1 << 16;
/** Bytes that are asked for at a time, at most, where a file is read from one end to the other. */
const MOST = 1 << 24;
/** Bytes of a file that are kept while its pieces come, unless `memory` says otherwise. */
const KEPT = 1 << 30;

/** What is read is not there, or too large, or not what was asked for; the message says it. */
export class PicklescopeError extends Error {
  name = 'PicklescopeError';
}

/** A fault in Picklescope itself; please report it. The module answers nothing from then on. */
export class InternalError extends PicklescopeError {
  name = 'InternalError';
}

/** @param {Promise<any> | any} wasm the classes of the WebAssembly module, ready or on their way */
export function picklescope(wasm) {
  const isBytes = (input) => input instanceof ArrayBuffer || ArrayBuffer.isView(input);
  const bytesOf = (input) => (input instanceof ArrayBuffer ? new Uint8Array(input) : new Uint8Array(input.buffer, input.byteOffset, input.byteLength));
  const nameOf = (input, options) => options.name ?? (typeof input.name === 'string' ? input.name : 'data');

  /** Begins to read: all of the bytes at once, or pieces as they are needed. */
  async function begin(input, options) {
    const { Reader } = await wasm;
    const name = nameOf(input, options);
    const rest = [options.memory, options.unpacked, options.member];
    if (isBytes(input)) {
      return { reader: Reader.ofBytes(name, bytesOf(input), ...rest) };
    }
    const size = input.byteLength ?? input.size;
    if (!Number.isSafeInteger(size) || size < 0 || typeof input.slice !== 'function') {
      throw new TypeError('expected a Uint8Array, an ArrayBuffer, a Blob, a File, or an object with byteLength and slice(start, end)');
    }
    return { reader: Reader.ofPieces(name, size, ...rest), input, size, kept: 0, most: options.memory ?? KEPT };
  }

  /** Brings what is missing: more at a time, the longer it goes on in a row. */
  async function bring(file, [offset, length]) {
    const ahead = offset === file.end ? Math.min(file.ahead * 2, MOST) : BLOCK;
    const count = Math.min(Math.max(length, ahead), file.size - offset);
    file.kept += count;
    if (file.kept > file.most) {
      throw new PicklescopeError(`more than ${file.most} bytes of the file are needed to answer; a larger memory allows it`);
    }
    const piece = await file.input.slice(offset, offset + count);
    const bytes = bytesOf(isBytes(piece) ? piece : await piece.arrayBuffer());
    if (bytes.length !== count) throw new PicklescopeError(`${count} bytes were asked for at offset ${offset}, and ${bytes.length} came`);
    file.reader.supply(offset, bytes);
    Object.assign(file, { ahead, end: offset + count });
  }

  /** The answer, once everything that it needs is here. */
  async function answer(file, ask) {
    for (;;) {
      let said;
      let refused;
      try {
        said = ask(file.reader);
      } catch (error) {
        if (error instanceof WebAssembly.RuntimeError) throw new InternalError(`a fault in Picklescope itself: ${error.message}`, { cause: error });
        refused = error;
      }
      const missing = file.input && file.reader.missing();
      if (missing) await bring(file, missing);
      else if (refused) throw new PicklescopeError(refused.message);
      else return said;
    }
  }

  const text = (bytes) => new TextDecoder().decode(bytes);

  /** A file that is open: one question at a time, in order. */
  class Opened {
    #file;
    #last = Promise.resolve();

    constructor(file) {
      this.#file = file;
    }

    #ask(ask) {
      const next = this.#last.then(() => {
        if (!this.#file) throw new PicklescopeError('the file is closed');
        return answer(this.#file, ask);
      });
      this.#last = next.catch(() => {});
      return next;
    }

    async facts() { return JSON.parse(await this.#ask((reader) => reader.facts())); }
    async environment() { return JSON.parse(await this.#ask((reader) => reader.environment())); }
    async report() { return JSON.parse(await this.#ask((reader) => reader.report())); }
    async members(most = 10_000) { return JSON.parse(await this.#ask((reader) => reader.members(most))); }
    async value(path) { return JSON.parse(await this.#ask((reader) => reader.value(path))); }
    async find(query, { most = 1000 } = {}) { return JSON.parse(await this.#ask((reader) => reader.find(query, most))); }
    async tree({ depth = 6, items = 100 } = {}) { return this.#ask((reader) => reader.tree(depth, items)); }
    async disassemble() { return text(await this.#ask((reader) => reader.listing())); }
    async toPython() { return text(await this.#ask((reader) => reader.python())); }
    async toJson() { return parsed(text(await this.#ask((reader) => reader.json()))); }
    async export(format, { path } = {}) { return this.#ask((reader) => reader.export(format, path)); }

    close() {
      const file = this.#file;
      this.#file = undefined;
      this.#last = this.#last.then(() => file?.reader.free());
    }
  }

  async function open(input, options = {}) {
    const opened = new Opened(await begin(input, options));
    try {
      await opened.facts();
    } catch (error) {
      opened.close();
      throw error;
    }
    return opened;
  }

  const once = (ask) => async (input, options = {}) => {
    const opened = new Opened(await begin(input, options));
    try {
      return await ask(opened, options);
    } finally {
      opened.close();
    }
  };

  return {
    open,
    inspect: once(async (opened) => ({ ...await opened.facts(), environment: await opened.environment() })),
    scan: once((opened) => opened.report()),
    disassemble: once((opened) => opened.disassemble()),
    toJson: once((opened) => opened.toJson()),
    find: (input, query, options = {}) => once((opened) => opened.find(query, options))(input, options),
  };
}

/** The typed JSON of docs/json.md with numbers as JavaScript has them: every float as a number, ints beyond 2^53 as BigInt. */
function parsed(json) {
  return JSON.parse(json, (key, value) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value) || typeof value.value !== 'string') return value;
    if (value.type === 'int') return BigInt(value.value);
    return value.type === 'float' ? numberOf(value) : value;
  });
}

/** A float; one that is not a number and carries bits of its own stays as it is. */
function numberOf(value) {
  const known = { nan: NaN, inf: Infinity, '-inf': -Infinity };
  if (value.value in known) return known[value.value];
  const number = Number(value.value);
  return Number.isNaN(number) ? value : number;
}
