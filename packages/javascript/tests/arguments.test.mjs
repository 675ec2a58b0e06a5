// Arguments of every wrong kind are refused at the door, each by name, and none of them reaches the module.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PicklescopeError, disassemble, find, inspect, open, scan, toJson } from 'picklescope';
import { pieces } from './lib.mjs';

const TWO = Uint8Array.from([0x80, 4, 0x5d, 0x94, 0x28, 0x4b, 1, 0x4b, 2, 0x65, 0x2e]);
const FUNCTIONS = { disassemble, inspect, open, scan, toJson };

/** Values of every type but those of the kind that is expected. */
const others = (...kinds) => [undefined, null, true, 60, 5n, 'x', Symbol('x'), () => {}, {}, ['a'], new Map(), new Date()].filter((value) => !kinds.includes(typeof value));
const refused = (promise, name, message) => assert.rejects(promise, (error) => {
  assert.deepEqual([error.name, error.constructor.name], [name, name], error.stack);
  assert.match(error.message, message);
  return true;
});

test('texts are texts', async () => {
  const opened = await open(TWO);
  for (const value of others('string')) {
    await refused(find(TWO, value), 'TypeError', /^find: query must be a string, not /);
    await refused(opened.find(value), 'TypeError', /^Opened\.find: query must be a string, not /);
    await refused(opened.value(value), 'TypeError', /^Opened\.value: path must be a string, not /);
    await refused(opened.export(value), 'TypeError', /^Opened\.export: format must be a string, not /);
  }
  for (const value of others('string', 'undefined')) {
    await refused(opened.export('json', { path: value }), 'TypeError', /^Opened\.export: option path must be a string, not /);
    for (const [name, ask] of Object.entries(FUNCTIONS)) {
      await refused(ask(TWO, { name: value }), 'TypeError', new RegExp(`^${name}: option name must be a string, not `));
      if (ask !== scan) await refused(ask(TWO, { member: value }), 'TypeError', new RegExp(`^${name}: option member must be a string, not `));
    }
  }
  await refused(opened.find(60), 'TypeError', /^Opened\.find: query must be a string, not the number 60; a query is a string: '60'$/);
  await refused(opened.find(), 'TypeError', /not undefined$/);
  await refused(opened.find(['a']), 'TypeError', /not an Array$/);
  assert.equal((await opened.facts()).objects, 3);
  opened.close();
});

test('numbers are whole and in their range', async () => {
  const opened = await open(TWO);
  const asks = {
    'Opened.members: most': (value) => opened.members(value),
    'Opened.find: option most': (most) => opened.find('1', { most }),
    'Opened.tree: option depth': (depth) => opened.tree({ depth }),
    'Opened.tree: option items': (items) => opened.tree({ items }),
    'find: option most': (most) => find(TWO, '1', { most }),
    'scan: option memory': (memory) => scan(TWO, { memory }),
    'open: option unpacked': (unpacked) => open(TWO, { unpacked }),
  };
  for (const [place, ask] of Object.entries(asks)) {
    for (const value of [NaN, -1, 1.5, Infinity, 2 ** 64]) await refused(ask(value), 'RangeError', new RegExp(`^${place} must be a whole number (of bytes )?from 0 to \\d+, not the number `));
    for (const value of [...others('number', 'undefined'), '1G']) await refused(ask(value), 'TypeError', new RegExp(`^${place} must be a whole number `));
  }
  await refused(scan(TWO, { memory: '1G' }), 'TypeError', /not the string '1G'$/);
  assert.equal(await opened.tree({ depth: undefined }), await opened.tree());
  opened.close();
});

test('options are an object with names that there are', async () => {
  const opened = await open(TWO);
  for (const value of [...others('object', 'undefined'), null, ['a'], new Map(), TWO]) {
    for (const [name, ask] of Object.entries(FUNCTIONS)) await refused(ask(TWO, value), 'TypeError', new RegExp(`^${name}: options must be an object, not `));
    await refused(find(TWO, '1', value), 'TypeError', /^find: options must be an object, not /);
    for (const ask of [opened.tree(value), opened.find('1', value), opened.export('json', value)]) await refused(ask, 'TypeError', /^Opened\.\w+: options must be an object, not /);
  }
  await refused(scan(TWO, { Name: 'x' }), 'TypeError', /^scan: there is no option 'Name'; there is name, memory, unpacked$/);
  await refused(scan(TWO, { member: 'x' }), 'TypeError', /^scan: there is no option 'member'/);
  await refused(opened.tree({ deep: 1 }), 'TypeError', /^Opened\.tree: there is no option 'deep'; there is depth, items$/);
  await refused(opened.find('1', { name: 'x' }), 'TypeError', /there is no option 'name'; there is most$/);
  assert.equal((await scan(TWO, Object.assign(Object.create(null), { name: 'two.pkl', memory: undefined }))).path, 'two.pkl');
  opened.close();
});

test('inputs are bytes, or give them', async () => {
  const moved = new ArrayBuffer(4);
  structuredClone(moved, { transfer: [moved] });
  const wrong = [...others(), { byteLength: -1, slice() {} }, { byteLength: 1.5, slice() {} }, { byteLength: 4 }, { size: '4', slice() {} },
    new SharedArrayBuffer(4), moved];
  for (const value of wrong) {
    for (const [name, ask] of Object.entries(FUNCTIONS)) await refused(ask(value), 'TypeError', new RegExp(`^${name}: input must be a Uint8Array, .*, not `));
    await refused(find(value, '1'), 'TypeError', /^find: input must be /);
  }
  await refused(scan(new SharedArrayBuffer(4)), 'TypeError', /not a SharedArrayBuffer; give it as new Uint8Array\(buffer\)$/);
  await refused(scan(moved), 'TypeError', /not an ArrayBuffer that was transferred/);
  const shared = new Uint8Array(new SharedArrayBuffer(TWO.length));
  shared.set(TWO);
  assert.equal((await inspect(shared)).objects, 3);
  for (const value of [undefined, null, 'x', 5, {}]) {
    await refused(scan({ byteLength: 4, slice: () => value }), 'TypeError', /^slice\(0, 4\) of the input must give an ArrayBuffer, .*, not /);
  }
});

test('a member that is not there is refused', async () => {
  const missing = { name: 'PicklescopeError', message: 'x: no such member' };
  for (const input of [TWO, pieces(TWO), pieces(TWO, { wait: true })]) {
    for (const ask of [open, inspect, disassemble, toJson]) await assert.rejects(ask(input, { member: 'x' }), missing);
    await assert.rejects(find(input, '1', { member: 'x' }), missing);
    const opened = await open(input, { name: 'two.pkl', member: 'two.pkl' });
    assert.equal((await opened.value('obj[1]')).text, '2');
    opened.close();
  }
  await assert.rejects(open(TWO, { member: '' }), PicklescopeError);
});
