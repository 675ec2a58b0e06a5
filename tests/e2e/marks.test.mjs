// What cannot be seen, or moves what stands around it, is a mark of one look wherever it is shown.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SELECTED, bytes, drop, dropAll, int, opened, proto, selectRow, start, str, until, value, visit } from './lib.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

const NAME = 'gpj.\u202e\u200blkp\u2066.pkl';
const SHOWN = 'gpj.\\u202e\\u200blkp\\u2066.pkl';

/** A key, a text, bytes, a global, a call, and a problem at the end, all with something hidden but the bytes. */
const HIDDEN = bytes(proto, '}(', str('key\u202e'), str('tw\u200bo\u0007'), str('raw'), 'C', [4, 0, 1, 0xff, 0x80], str('list'),
  '](', str('\u2066one'), int(1), 'e', str('call\u200b'), str('mod\u202eule'), str('na\u200bme'), [0x93], str('argument\u2066'), [0x85], 'R', 'u.');

/** Text on screen with an escape that is not a mark, and marks that are more than one escape. */
const unmarked = (page) => page.evaluate(() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (parent.closest('svg, script, textarea, noscript, .visually-hidden')) continue; // not drawn as text
    const isMark = parent.classList.contains('mark');
    if (isMark ? !/^\\(x[0-9a-f]{2}|u[0-9a-f]{4})$/.test(node.data) : /\\(u202e|u200b|u2066|x07)/.test(node.data)) {
      found.push(`${parent.className || parent.tagName}: ${node.data}`);
    }
  }
  return found;
});
const marks = (page, where) => page.$$eval(`${where} .mark`, (all) => all.map((mark) => mark.textContent));

test('every view shows hidden characters as marks, and no bytes as such', async () => {
  const page = await visit(world);
  const check = async (where, ...expected) => {
    assert.deepEqual(await unmarked(page), [], where);
    const found = await marks(page, where);
    for (const mark of expected) assert.ok(found.includes(mark), `${mark} among ${found} of ${where}`);
  };
  await drop(page, NAME, HIDDEN);
  await opened(page, SHOWN);
  await check('.file-name', '\\u202e', '\\u200b', '\\u2066');
  await page.focus('#tree');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('*');
  await until(page, () => document.querySelector('#tree')?.textContent.includes("'raw'"));
  await check('#tree', '\\u202e', '\\u200b', '\\x07');
  await page.locator('#tree [role=treeitem]', { hasText: "'key" }).last().locator('.label').click();
  await until(page, () => document.querySelector('.inspector-title')?.textContent === "'key\\u202e'");
  assert.equal(await value(page), 'tw\\u200bo\\x07');
  await check('#inspector .inspector-title', '\\u202e');
  await check('#inspector .value-text', '\\u200b', '\\x07');
  await selectRow(page, "'raw'");
  await until(page, () => document.querySelector('.value-text')?.textContent.includes("b'\\x00\\x01\\xff\\x80'"));
  assert.deepEqual(await marks(page, '.value-text'), []);
  await page.click('#tab-opcodes');
  await page.waitForSelector('#opcodes [data-offset]');
  await check('#opcodes', '\\u202e', '\\u200b', '\\u2066');
  await page.click('#tab-audit');
  await page.waitForSelector('#audit .call-list code');
  await check('#audit', '\\u202e', '\\u200b');
  await page.click('#tab-python');
  await page.waitForSelector('#python [data-line="0"]');
  await check('#python');
  assert.match(await page.textContent('#python'), /import_module\('mod\\u202eule'\), 'na\\u200bme'\)/);
  await page.click('[data-fact=imports] button');
  await page.waitForSelector('dialog .import-name');
  await check('dialog', '\\u202e', '\\u200b');
  await page.keyboard.press('Escape');
  await page.click('[data-act=export]');
  await page.waitForSelector('[data-format=Json]');
  await check('dialog h2', '\\u202e');
  await page.click('[data-format=Json]');
  await page.waitForSelector('[data-saving=done]');
  // A name for the disk has only characters that every system takes and every reader sees.
  await check('.export-state');
  assert.match(await page.getAttribute('[data-saved]', 'data-saved'), /^[\w.-]+$/);
  await page.keyboard.press('Escape');
  await drop(page, NAME, []);
  await page.waitForSelector('.notice');
  await check('.notice-text', '\\u202e');
  assert.deepEqual(page.complaints, []);
});

test('members and what is wrong with them are marked alike', async () => {
  const page = await visit(world);
  await dropAll(page, [[NAME, HIDDEN], [`cut-${NAME}`, HIDDEN.subarray(0, -20)]]);
  await page.waitForSelector(SELECTED);
  await page.click('#tab-contents');
  await until(page, () => document.querySelectorAll('#contents [data-member]').length === 2);
  assert.deepEqual(await unmarked(page), []);
  assert.equal((await marks(page, '#contents')).length, 6);
  for (const member of [0, 1]) {
    await page.click(`#contents [data-member]:nth-child(${member + 1}) .member-name`);
    await page.waitForTimeout(200);
    await page.click('#tab-audit');
    await page.waitForSelector('#audit .call-list');
    assert.deepEqual(await unmarked(page), []);
    await page.click('#tab-contents');
    await page.waitForSelector('#contents [data-member]');
  }
});
