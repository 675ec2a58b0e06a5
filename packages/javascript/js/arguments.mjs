// What the functions take, checked before any of it reaches the module: WebAssembly takes anything for a number or an address.

/** Bytes that can be given in memory: one allocation of the module, whose addresses have 32 bits. */
const LARGEST = 2 ** 31 - 1;

const TEXT = { words: 'a string', is: (value) => typeof value === 'string' };
const QUERY = { ...TEXT, hint: (value) => (['number', 'bigint'].includes(typeof value) ? `; a query is a string: '${value}'` : '') };
const whole = (what, most) => ({ words: `a whole number ${what}from 0 to ${most}`, is: (value) => Number.isInteger(value) && value >= 0 && value <= most, isNumber: true });
const COUNT = whole('', 2 ** 32 - 1);
const BYTES = whole('of bytes ', Number.MAX_SAFE_INTEGER);
const INPUT = { words: 'a Uint8Array, an ArrayBuffer, a Blob, a File, or an object with byteLength and slice(start, end)', is: isInput, hint: hintOfInput };

/** May be left out, and is `standard` then. */
const optional = (kind, standard) => ({ ...kind, isOptional: true, standard });
/** An object of options: none but these. */
const options = (kinds) => ({ kinds });

const WHOLE_FILE = { name: optional(TEXT), memory: optional(BYTES), unpacked: optional(BYTES) };
const ONE_MEMBER = { ...WHOLE_FILE, member: optional(TEXT) };
const HITS = { most: optional(COUNT, 1000) };
const ONE_FILE = { input: INPUT, options: options(ONE_MEMBER) };

/** The arguments of each function, in order. */
const FUNCTIONS = {
  open: ONE_FILE,
  inspect: ONE_FILE,
  scan: { input: INPUT, options: options(WHOLE_FILE) },
  disassemble: ONE_FILE,
  toJson: ONE_FILE,
  find: { input: INPUT, query: QUERY, options: options({ ...ONE_MEMBER, ...HITS }) },
  'Opened.members': { most: optional(COUNT, 10_000) },
  'Opened.value': { path: TEXT },
  'Opened.find': { query: QUERY, options: options(HITS) },
  'Opened.tree': { options: options({ depth: optional(COUNT, 6), items: optional(COUNT, 100) }) },
  'Opened.export': { format: TEXT, options: options({ path: optional(TEXT) }) },
};

/** The arguments that a function was given, with what was left out; a TypeError or RangeError says which one is wrong. */
export function taken(name, given) {
  return Object.entries(FUNCTIONS[name]).map(([argument, kind], at) => (
    kind.kinds ? takenOptions(name, argument, kind.kinds, given[at]) : takenOne(`${name}: ${argument}`, kind, given[at])));
}

function takenOptions(name, argument, kinds, given = {}) {
  // No arrays, bytes or files, whose keys would be gone through.
  if (Object.prototype.toString.call(given) !== '[object Object]') throw new TypeError(`${name}: ${argument} must be an object, not ${described(given)}`);
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(kinds, key));
  if (unknown !== undefined) throw new TypeError(`${name}: there is no option ${quoted(unknown)}; there is ${Object.keys(kinds).join(', ')}`);
  return Object.fromEntries(Object.entries(kinds).map(([key, kind]) => [key, takenOne(`${name}: option ${key}`, kind, given[key])]));
}

function takenOne(place, kind, value) {
  if (value === undefined && kind.isOptional) return kind.standard;
  if (kind.is(value)) return value;
  const Wrong = kind.isNumber && typeof value === 'number' ? RangeError : TypeError;
  throw new Wrong(`${place} must be ${kind.words}, not ${described(value)}${kind.hint?.(value) ?? ''}`);
}

/** Whether these are bytes in memory. */
export const isBytes = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value);

/** Bytes in memory, as the module takes them. */
export const bytesOf = (bytes) => (bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));

/** Size of an input that is asked for its bytes. */
export const sizeOf = (input) => input.byteLength ?? input.size;

/** The bytes that an input gave when it was asked for some. */
export async function bytesOfPiece(piece, start, end) {
  const bytes = typeof piece?.arrayBuffer === 'function' ? await piece.arrayBuffer() : piece;
  if (isBytes(bytes)) return bytesOf(bytes);
  throw new TypeError(`slice(${start}, ${end}) of the input must give an ArrayBuffer, a Uint8Array or a promise of one, not ${described(bytes)}`);
}

function isInput(value) {
  if (isBytes(value)) return !isDetached(value) && value.byteLength <= LARGEST;
  if (value === null || typeof value !== 'object' || isShared(value)) return false;
  return Number.isSafeInteger(sizeOf(value)) && sizeOf(value) >= 0 && typeof value.slice === 'function';
}

function hintOfInput(value) {
  if (isShared(value)) return '; give it as new Uint8Array(buffer)';
  if (!isBytes(value)) return typeof value === 'string' ? '; a path is not opened, give the bytes of the file' : '';
  if (isDetached(value)) return ' that was transferred and has no bytes any more';
  return ` of ${value.byteLength} bytes: more than ${LARGEST} must come in pieces, as from new Blob([bytes])`;
}

const isShared = (value) => Object.prototype.toString.call(value) === '[object SharedArrayBuffer]';

/** Whether the bytes are elsewhere now: with a worker that they were transferred to. */
function isDetached(bytes) {
  try {
    return !bytesOf(bytes);
  } catch {
    return true;
  }
}

/** A value in a few words. */
function described(value) {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return `the string ${quoted(value)}`;
  if (typeof value === 'number') return `the number ${Object.is(value, -0) ? '-0' : value}`;
  if (typeof value === 'bigint') return `the bigint ${value}n`;
  if (typeof value !== 'object') return `a ${typeof value}`;
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  if (kind === 'Object') return 'an object';
  return `${/^([AEIO]|Un)/.test(kind) ? 'an' : 'a'} ${kind}`;
}

const quoted = (text) => `'${text.length > 40 ? `${text.slice(0, 40)}…` : text}'`;
