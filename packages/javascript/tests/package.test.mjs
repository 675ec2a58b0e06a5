// The package as it is installed: what it gives, of what, and what it says when it cannot.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PicklescopeError, disassemble, find, inspect, open, scan, toJson } from 'picklescope';
import { fixture, pieces } from './lib.mjs';

const TWO = Uint8Array.from([0x80, 4, 0x5d, 0x94, 0x28, 0x4b, 1, 0x4b, 2, 0x65, 0x2e]);
const HOSTILE = fixture('../samples/hostile-demo.pkl');

test('facts, verdict, listing, search', async () => {
  const facts = await inspect(TWO, { name: 'two.pkl' });
  assert.deepEqual([facts.name, facts.protocol, facts.objects, facts.complete], ['two.pkl', 4, 3, true]);
  assert.equal(facts.verdict.word, 'Data only');
  assert.equal(facts.environment.packages[0].name, 'Python');
  assert.match(await disassemble(TWO), /^ {4}0: \\x80 PROTO {6}4\n/);
  const found = await find(TWO, '> 1');
  assert.deepEqual(found.hits.map((hit) => [hit.path, hit.offset]), [['obj[1]', 7]]);
  const report = await scan(HOSTILE, { name: 'demo.pkl' });
  assert.deepEqual([report.path, report.level, report.reading], ['demo.pkl', 'dangerous', 'complete']);
  assert.ok(report.findings[0].offset > 0);
});

test('numbers are exact', async () => {
  // [2**70, -(2**53) - 1, 2**53 - 1, nan, -inf, 0.1, -0.0]
  const bytes = Buffer.concat([Buffer.from('80025d7100288a09000000000000000040', 'hex'), Buffer.from('8a07ffffffffffffdf', 'hex'),
    Buffer.from('477ff8000000000000', 'hex'), Buffer.from('47fff0000000000000', 'hex'), Buffer.from('473fb999999999999a', 'hex'),
    Buffer.from('478000000000000000', 'hex'), Buffer.from('652e', 'hex')]);
  const items = (await toJson(bytes)).streams[0].root.items;
  assert.deepEqual(items.slice(0, 2), [2n ** 70n, -(2n ** 53n) - 1n]);
  assert.ok(Number.isNaN(items[2]) && items[3] === -Infinity && items[4] === 0.1 && Object.is(items[5], -0));
});

test('bytes, buffers, blobs and pieces give the same', async () => {
  for (const name of ['real/pandas-2.2/frame.p5.pkl', 'torch/torch-2.6/checkpoint.pt', 'joblib/1.2.0/matrix.joblib']) {
    const bytes = fixture(name);
    const whole = await scan(bytes, { name });
    const copy = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    for (const input of [new Uint8Array(bytes), copy, new Blob([bytes]), pieces(bytes), pieces(bytes, { wait: true })]) {
      assert.deepEqual(await scan(input, { name }), whole, name);
    }
    assert.equal((await scan(new File([bytes], name))).path, whole.path);
  }
});

test('of a large file only what is needed is read', async () => {
  // A list, then 64 MB that an archive would have: the pickle ends before it.
  const large = Buffer.concat([TWO, Buffer.alloc(40_000_000)]);
  const input = pieces(large);
  const opened = await open(input);
  assert.equal((await opened.value('obj[1]')).text, '2');
  assert.ok(input.reads < 40, `${input.reads} reads`);
  opened.close();
});

test('questions come in order, and none after the end', async () => {
  const opened = await open(new Blob([TWO]));
  const [facts, value, tree] = await Promise.all([opened.facts(), opened.value('obj'), opened.tree({ depth: 2 })]);
  assert.equal(facts.objects, 3);
  assert.equal(value.type_name, 'list');
  assert.equal(tree, 'pickle: list 2 items [1, 2]\n  0: 1\n  1: 2\n');
  assert.equal(new TextDecoder().decode(await opened.export('plain-json', { path: 'obj' })), '[1,2]\n');
  assert.match(await opened.toPython(), /result = \[1, 2\]/);
  opened.close();
  await assert.rejects(opened.facts(), /the file is closed/);
});

test('what is empty, cut, odd or wrong is said', async () => {
  assert.equal((await scan(new Uint8Array())).level, 'not-a-pickle');
  const cut = await inspect(TWO.slice(0, 6));
  assert.deepEqual([cut.complete, cut.verdict.word], [false, 'Partly read']);
  assert.match(cut.reading, /offset 5/);
  await assert.rejects(find(TWO, '/(/'), PicklescopeError);
  const opened = await open(TWO);
  await assert.rejects(opened.value('obj[7]'), { name: 'PicklescopeError', message: 'there is no [7] in obj' });
  await assert.rejects(opened.export('npy', { path: 'obj' }), PicklescopeError);
  await assert.rejects(opened.export('gif'), /there is no format gif/);
  opened.close();
  await assert.rejects(scan('model.pkl'), TypeError);
  await assert.rejects(scan({ byteLength: 10, slice: () => new ArrayBuffer(3) }), /10 bytes were asked for at offset 0, and 3 came/);
  await assert.rejects(scan({ byteLength: 10, slice: () => Promise.reject(new Error('gone')) }), /gone/);
  await assert.rejects(scan(pieces(Buffer.alloc(9_000_000, 0x4e)), { memory: 1_000_000 }), /more than 1000000 bytes of the file are needed/);
});
