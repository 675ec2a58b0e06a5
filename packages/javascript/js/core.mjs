// What the package offers, over a WebAssembly module that somebody else loads. Nothing here knows where it runs.
import { bytesOf, bytesOfPiece, isBytes, sizeOf, taken } from './arguments.mjs';

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

/** A fault in Picklescope itself; please report it. Every later call is rejected with the same error. */
export class InternalError extends PicklescopeError {
  name = 'InternalError';
}

/** @param {Promise<any> | any} wasm the classes of the WebAssembly module, ready or on their way */
export function picklescope(wasm) {
  /** What is to be said from the first fault on: where a question was broken off, the module's memory may hold anything. */
  let fault;
  const unfreed = [];

  const refuseAfterFault = () => {
    if (fault) throw fault;
  };

  /** Calls into the module. What it refuses is an Error; anything else that is thrown is a fault. */
  function call(ask) {
    refuseAfterFault();
    try {
      return ask();
    } catch (error) {
      if (error?.constructor === Error) throw new PicklescopeError(error.message);
      fault = new InternalError(`a fault in Picklescope itself: ${error?.message ?? error}`, { cause: error });
      throw fault;
    }
  }

  const nameOf = (input, name) => name ?? (typeof input.name === 'string' ? input.name : 'data');

  /** Begins to read: all of the bytes at once, or pieces as they are needed. */
  async function begin(input, { name, memory, unpacked, member }) {
    const { Reader } = await wasm;
    const rest = [memory, unpacked, member];
    if (isBytes(input)) {
      return { reader: call(() => Reader.ofBytes(nameOf(input, name), bytesOf(input), ...rest)) };
    }
    const size = sizeOf(input);
    return { reader: call(() => Reader.ofPieces(nameOf(input, name), size, ...rest)), input, size, kept: 0, most: memory ?? KEPT };
  }

  /** Brings what is missing: more at a time, the longer it goes on in a row. */
  async function bring(file, [offset, length]) {
    const ahead = offset === file.end ? Math.min(file.ahead * 2, MOST) : BLOCK;
    const count = Math.min(Math.max(length, ahead), file.size - offset);
    file.kept += count;
    if (file.kept > file.most) {
      throw new PicklescopeError(`more than ${file.most} bytes of the file are needed to answer; a larger memory allows it`);
    }
    const bytes = await bytesOfPiece(await file.input.slice(offset, offset + count), offset, offset + count);
    if (bytes.length !== count) throw new PicklescopeError(`${count} bytes were asked for at offset ${offset}, and ${bytes.length} came`);
    call(() => file.reader.supply(offset, bytes));
    Object.assign(file, { ahead, end: offset + count });
  }

  /** The answer, once everything that it needs is here. */
  async function answer(file, ask) {
    for (;;) {
      let said;
      let refused;
      try {
        said = call(() => ask(file.reader));
      } catch (error) {
        refused = error;
      }
      refuseAfterFault();
      const missing = file.input && call(() => file.reader.missing());
      if (missing) await bring(file, missing);
      else if (refused) throw refused;
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
      const file = this.#file;
      const next = this.#last.then(() => {
        if (!file) throw new PicklescopeError('the file is closed');
        return answer(file, ask);
      });
      this.#last = next.catch(() => {});
      return next;
    }

    async facts() { return JSON.parse(await this.#ask((reader) => reader.facts())); }
    async environment() { return JSON.parse(await this.#ask((reader) => reader.environment())); }
    async report() { return JSON.parse(await this.#ask((reader) => reader.report())); }
    async disassemble() { return text(await this.#ask((reader) => reader.listing())); }
    async toPython() { return text(await this.#ask((reader) => reader.python())); }
    async toJson() { return parsed(text(await this.#ask((reader) => reader.json()))); }

    async members(...given) {
      const [most] = taken('Opened.members', given);
      return JSON.parse(await this.#ask((reader) => reader.members(most)));
    }

    async value(...given) {
      const [path] = taken('Opened.value', given);
      return JSON.parse(await this.#ask((reader) => reader.value(path)));
    }

    async find(...given) {
      const [query, { most }] = taken('Opened.find', given);
      return JSON.parse(await this.#ask((reader) => reader.find(query, most)));
    }

    async tree(...given) {
      const [{ depth, items }] = taken('Opened.tree', given);
      return this.#ask((reader) => reader.tree(depth, items));
    }

    async export(...given) {
      const [format, { path }] = taken('Opened.export', given);
      return this.#ask((reader) => reader.export(format, path));
    }

    close() {
      const file = this.#file;
      this.#file = undefined;
      this.#last = this.#last.then(() => {
        // Nothing is freed after a fault, not by the garbage collector either.
        if (fault) unfreed.push(file);
        else if (file) call(() => file.reader.free());
      }).catch(() => {});
    }
  }

  async function open(...given) {
    const [input, options] = taken('open', given);
    const opened = new Opened(await begin(input, options));
    try {
      await opened.facts();
    } catch (error) {
      opened.close();
      throw error;
    }
    return opened;
  }

  /** One answer of a file, by the arguments of `name`: what stands between the input and the options goes to `ask`. */
  const once = (name, ask) => async (...given) => {
    const [input, ...rest] = taken(name, given);
    const opened = new Opened(await begin(input, rest.at(-1)));
    try {
      return await ask(opened, ...rest);
    } finally {
      opened.close();
    }
  };

  return {
    open,
    inspect: once('inspect', async (opened) => ({ ...await opened.facts(), environment: await opened.environment() })),
    scan: once('scan', (opened) => opened.report()),
    disassemble: once('disassemble', (opened) => opened.disassemble()),
    toJson: once('toJson', (opened) => opened.toJson()),
    find: once('find', (opened, query, { most }) => opened.find(query, { most })),
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
