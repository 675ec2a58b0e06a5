// Made by scripts/generate_types.py from the Rust that answers. Offsets and sizes are in bytes.

/** Something that does not load in another version. */
export interface Break {
  /** Where it fails: `numpy < 2.0`. */
  with: string;
  /** What fails, and with which message. */
  what: string;
  /** Offset of the opcode it is about. */
  offset: number | null;
}

/** A call that loading makes. */
export interface CallFacts {
  /** In the spelling of Python. */
  call: string;
  /** How bad. */
  level: Level;
  /** Opcode. */
  opcode: string;
  /** Its offset. */
  offset: number;
  /** Which pickle of the member, from 0. */
  stream: number;
  /** Path of the member. */
  container: string;
  /** Number of the member. */
  member: number;
  /** Whether the result is thrown away: the call is made for its effect alone. */
  discarded: boolean;
}

/** One link in the chain of wrappings. */
export interface Crumb {
  /** The format in a word: `gzip`, `zip`, `torch`, `pickle 4`. */
  word: string;
  /** The member that has the format. */
  member: number;
  /** Its name. */
  name: string;
}

/** The libraries behind a file. */
export interface Environment {
  /** One row for each package, Python first. */
  packages: Package[];
  /** Lines for a requirements file. */
  pins: string[];
  /** What fails to load elsewhere. */
  breaks: Break[];
  /** Modules that are needed, too, and are of no known package: somebody's own code. */
  modules: OwnModule[];
}

/** One file. */
export interface FileReport {
  /** As it was given. */
  path: string;
  /** How far the reading went. A partial reading is never a clean one, whatever the level. */
  reading: ReadingStatus;
  /** Why the reading is partial, a sentence each. */
  why: string[];
  /** The worst of what was found in all pickles and wrappings. */
  level: Outcome;
  /** What was found, the worst first within each pickle's order. */
  findings: FindingFacts[];
  /** Number of findings, those left out included. */
  finding_count: number;
  /** The names that the pickles import. */
  imports: ReportImport[];
  /** What loading would call, in order. */
  calls: CallFacts[];
  /** Number of calls, those left out included. */
  call_count: number;
  /** Pickles that were read: their paths in the file, empty for the file itself. */
  pickles: string[];
  /** Where CPython's C loader stops in pickles that were read to their end, a sentence each: they are not loaded, whatever the level says of what they would do. */
  stops: string[];
  /** For files of torch: what its own restricted loader would say. */
  forecasts: ForecastFacts[];
  /** What is odd about what is around the pickles and beside them, and hides nothing: a checksum that does not match. A sentence each, never a part of the level. */
  notes: string[];
}

/** One finding with its evidence. */
export interface FindingFacts {
  /** Id of the rule; `docs/rules` has a page for each. */
  rule: string;
  /** How bad. */
  level: Level;
  /** The rule in a few words. */
  title: string;
  /** What this very place does, in a sentence. */
  explanation: string;
  /** Module of the name it is about; empty when it is about none. */
  module: string;
  /** The name. */
  name: string;
  /** Opcode. */
  opcode: string;
  /** Offset of the opcode in the bytes of the pickle's member; for an oddity of a wrapping in those of the wrapping. */
  offset: number;
  /** Bytes of the instruction. */
  length: number;
  /** Which pickle of the member, from 0. */
  stream: number;
  /** Path of the member in the file, `archive/data.pkl`; empty for the file itself. */
  container: string;
  /** Number of the member, to show it. */
  member: number;
  /** What happens, in the spelling of Python. */
  call: string;
  /** How the name comes to be. */
  how_named: string;
  /** What to do next. */
  advice: string;
}

/** Whether `torch.load(weights_only=True)` would take a pickle. */
export interface ForecastFacts {
  /** Path of the member. */
  container: string;
  /** Number of the member. */
  member: number;
  /** Whether it takes it, whatever the version from 2.6 on. */
  accepts: boolean;
  /** In one sentence. */
  sentence: string;
  /** What stops it, in the order of the file. */
  stops: StopFacts[];
  /** Globals that `torch.serialization.add_safe_globals` would have to be given. */
  needs: string[];
}

/** What a search found. */
export interface Found {
  /** The hits, in the order in which the members are gone over. */
  hits: FoundRow[];
  /** How many of each kind there are, and how many of them are among the hits. */
  counts: FoundCount[];
  /** Why some of it could not be searched, a sentence each. */
  unread: string[];
  /** What else is to be said, a sentence each. */
  remarks: string[];
}

/** How many hits of a kind there are. */
export interface FoundCount {
  /** The kind. */
  kind: FoundKind;
  /** Hits that were counted. */
  count: number;
  /** Hits that are kept and can be shown: the first ones. */
  kept: number;
}

/** What a hit is. */
export type FoundKind = "Place" | "Entry" | "Import" | "Object" | "Key" | "Attribute" | "Text" | "Bytes" | "Number" | "Constant" | "Element" | "Near" | "Opcode" | "Raw";

/** One hit. */
export interface FoundRow {
  /** What it is. */
  kind: FoundKind;
  /** The member that it is in, or that it is; nothing for the document on show alone. */
  member: number | null;
  /** Names from below the file down to that member; empty for the only file itself. */
  entry: string;
  /** Offset of the instruction that made it. */
  offset: number;
  /** Node of the graph; nothing for instructions that make no value, and for entries. */
  node: number | null;
  /** Where it is, as the tree prints it. */
  path: string;
  /** The text before the match. */
  before: string;
  /** The match. */
  matched: string;
  /** The text behind it. */
  after: string;
  /** Number of matches in this value: occurrences in a text, elements of an array. */
  count: number;
  /** Of an array, the number of elements that were compared. */
  of: number | null;
  /** Of an array or a table, the index of the first match, dimension by dimension: in a table row and column. */
  at: number[];
  /** At how many other places the value stands. */
  more: number;
  /** The path of one of them; may be empty. */
  more_at: string;
}

/** One global that the file names. */
export interface ImportFacts {
  /** Module as a Python 3 loader would import it. */
  module: string;
  /** Qualified name in it. */
  name: string;
  /** `module.name` as the file spells it, where the loader maps it to another. */
  raw: string | null;
  /** Offset of the first opcode that names it. */
  offset: number;
  /** How many opcodes name it. */
  uses: number;
  /** What is known of it. */
  level: Level;
  /** Why, in plain words; empty when nothing is known. */
  reason: string;
}

/** Levels of what was found, in rising order. None of them says that a file is harmless. */
export type Level = "data-only" | "recognised" | "unknown-code" | "suspicious" | "dangerous";

/** Where CPython's C loader stops. */
export interface LoaderStop {
  /** Offset of the opcode. */
  offset: number;
  /** Its name, when there is one. */
  opcode: string;
  /** The loader's own words: `TypeError: 'int' object is not callable`. */
  message: string;
}

/** A member of what was opened. */
export interface MemberRow {
  /** Position among all visible rows, from 0. */
  row: number;
  /** Number of the member. */
  member: number;
  /** Depth, from 1. */
  level: number;
  /** Position among its siblings, from 1. */
  position: number;
  /** Number of siblings. */
  siblings: number;
  /** Row of the parent, when there is one. */
  parent: number | null;
  /** `None` when nothing is inside, else whether the row is open. */
  expanded: boolean | null;
  /** Name without the folders above. */
  name: string;
  /** What it is, as far as that is known: `gzip`, `pickle 4`, `npy`, `folder`. */
  word: string;
  /** What is in it, as far as that is known: `float64 (30, 4)`, `12 entries`, `1,204 objects`. */
  holds: string;
  /** Of a pickle that was read, the worst that loading it would do; of one that was partly read, at least `Level::UnknownCode`. Of what holds others the worst of them, as far as they were read. */
  verdict: Level | null;
  /** Whether the verdict is worse than what was found, because not all was read. */
  is_partial: boolean;
  /** Bytes when unpacked, where known. */
  size: number | null;
  /** Bytes that it takes in what it is in, where that is packed or an archive. */
  packed: number | null;
  /** What is unusual about it. */
  notes: string[];
  /** Whether it is on show. */
  shown: boolean;
  /** Whether it can be shown: a folder cannot. */
  can_show: boolean;
}

/** Something unusual about a wrapping: a wrong checksum, names that differ. */
export interface NoteFacts {
  /** The member it was seen in. */
  member: number;
  /** Its name. */
  name: string;
  /** Where in the bytes of that member, when there is a place. */
  offset: number | null;
  /** What, in plain words. */
  message: string;
}

/** The outcome for a file. */
export type Outcome = "not-a-pickle" | "data-only" | "recognised" | "unknown-code" | "suspicious" | "dangerous";

/** Facts of one document. */
export interface Overview {
  /** File name, or what stands for one. */
  name: string;
  /** Bytes of the document: unpacked, without its wrappings. */
  size: number;
  /** Bytes of the file that was opened. */
  file_size: number;
  /** The chain of wrappings from the outside in, `pickle 4` last; for something else its name, `a PNG picture`. */
  chain: Crumb[];
  /** Number of the member of the bundle that this document shows. */
  member: number;
  /** Parts of what was opened, this one and its wrappings among them; a bare file is one. */
  members: number;
  /** Whether there are several things to choose from, so that the reader should see them first. */
  choose: boolean;
  /** Whether the member is a wrapping to look into, an archive say, and nothing to be read itself. */
  is_wrapping: boolean;
  /** What is unusual about the wrappings on the way to this document. */
  notes: NoteFacts[];
  /** A compressed stream on the way that grew past its budget; unpacking goes on when the reader agrees. */
  pending: Pending | null;
  /** Highest protocol that a PROTO opcode or an opcode itself asks for; `None` when there is no opcode. */
  protocol: number | null;
  /** Number of pickles. */
  pickles: number;
  /** The first pickles, at most 100. */
  streams: StreamFacts[];
  /** Instructions. */
  opcodes: number;
  /** Objects in the graph. */
  objects: number;
  /** FRAME opcodes. */
  frames: number;
  /** Number of different globals. */
  imports: number;
  /** The first globals in order of appearance, at most 1000. */
  import_list: ImportFacts[];
  /** Bytes after the last pickle: offset and length. */
  trailing: [number, number] | null;
  /** Whether every byte was read and understood. */
  complete: boolean;
  /** One sentence on how far the reading went. */
  reading: string;
  /** What loading would do, in one sentence. */
  verdict: VerdictFacts;
  /** The first problems. */
  problems: ProblemFacts[];
  /** Number of all problems. */
  problem_count: number;
  /** Where CPython's C loader stops, for a reason that is in the file; `None` when it loads the file, or what stops it depends on the loading program. */
  stops_at: LoaderStop | null;
  /** Rows of the opcode listing, named parts included. */
  listing_rows: number;
  /** Whether some `str` of Python 2 is in the file, so that the choice of its reading matters. */
  has_python2_str: boolean;
}

/** A module of no known package. */
export interface OwnModule {
  /** Its name; `__main__` is the script that saved the file. */
  module: string;
  /** What the file needs of it, the first few names. */
  names: string[];
  /** How many names that are. */
  count: number;
  /** Offset of the opcode that names it first. */
  offset: number;
}

/** What is known of the version of one package. */
export interface Package {
  /** Its name on the index: `scikit-learn`. */
  name: string;
  /** `1.7.2`, `>= 2.0`, `>= 1.0, < 1.6`; empty when nothing says. */
  version: string;
  /** Whether the file says so itself; otherwise it is a conclusion. */
  is_stated: boolean;
  /** What it rests on, a sentence each. */
  evidence: string[];
  /** Offset of the opcode that the first piece of evidence is at. */
  offset: number | null;
}

/** Unpacking that stopped at its budget. */
export interface Pending {
  /** Name of what is being unpacked. */
  name: string;
  /** Bytes unpacked so far. */
  unpacked: number;
  /** Bytes of the compressed stream read so far. */
  read: number;
  /** Bytes of the compressed stream. */
  total: number;
}

/** A problem met on the way. */
export interface ProblemFacts {
  /** Where. */
  offset: number;
  /** The opcode's name, when one was being read. */
  opcode: string;
  /** What was expected and what was found. */
  message: string;
  /** Whether the reading stopped here. */
  fatal: boolean;
}

/** How far the reading went. */
export type ReadingStatus = "complete" | "partial";

/** A name that is imported. */
export interface ReportImport {
  /** Module. */
  module: string;
  /** Qualified name. */
  name: string;
  /** What is known of it. */
  level: Level;
  /** Why. */
  reason: string;
  /** Offset of the first opcode that names it. */
  offset: number;
  /** Path of the member. */
  container: string;
  /** Number of the member. */
  member: number;
}

/** What torch's restricted loader does not take. */
export interface StopFacts {
  /** Offset of the opcode. */
  offset: number;
  /** Its name. */
  opcode: string;
  /** The global that it is about; empty when it is about none. */
  name: string;
  /** Why, in words. */
  reason: string;
}

/** Facts of one pickle in the file. */
export interface StreamFacts {
  /** Offset of its first byte. */
  offset: number;
  /** Bytes. */
  length: number;
  /** What its PROTO opcode says, when it has one. */
  declared_protocol: number | null;
  /** Highest protocol among its opcodes. */
  opcode_protocol: number;
  /** Instructions. */
  opcodes: number;
  /** Whether it reached STOP. */
  complete: boolean;
}

/** What a piece of text is. */
export type TextKind = "Plain" | "Type" | "Str" | "Number" | "Constant" | "Dim" | "Error";

/** One piece of a line. */
export interface TextPart {
  /** How to draw it. */
  kind: TextKind;
  /** The characters. Lone surrogates are escaped, so this is always a proper string. */
  text: string;
}

/** One value of a file, as plain data: what it is, and its text. */
export interface Value {
  /** The path that was asked for, `obj['model'].steps[0]`. */
  path: string;
  /** Full type: `sklearn.pipeline.Pipeline`. */
  type_name: string;
  /** What it is, in one line. */
  summary: string;
  /** Python's repr, or the text itself for `str`: the first 64 KiB. */
  text: string;
  /** Whether `text` is all of it. */
  is_whole: boolean;
  /** What else is known, by name: `length`, `dtype`. */
  facts: [string, string][];
  /** Bytes from the first opcode of the value to the last: start and end. */
  span: [number, number];
}

/** The verdict: what was found, never a promise. */
export interface VerdictFacts {
  /** Highest level met. */
  level: Level;
  /** The level as a word: `Dangerous`. */
  word: string;
  /** The sentence, in typed pieces. */
  sentence: TextPart[];
  /** Offset of the opcode to look at. */
  offset: number | null;
}
