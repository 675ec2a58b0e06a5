import type { Environment, FileReport, Found, MemberRow, Overview, Value } from './facts.js';

export type * from './facts.js';

/** Bytes that come when they are asked for: a file on a server with ranges, a part of another one. */
export interface AsyncBuffer {
  byteLength: number;
  /** The bytes from `start` to before `end`. */
  slice(start: number, end: number): ArrayBuffer | Uint8Array | Promise<ArrayBuffer | Uint8Array>;
}

/** What can be read. Of a `Blob`, a `File` and an `AsyncBuffer` only those bytes are read that an answer needs. */
export type Input = Uint8Array | ArrayBuffer | Blob | AsyncBuffer;

export interface Options {
  /** Stands for a file name: answers show it, and its ending counts. Default: the name of the `File`, or `data`. */
  name?: string;
  /** Bytes of memory that reading may take. Default: 2 GiB for what is made of the file, 1 GiB for the file itself. */
  memory?: number;
  /** Bytes that one compressed stream may unpack to. */
  unpacked?: number;
  /** The member of an archive that is read, by its path: `archive/data.pkl`. Default: the one that the file is about. */
  member?: string;
}

export interface FindOptions {
  /** Hits of each kind that are kept. Default 1000. */
  most?: number;
}

/** The formats of `export`. */
export type Format = 'json' | 'plain-json' | 'csv' | 'tsv' | 'npy' | 'npz' | 'safetensors' | 'png' | 'tree' | 'dis' | 'raw' | 'python' | 'html';

/** A value in typed JSON (docs/json.md). Floats are numbers, ints beyond 2^53 are `bigint`, everything else has a `type`. */
export type Json = null | boolean | number | bigint | string | Json[] | { [key: string]: Json };

/** A file that is open. Questions are answered one after the other. */
export interface Opened {
  /** What the file is, how far the reading went, what it imports, the verdict. */
  facts(): Promise<Overview>;
  /** Which versions of which packages wrote it, and what cannot load it. */
  environment(): Promise<Environment>;
  /** What loading it would do. */
  report(): Promise<FileReport>;
  /** What is in it: entries of archives, what compressed streams hold. At most `most`, 10,000 by default. */
  members(most?: number): Promise<MemberRow[]>;
  /** The value at a path: `obj['model'].steps[0]`. */
  value(path: string): Promise<Value>;
  /** Where something is: text, a number, a comparison, `/expression/`, `b'bytes'`, a path (docs/find.md). */
  find(query: string, options?: FindOptions): Promise<Found>;
  /** The object tree as indented lines. */
  tree(options?: { depth?: number; items?: number }): Promise<string>;
  /** The opcode listing, as `python -m pickletools` prints it. */
  disassemble(): Promise<string>;
  /** Python source that makes the same objects. */
  toPython(): Promise<string>;
  /** Everything, typed and without loss. */
  toJson(): Promise<Json>;
  /** A value in a format; without a path what the file is about. */
  export(format: Format, options?: { path?: string }): Promise<Uint8Array>;
  /** Gives the memory back. */
  close(): void;
}

/** Opens a file; damaged ones, too: `facts()` says how far the reading went. */
export function open(input: Input, options?: Options): Promise<Opened>;
/** The facts of a file with what wrote it. */
export function inspect(input: Input, options?: Options): Promise<Overview & { environment: Environment }>;
/** What loading everything in a file would do. */
export function scan(input: Input, options?: Omit<Options, 'member'>): Promise<FileReport>;
/** The opcode listing. */
export function disassemble(input: Input, options?: Options): Promise<string>;
/** Everything in a file, typed and without loss. */
export function toJson(input: Input, options?: Options): Promise<Json>;
/** Where something is in a file. */
export function find(input: Input, query: string, options?: Options & FindOptions): Promise<Found>;

/** What was asked for cannot be given; the message says why. */
export class PicklescopeError extends Error {}
/** A fault in Picklescope itself; please report it. Every later call is rejected with the same error; another worker or process begins anew. */
export class InternalError extends PicklescopeError {}
