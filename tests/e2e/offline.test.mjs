// The page without a network: a service worker keeps one whole version of it, and a new version replaces it whole.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, afterEach, before, test } from 'node:test';
import { SMALL, drop, emptyPage, opened, start, started, until } from './lib.mjs';
import { BASE, DIST } from './server.mjs';

let world;
let folder;
before(async () => {
  world = await start();
  folder = mkdtempSync(join(tmpdir(), 'picklescope-offline-'));
});
after(async () => {
  await world.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(() => { world.server.use(DIST); world.server.requests.length = 0; });
let isDown = false;
afterEach(async () => { if (isDown) await up(); });

const down = async () => { await world.server.down(); isDown = true; };
const up = async () => { await world.server.up(); isDown = false; };
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const versions = (page) => page.evaluate(() => caches.keys());

/** Waits until an asynchronous condition holds in the page. */
async function settled(page, condition, argument) {
  for (const deadline = Date.now() + 30_000; !await page.evaluate(condition, argument);) {
    assert.ok(Date.now() < deadline, 'the service worker does not settle');
    await page.waitForTimeout(50);
  }
}

/** A page whose service worker has made its copy. */
async function visit(options = {}) {
  const page = await emptyPage(world, { serviceWorkers: 'allow', ...options });
  await page.goto(world.server.url);
  await started(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  return page;
}

async function load(page) {
  await page.goto('about:blank');
  await page.goto(world.server.url);
  await started(page);
}

/** Another version of the site: boot.js differs, and the page says so. `spoil` changes a file behind the list's back. */
function secondVersion(name, spoil) {
  const site = join(folder, name);
  cpSync(DIST, site, { recursive: true, filter: (path) => !/\.(gz|br)$/.test(path) });
  const read = (file) => readFileSync(join(site, file), 'utf8');
  const boot = readdirSync(site).find((file) => file.startsWith('boot-'));
  const text = `${read(boot)}\n// ${name}\n`;
  const renamed = `boot-${sha256(text).slice(0, 16)}.js`;
  renameSync(join(site, boot), join(site, renamed));
  writeFileSync(join(site, renamed), text);
  for (const page of ['index.html', 'remote.html']) {
    writeFileSync(join(site, page), read(page).replace(boot, renamed).replace('<head>', `<head data-version="${name}">`));
  }
  const files = Object.fromEntries(readdirSync(site).filter((file) => file !== 'sw.js').map((file) => [file, sha256(readFileSync(join(site, file)))]));
  const worker = readFileSync(new URL('../../www/sw.js', import.meta.url), 'utf8');
  writeFileSync(join(site, 'sw.js'), `const FILES = ${JSON.stringify(files)};\nconst BUILD = "${name}";\n${worker}`);
  spoil?.(site, renamed);
  return site;
}

const versionOf = (page) => page.evaluate(() => document.head.dataset.version ?? 'first');
const bootOf = (page) => page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => /boot-\w+/.exec(name)?.[0]).filter(Boolean));

test('the server is stopped: the page loads again and opens a file; what was loaded is not fetched twice', async () => {
  const page = await visit();
  const asked = world.server.requests.map((path) => path.slice(BASE.length) || 'index.html');
  const large = asked.filter((name) => /\.(wasm|lzma)$/.test(name));
  assert.equal(large.length, 3, `each is fetched once: ${large.join(' ')}`);
  console.log(`asked for twice, to be kept: ${asked.filter((name, index) => asked.indexOf(name) !== index).join(', ')}`);

  await down();
  await page.reload();
  await started(page);
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  const other = await page.context().newPage();
  await other.goto(world.server.url);
  await started(other);
  await other.click('[data-sample="hostile-demo.pkl"]');
  await opened(other, 'hostile-demo.pkl');
  await other.goto(`${world.server.url}remote.html`);
  await other.waitForSelector('#remote-card[data-state=address]');
});

test('a new version replaces the old one whole, at the next load', async () => {
  const page = await visit();
  const [old] = await versions(page);
  const site = secondVersion('second');
  const boot = readdirSync(site).find((file) => file.startsWith('boot-')).replace('.js', '');
  world.server.use(site);
  await load(page); // the browser looks for a newer service worker
  assert.equal(await versionOf(page), 'first', 'the page comes from the copy');
  assert.deepEqual((await bootOf(page)).filter((name) => name === boot), []);
  await settled(page, async (old) => {
    const { installing, waiting, active } = await navigator.serviceWorker.getRegistration();
    return !installing && !waiting && active.state === 'activated' && (await caches.keys()).some((name) => name !== old);
  }, old);
  // A page of the old version goes on, and its files are still there for another one that is loading.
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  await down();
  await load(page);
  assert.equal(await versionOf(page), 'second');
  assert.deepEqual([...new Set(await bootOf(page))], [boot], 'every file is of the new version');
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  await up();
  // With no page of it open, the old version is forgotten.
  await page.goto('about:blank');
  const last = await page.context().newPage();
  await last.goto(world.server.url);
  await started(last);
  await settled(last, async () => (await caches.keys()).length === 1);
  assert.ok((await versions(last))[0].endsWith(' second'));
});

test('a version that is not there as a whole is not taken, and the one before stays', async () => {
  const page = await visit();
  const before = await versions(page);
  for (const [name, spoil] of [
    ['mixed', (site) => { cpSync(join(DIST, 'index.html'), join(site, 'index.html')); }],
    ['missing', (site, boot) => { rmSync(join(site, boot)); }],
  ]) {
    world.server.requests.length = 0;
    world.server.use(secondVersion(name, spoil));
    await load(page);
    const deadline = Date.now() + 20_000;
    while (!world.server.requests.includes(`${BASE}sw.js`) && Date.now() < deadline) await page.waitForTimeout(50);
    await settled(page, async () => { const { installing, waiting } = await navigator.serviceWorker.getRegistration(); return !installing && !waiting; });
    await page.waitForTimeout(300);
    assert.deepEqual(await versions(page), before, name);
  }
  await down();
  await load(page);
  assert.equal(await versionOf(page), 'first');
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
});

test('the page can be installed, and opens what the operating system hands to it', async () => {
  const page = await visit();
  const client = await page.context().newCDPSession(page);
  const { data, errors } = await client.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  const manifest = JSON.parse(data);
  assert.equal(manifest.start_url, world.server.url);
  assert.equal(manifest.file_handlers[0].action, world.server.url);
  const { installabilityErrors } = await client.send('Page.getInstallabilityErrors');
  assert.deepEqual(installabilityErrors.map(({ errorId }) => errorId), ['in-incognito'], 'but for the way that tests open it');
  assert.deepEqual(page.complaints, []);

  const handed = await emptyPage(world);
  await handed.addInitScript((bytes) => {
    const files = [{ getFile: async () => new File([Uint8Array.from(bytes)], 'handed.pkl') }];
    Object.defineProperty(globalThis, 'launchQueue', { value: { setConsumer: (take) => take({ files }) } });
  }, [...SMALL]);
  await handed.goto(world.server.url);
  await opened(handed, 'handed.pkl');
});
