// Writes two files that are far larger than what they take on a disk: a checkpoint as torch.save makes it (zip64) and a
// pickle with its payloads inline. Zeros are sought over, so the files are sparse and made in seconds.
//
//   node tests/e2e/giants.mjs FOLDER        FOLDER/giant.pt, 12.0 GB, and FOLDER/giant.pkl, 10.3 GB apparent size
//
// Needs Node 20.15 for zlib.crc32.
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';

const PAYLOAD = 200_000_000;
const ZEROS = Buffer.alloc(10_000_000);

/** A file that is written from its beginning to its end, zeros without writing them. */
export class Sparse {
  constructor(path) {
    this.file = openSync(path, 'w');
    this.at = 0;
  }

  write(bytes) {
    writeSync(this.file, bytes, 0, bytes.length, this.at);
    this.at += bytes.length;
  }

  skip(count) {
    this.at += count;
  }

  close() {
    ftruncateSync(this.file, this.at);
    closeSync(this.file);
    return this.at;
  }
}

/** The same without a disk: any part of it can be read. */
export class Virtual {
  parts = [];
  at = 0;

  write(bytes) {
    this.parts.push([this.at, bytes]);
    this.at += bytes.length;
  }

  skip(count) {
    this.at += count;
  }

  close() {
    return this.at;
  }

  /** The bytes from `start` to before `end`. */
  read(start, end) {
    const bytes = Buffer.alloc(end - start);
    for (const [at, part] of this.parts) {
      if (at < end && at + part.length > start) part.copy(bytes, Math.max(0, at - start), Math.max(0, start - at));
    }
    return bytes;
  }
}

const u8 = (value) => Buffer.of(value);
const number = (width, value) => {
  const bytes = Buffer.alloc(width);
  if (width === 8) bytes.writeBigUInt64LE(BigInt(value));
  else bytes.writeUIntLE(value, 0, width);
  return bytes;
};
const u16 = (value) => number(2, value);
const u32 = (value) => number(4, value);
const u64 = (value) => number(8, value);
const f32 = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
};

/** `size` bytes that begin with `first`, end with `last` and are zero between; as parts for `put` and `sum`. */
const hollow = (first, last, size) => [first, size - first.length - last.length, last];

function put(out, parts) {
  for (const part of parts) {
    if (typeof part === 'number') out.skip(part);
    else out.write(part);
  }
}

function sum(parts) {
  let crc = 0;
  for (const part of parts) {
    if (typeof part !== 'number') crc = crc32(part, crc);
    else for (let left = part; left > 0; left -= ZEROS.length) crc = crc32(ZEROS.subarray(0, Math.min(left, ZEROS.length)), crc);
  }
  return crc;
}

const sizeOf = (parts) => parts.reduce((total, part) => total + (typeof part === 'number' ? part : part.length), 0);

// The opcodes that are needed, by their names in pickletools.

const text = (value) => Buffer.from(value);
const op = {
  proto: (version) => Buffer.of(0x80, version),
  global: (module, name) => text(`c${module}\n${name}\n`),
  binunicode: (value) => Buffer.concat([text('X'), u32(Buffer.byteLength(value)), text(value)]),
  shortBinunicode: (value) => Buffer.concat([u8(0x8c), u8(Buffer.byteLength(value)), text(value)]),
  binint: (value) => Buffer.concat([text('J'), u32(value)]),
  binint1: (value) => Buffer.concat([text('K'), u8(value)]),
  binfloat: (value) => {
    const bytes = Buffer.alloc(9, 'G');
    bytes.writeDoubleBE(value, 1);
    return bytes;
  },
  binput: (index) => Buffer.concat([text('q'), u8(index)]),
  binget: (index) => Buffer.concat([text('h'), u8(index)]),
  mark: text('('), tuple: text('t'), tuple1: u8(0x85), tuple2: u8(0x86), emptyTuple: text(')'), emptyDict: text('}'), setitems: text('u'),
  reduce: text('R'), binpersid: text('Q'), newfalse: u8(0x89), stop: text('.'), memoize: u8(0x94), stackGlobal: u8(0x93),
};

/** data.pkl: an OrderedDict of float32 tensors of (rows, 1000), each a storage of its own. */
function stateDict(tensors, elements) {
  const shape = [op.binint(elements / 1000), op.binint(1000), op.tuple2, op.binint(1000), op.binint1(1), op.tuple2];
  const parts = [op.proto(2), op.global('collections', 'OrderedDict'), op.binput(0), op.emptyTuple, op.reduce, op.binput(1), op.mark];
  for (let index = 0; index < tensors; index += 1) {
    const storage = index === 0
      ? [op.binunicode('storage'), op.binput(3), op.global('torch', 'FloatStorage'), op.binput(4), op.binunicode('0'), op.binunicode('cpu'), op.binput(5)]
      : [op.binget(3), op.binget(4), op.binunicode(String(index)), op.binget(5)];
    parts.push(
      op.binunicode(`layers.${index}.weight`),
      ...(index === 0 ? [op.global('torch._utils', '_rebuild_tensor_v2'), op.binput(2)] : [op.binget(2)]),
      op.mark, op.mark, ...storage, op.binint(elements), op.tuple, op.binpersid,
      op.binint1(0), ...shape, op.newfalse, op.binget(0), op.emptyTuple, op.reduce, op.tuple, op.reduce,
    );
  }
  return Buffer.concat([...parts, op.setitems, op.stop]);
}

/**
 * A checkpoint: zip64, stored, every record at a multiple of 64 (padding in an extra field `FB`), sizes in data
 * descriptors. Tensor n begins with n, n + 0.5 and ends with -n; the rest is zero.
 * Returns its size and where the bytes of each record are. `path` may be something to write to; without `sums`, those of tensors are 0.
 */
export function writeCheckpoint(path, { tensors = 60, bytes = PAYLOAD, top = 'giant', sums = true } = {}) {
  const out = typeof path === 'string' ? new Sparse(path) : path;
  const records = [];
  const record = (name, parts) => {
    const full = text(`${top}/${name}`);
    const header = out.at;
    const padding = (64 - ((header + 30 + full.length + 4) % 64)) % 64;
    const extra = Buffer.concat([text('FB'), u16(padding), Buffer.alloc(padding, 'Z')]);
    out.write(Buffer.concat([text('PK\x03\x04'), u16(0), u16(0x0808), Buffer.alloc(18), u16(full.length), u16(extra.length), full, extra]));
    const [offset, size, crc] = [out.at, sizeOf(parts), sums || parts.length === 1 ? sum(parts) : 0];
    put(out, parts);
    out.write(Buffer.concat([text('PK\x07\x08'), u32(crc), u32(size), u32(size)]));
    records.push({ name: full.toString(), header, offset, size, crc });
  };
  record('data.pkl', [stateDict(tensors, bytes / 4)]);
  record('.format_version', [text('1')]);
  record('.storage_alignment', [text('64')]);
  record('byteorder', [text('little')]);
  for (let index = 0; index < tensors; index += 1) {
    record(`data/${index}`, hollow(Buffer.concat([f32(index), f32(index + 0.5)]), f32(-index), bytes));
  }
  record('version', [text('3\n')]);
  record('.data/serialization_id', [text('0'.repeat(40))]);

  const directory = out.at;
  for (const { name, header, size, crc } of records) {
    const far = header > 0xfffffffe;
    const extra = far ? Buffer.concat([u16(1), u16(8), u64(header)]) : Buffer.alloc(0);
    out.write(Buffer.concat([
      text('PK\x01\x02'), u16(0), u16(0), u16(0x0808), Buffer.alloc(6), u32(crc), u32(size), u32(size), u16(name.length), u16(extra.length),
      Buffer.alloc(10), u32(far ? 0xffffffff : header), text(name), extra,
    ]));
  }
  const [end, length] = [out.at, out.at - directory];
  out.write(Buffer.concat([
    text('PK\x06\x06'), u64(44), u16(45), u16(45), u32(0), u32(0), u64(records.length), u64(records.length), u64(length), u64(directory),
    text('PK\x06\x07'), u32(0), u64(end), u32(1),
    text('PK\x05\x06'), u16(0), u16(0), u16(records.length), u16(records.length), u32(length), u32(Math.min(directory, 0xffffffff)), u16(0),
  ]));
  return { size: out.close(), records };
}

/** What Python's pickler does with frames: small things in a frame, a large payload between two frames. */
class Framed {
  constructor(out) {
    this.out = out;
    this.parts = [];
  }

  push(...parts) {
    this.parts.push(...parts);
  }

  flush() {
    const frame = Buffer.concat(this.parts);
    this.parts = [];
    if (frame.length >= 4) this.out.write(Buffer.concat([u8(0x95), u64(frame.length)]));
    this.out.write(frame);
  }

  /** BINBYTES8 or BYTEARRAY8 around a payload that begins and ends with `index` as u32; returns where the payload is. */
  payload(opcode, size, first, last) {
    this.flush();
    this.out.write(Buffer.concat([u8(opcode), u64(size)]));
    const offset = this.out.at;
    put(this.out, hollow(first, last, size));
    this.push(op.memoize);
    return offset;
  }
}

const BINBYTES8 = 0x8e;
const BYTEARRAY8 = 0x96;

/**
 * A pickle of protocol 5: a dict of `payloads` large values and, if `huge` is not 0, one above 4 GiB at its end. Every
 * third is bytes, every third a bytearray, every third a float32 array of (rows, 1000); behind each stands a small value.
 * Payload n begins and ends with n: as u32, or as float32 in an array. Returns its size and where the payloads are.
 */
export function writePickle(path, { payloads = 30, bytes = PAYLOAD, huge = 4_300_000_000 } = {}) {
  const out = new Sparse(path);
  out.write(op.proto(5));
  const framed = new Framed(out);
  const found = [];
  const value = (key, kind, index, size) => {
    framed.push(op.shortBinunicode(key), op.memoize);
    if (kind !== 'array') {
      const offset = framed.payload(kind === 'bytes' ? BINBYTES8 : BYTEARRAY8, size, u32(index), u32(index));
      found.push({ key, kind, offset, size });
      return;
    }
    framed.push(
      op.shortBinunicode('numpy._core.numeric'), op.memoize, op.shortBinunicode('_frombuffer'), op.memoize, op.stackGlobal, op.memoize, op.mark,
    );
    const offset = framed.payload(BYTEARRAY8, size, f32(index), f32(index));
    framed.push(
      op.shortBinunicode('numpy'), op.memoize, op.shortBinunicode('dtype'), op.memoize, op.stackGlobal, op.memoize,
      op.shortBinunicode('f4'), op.memoize, op.newfalse, u8(0x88), u8(0x87), op.memoize, op.reduce, op.memoize,
      op.mark, op.binint1(3), op.shortBinunicode('<'), op.memoize, text('NNN'), op.binint(0xffffffff), op.binint(0xffffffff), op.binint1(0),
      op.tuple, op.memoize, text('b'),
      op.binint(size / 4000), op.binint(1000), op.tuple2, op.memoize, op.shortBinunicode('C'), op.memoize, op.tuple, op.memoize, op.reduce, op.memoize,
    );
    found.push({ key, kind, offset, size });
  };
  framed.push(op.emptyDict, op.memoize, op.mark, op.shortBinunicode('before'), op.memoize, op.binint1(1));
  for (let index = 0; index < payloads; index += 1) {
    value(`payload ${index}`, ['bytes', 'bytearray', 'array'][index % 3], index, bytes);
    framed.push(op.shortBinunicode(`after ${index}`), op.memoize, op.binfloat(index + 0.5));
  }
  if (huge) value('huge', 'bytes', payloads, huge);
  framed.push(op.shortBinunicode('end'), op.memoize, op.shortBinunicode('the end'), op.memoize, op.setitems, op.stop);
  framed.flush();
  return { size: out.close(), payloads: found };
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const folder = argv[2];
  if (!folder) throw new Error('node giants.mjs FOLDER');
  for (const [name, write] of [['giant.pt', writeCheckpoint], ['giant.pkl', writePickle]]) {
    console.log(`${name}: ${write(join(folder, name)).size} bytes`);
  }
}
