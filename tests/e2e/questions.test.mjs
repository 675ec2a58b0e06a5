// Ten questions that people ask about a file, each answered in three steps at most (docs/questions.md). `step` counts what a person
// does; looking is none.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { DAMAGED, HOSTILE, SMALL, byteIn, bytes, drop, fixture, opened, proto, start, str, until, visit } from './lib.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

/** A page with the file open. `step` does what a person does next. */
async function ask(name, content, options) {
  const page = await visit(world, options);
  await drop(page, name, content);
  await opened(page, name);
  let steps = 0;
  const step = async (act) => {
    steps += 1;
    assert.ok(steps <= 3, 'three steps at most');
    await act();
  };
  /** Waits until these words are where a person looks. */
  const seen = (selector, words) => page.waitForFunction(([selector, source]) => [...document.querySelectorAll(selector)]
    .some((element) => element.checkVisibility() && new RegExp(source, 's').test(element.textContent)), [selector, words.source], { polling: 50 });
  return { page, step, seen };
}

const PIPELINE = 'real/sklearn-1.9/pipeline.p5.pkl';

test('which scikit-learn wrote this?', async () => {
  const { seen } = await ask('pipeline.pkl', await fixture(PIPELINE));
  await seen('header', /scikit-learn 1\.9/);
});

test('what runs if I load it?', async () => {
  const { page, step, seen } = await ask('model.pkl', HOSTILE);
  await seen('.verdict', /Dangerous.*os\.system/);
  await step(() => page.click('#tab-audit'));
  await seen('#left-panel', /echo this is never run/);
});

test('where is the number 0.9833?', async () => {
  const score = Buffer.alloc(8);
  score.writeDoubleBE(0.98333333333);
  const { page, step, seen } = await ask('scores.pkl', bytes(proto, '}(', str('auc'), 'G', score, str('n'), 'K', [3], 'u.'));
  await step(() => page.keyboard.press('/'));
  await step(() => page.keyboard.type('0.9833'));
  await seen('#found [data-found]', /obj\['auc'\]/);
});

test('what makes it so large?', async () => {
  const cache = bytes('B', [0xa0, 0x86, 1, 0], Buffer.alloc(100_000, 7));
  const { page, step, seen } = await ask('state.pkl', bytes(proto, '}(', str('name'), str('run 7'), str('cache'), cache, 'u.'));
  await step(() => page.click('#tab-size'));
  await step(() => page.click('#size [data-size-line] [data-act=toggle]'));
  await seen('#size [data-size-line]', /obj\['cache'\].*100 KB/);
});

test('how do I save this array?', async () => {
  const { page, step } = await ask('float64.npy', await fixture('containers/numpy-1.16.6-py2/float64.npy'));
  const download = page.waitForEvent('download');
  await step(() => page.click('[data-act=save]'));
  assert.match((await download).suggestedFilename(), /\.npy$/);
});

test('what does this byte mean?', async () => {
  const { page, step, seen } = await ask('small.pkl', SMALL);
  const at = SMALL.indexOf('hello') - 1;
  await step(() => page.click('#tab-bytes'));
  await step(() => page.hover(byteIn('#bytes', at)));
  await seen('#bytes-says', /argument of SHORT_BINUNICODE.*length 5/);
});

test('what was on the stack here?', async () => {
  const { page, step, seen } = await ask('small.pkl', SMALL);
  await step(() => page.click('#tab-opcodes'));
  await step(() => page.click(`#opcodes [data-offset="${SMALL.indexOf('hello') - 2}"]`));
  await step(() => page.click('#tab-machine'));
  await seen('#machine .machine-state[aria-label=Before]', /'text'/);
});

test('which classes must I define?', async () => {
  const model = bytes(proto, str('__main__'), str('Model'), [0x93], ')', [0x81], '}', str('weight'), 'K', [3], 'sb.');
  const { page, step, seen } = await ask('model.pkl', model);
  await seen('.verdict', /unknown: __main__\.Model/);
  await step(() => page.click('.footer [data-act=explain]'));
  await step(() => page.click('.explain-code > summary'));
  await step(() => page.click('[data-stubs="stand_ins.py"]'));
  await seen('.stubs-text', /class Model\(object\)/);
});

test('is it cut, and by how much?', async () => {
  const { seen } = await ask('cut.pkl', DAMAGED);
  await seen('.verdict', /at least 3 bytes are missing/); // two of the text, and the last opcode
});

test('why does pd.read_pickle fail?', async () => {
  const { page, step, seen } = await ask('frame.pkl', await fixture('tables/pandas-1.5/indexes.p3.pkl'));
  await step(() => page.click('.footer [data-act=explain]'));
  await step(() => page.fill('#explain-text', "ModuleNotFoundError: No module named 'pandas.core.indexes.numeric'"));
  await seen('.explain-answer [data-answer=shows]', /pandas\.core\.indexes\.numeric/);
});
