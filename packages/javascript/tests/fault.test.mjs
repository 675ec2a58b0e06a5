// What follows from a fault in the module: one that a class in its place makes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InternalError } from 'picklescope';
import { picklescope } from './node_modules/picklescope/core.mjs';

/** The package over a module that traps, or overflows its stack, when it is asked for the value at `trap`. */
function faulty(error) {
  const calls = [];
  class Reader {
    static ofBytes() { calls.push('ofBytes'); return new Reader(); }
    facts() { calls.push('facts'); return '{"objects":1}'; }
    value(path) {
      calls.push('value');
      throw path === 'trap' ? error : new Error(`there is no ${path}`);
    }
    free() { calls.push('free'); }
  }
  return { ...picklescope({ Reader }), calls };
}

test('after a fault every call is rejected with the same error, and none reaches the module', async () => {
  for (const error of [new WebAssembly.RuntimeError('unreachable'), new RangeError('Maximum call stack size exceeded')]) {
    const { open, scan, calls } = faulty(error);
    const [one, two] = [await open(new Uint8Array()), await open(new Uint8Array())];
    await assert.rejects(one.value('obj'), { name: 'PicklescopeError', message: 'there is no obj' });
    assert.deepEqual(await one.facts(), { objects: 1 });
    const fault = await one.value('trap').catch((caught) => caught);
    assert.ok(fault instanceof InternalError && fault.cause === error);
    assert.equal(fault.message, `a fault in Picklescope itself: ${error.message}`);
    const before = calls.length;
    for (const ask of [() => one.facts(), () => two.facts(), () => open(new Uint8Array()), () => scan(new Uint8Array())]) {
      assert.equal(await ask().catch((caught) => caught), fault);
    }
    one.close();
    two.close();
    await new Promise((resolve) => { setTimeout(resolve); });
    assert.equal(calls.length, before);
  }
});

test('questions that were asked before the end are answered', async () => {
  const { open, calls } = faulty();
  const opened = await open(new Uint8Array());
  const asked = opened.facts();
  opened.close();
  assert.deepEqual(await asked, { objects: 1 });
  await assert.rejects(opened.facts(), /the file is closed/);
  assert.equal(calls.at(-1), 'free');
});
