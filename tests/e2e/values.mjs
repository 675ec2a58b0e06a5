// Values of real libraries, assembled by hand as their picklers write them, so that the tests know every number in them.
// `into` builds large ones piece by piece on a disk, without their bytes ever being in memory.

const u8 = (value) => Buffer.of(value);
const u32 = (value) => { const bytes = Buffer.alloc(4); bytes.writeUInt32LE(value); return bytes; };
const u64 = (value) => { const bytes = Buffer.alloc(8); bytes.writeBigUInt64LE(BigInt(value)); return bytes; };
const f64be = (value) => { const bytes = Buffer.alloc(8); bytes.writeDoubleBE(value); return bytes; };

export const str = (text) => Buffer.concat([Buffer.from('X'), u32(Buffer.byteLength(text)), Buffer.from(text)]);
export const int = (value) => {
  const bytes = Buffer.alloc(5, 'J');
  bytes.writeInt32LE(value, 1);
  return bytes;
};
export const float = (value) => Buffer.concat([Buffer.from('G'), f64be(value)]);
export const global = (module, name) => Buffer.concat([str(module), str(name), u8(0x93)]);
export const tuple = (...items) => Buffer.concat([Buffer.from('('), ...items, Buffer.from('t')]);
export const list = (...items) => Buffer.concat([Buffer.from(']('), ...items, Buffer.from('e')]);
export const dict = (entries) => Buffer.concat([Buffer.from('}('), ...entries.flatMap(([key, value]) => [str(key), value]), Buffer.from('u')]);
export const none = Buffer.from('N');
export const yes = u8(0x88);
export const no = u8(0x89);
const call = (callable, ...args) => Buffer.concat([callable, tuple(...args), Buffer.from('R')]);
const build = (object, state) => Buffer.concat([object, state, Buffer.from('b')]);
const instance = (module, name, state) => build(Buffer.concat([global(module, name), Buffer.from(')'), u8(0x81)]), state);

/** A pickle of protocol 5 around a value. */
export const pickle = (value) => Buffer.concat([u8(0x80), u8(5), value, Buffer.from('.')]);

const SIZES = { f8: 8, f4: 4, i8: 8, i4: 4, u1: 1 };
const dtype = (code) => build(
  call(global('numpy', 'dtype'), str(code), no, yes),
  tuple(int(3), str(code === 'u1' ? '|' : '<'), none, none, none, int(-1), int(-1), int(0)),
);
const before = [global('numpy._core.numeric', '_frombuffer'), Buffer.from('(')];
const behind = (code, shape, order = 'C') => [dtype(code), tuple(...shape.map(int)), str(order), Buffer.from('tR')];

/** An array over `bytes`, as protocol 5 writes it in-band. */
export const ndarray = (code, shape, bytes) => Buffer.concat([...before, u8(0x96), u64(bytes.length), bytes, ...behind(code, shape)]);

/** Float64 values as bytes. */
export const doubles = (values) => Buffer.from(Float64Array.from(values).buffer);

/** An array of text objects. */
const labels = (texts) => build(
  call(global('numpy._core.multiarray', '_reconstruct'), global('numpy', 'ndarray'), tuple(int(0)), Buffer.from('C\x01b')),
  tuple(int(1), tuple(int(texts.length)), build(call(global('numpy', 'dtype'), str('O8'), no, yes),
    tuple(int(3), str('|'), none, none, none, int(-1), int(-1), int(63))), no, list(...texts.map(str))),
);
const index = (texts) => call(global('pandas.core.indexes.base', '_new_Index'), global('pandas.core.indexes.base', 'Index'),
  dict([['data', labels(texts)], ['name', none]]));
const range = (stop) => call(global('pandas.core.indexes.base', '_new_Index'), global('pandas.core.indexes.range', 'RangeIndex'),
  dict([['name', none], ['start', int(0)], ['stop', int(stop)], ['step', int(1)]]));

/** The parts of a DataFrame of float64 before and behind the bytes of its one block, whose rows are the columns. */
function frameParts(columns, rows) {
  const size = columns.length * rows * 8;
  const head = [
    u8(0x80), u8(5), global('pandas.core.frame', 'DataFrame'), Buffer.from(')'), u8(0x81), Buffer.from('}('), str('_mgr'),
    global('pandas.core.internals.managers', 'BlockManager'), Buffer.from('(('), global('pandas._libs.internals', '_unpickle_block'), Buffer.from('('),
    ...before, u8(0x96), u64(size),
  ];
  const tail = [
    ...behind('f8', [columns.length, rows]),
    call(global('builtins', 'slice'), int(0), int(columns.length), int(1)), int(2), Buffer.from('tRt'),
    list(index(columns), range(rows)), Buffer.from('tR'),
    str('_typ'), str('dataframe'), str('_metadata'), Buffer.from(']'), str('attrs'), Buffer.from('}'),
    str('_flags'), dict([['allows_duplicate_labels', yes]]), Buffer.from('ub.'),
  ];
  return [Buffer.concat(head), size, Buffer.concat(tail)];
}

/** A DataFrame; `values` by columns. */
export function frame(columns, values) {
  const [head, , tail] = frameParts(columns, values[0].length);
  return Buffer.concat([head, doubles(values.flat()), tail]);
}

/** Writes a DataFrame of `rows`, zeros but for the first and the last row of each column: its number, and the negative of that. */
export function frameInto(out, columns, rows) {
  const [head, , tail] = frameParts(columns, rows);
  out.write(head);
  columns.forEach((_, column) => {
    out.write(doubles([column]));
    out.skip((rows - 2) * 8);
    out.write(doubles([-column]));
  });
  out.write(tail);
  return out.close();
}

const FIELDS = [['left_child', '<i8', 0], ['right_child', '<i8', 8], ['feature', '<i8', 16], ['threshold', '<f8', 24],
  ['impurity', '<f8', 32], ['n_node_samples', '<i8', 40], ['weighted_n_node_samples', '<f8', 48], ['missing_go_to_left', 'u1', 56]];

/** The nodes of a full tree of `depth`, in the order of a walk, and class shares of each. */
function fullTree(depth, tree) {
  const count = 2 ** (depth + 1) - 1;
  const nodes = Buffer.alloc(count * 64);
  const shares = new Float64Array(count * 2);
  const stack = [[depth, -1, false]];
  let next = 0;
  while (stack.length > 0) {
    const [left, parent, isRight] = stack.pop();
    const at = next;
    next += 1;
    if (parent >= 0 && isRight) nodes.writeBigInt64LE(BigInt(at), parent * 64 + 8);
    nodes.writeBigInt64LE(left > 0 ? BigInt(at + 1) : -1n, at * 64);
    nodes.writeBigInt64LE(-1n, at * 64 + 8);
    nodes.writeBigInt64LE(left > 0 ? BigInt((at + tree) % 4) : -2n, at * 64 + 16);
    nodes.writeDoubleLE(left > 0 ? tree + at / 4 : -2, at * 64 + 24);
    nodes.writeDoubleLE(left > 0 ? 0.5 : 0, at * 64 + 32);
    nodes.writeBigInt64LE(BigInt(2 ** left), at * 64 + 40);
    nodes.writeDoubleLE(2 ** left, at * 64 + 48);
    shares[at * 2] = left > 0 ? 0.5 : at % 2;
    shares[at * 2 + 1] = 1 - shares[at * 2];
    if (left > 0) stack.push([left - 1, at, true], [left - 1, at, false]);
  }
  return [count, nodes, Buffer.from(shares.buffer)];
}

function nodeArray(count, bytes) {
  const fields = FIELDS.map(([name, code, offset]) => [name, tuple(dtype(code.replace('<', '')), int(offset))]);
  const type = build(call(global('numpy', 'dtype'), str('V64'), no, yes),
    tuple(int(3), str('|'), none, tuple(...FIELDS.map(([name]) => str(name))), dict(fields), int(64), int(1), int(16)));
  return build(
    call(global('numpy._core.multiarray', '_reconstruct'), global('numpy', 'ndarray'), tuple(int(0)), Buffer.from('C\x01b')),
    tuple(int(1), tuple(int(count)), type, no, Buffer.concat([u8(0x8e), u64(bytes.length), bytes])),
  );
}

/** A RandomForestClassifier of `trees` full trees of `depth`, on four features and two classes. */
export function forest(trees, depth) {
  const classes = () => ndarray('i8', [2], Buffer.from(BigInt64Array.of(0n, 1n).buffer));
  const estimator = (tree) => {
    const [count, nodes, shares] = fullTree(depth, tree);
    const state = dict([['max_depth', int(depth)], ['node_count', int(count)], ['nodes', nodeArray(count, nodes)], ['values', ndarray('f8', [count, 1, 2], shares)]]);
    const core = build(call(global('sklearn.tree._tree', 'Tree'), int(4), ndarray('i8', [1], Buffer.from(BigInt64Array.of(2n).buffer)), int(1)), state);
    return instance('sklearn.tree._classes', 'DecisionTreeClassifier', dict([
      ['criterion', str('gini')], ['splitter', str('best')], ['max_depth', int(depth)], ['random_state', int(tree)],
      ['n_features_in_', int(4)], ['n_outputs_', int(1)], ['classes_', classes()], ['n_classes_', int(2)], ['tree_', core],
      ['_sklearn_version', str('1.7.2')],
    ]));
  };
  return pickle(instance('sklearn.ensemble._forest', 'RandomForestClassifier', dict([
    ['n_estimators', int(trees)], ['criterion', str('gini')], ['max_depth', int(depth)], ['bootstrap', yes],
    ['n_features_in_', int(4)], ['n_outputs_', int(1)], ['classes_', classes()], ['n_classes_', int(2)],
    ['estimators_', list(...Array.from({ length: trees }, (_, tree) => estimator(tree)))], ['_sklearn_version', str('1.7.2')],
  ])));
}

export { SIZES };
