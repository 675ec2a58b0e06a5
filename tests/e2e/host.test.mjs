// The zip of a release: unpacked under a path of a plain static host, and opened from a folder.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { packSite } from '../../scripts/release.mjs';
import { SMALL, drop, emptyPage, opened, start, started, violations } from './lib.mjs';

let world;
let folder;
before(async () => {
  world = await start();
  folder = mkdtempSync(join(tmpdir(), 'picklescope-host-'));
  execFileSync('python3', ['-m', 'zipfile', '-e', packSite(folder), join(folder, 'site')]);
});
after(async () => {
  await world.stop();
  rmSync(folder, { recursive: true });
});

test('unpacked under a path of a static host, the page works and keeps its copy', async () => {
  world.server.use(join(folder, 'site'));
  const page = await emptyPage(world, { serviceWorkers: 'allow' });
  await page.goto(world.server.url);
  await started(page);
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  await page.evaluate(() => navigator.serviceWorker.ready);
  assert.deepEqual(page.complaints, []);
});

test('opened from a folder, it says what to do', async () => {
  for (const name of ['index.html', 'remote.html']) {
    const page = await emptyPage(world, { viewport: { width: 400, height: 700 } });
    await page.goto(pathToFileURL(join(folder, 'site', name)).href);
    await page.waitForURL('**/from_file.html');
    const text = await page.textContent('main');
    for (const words of ['needs a server', 'python3 -m http.server', 'picklescope view FILE']) assert.ok(text.includes(words), words);
    assert.deepEqual(await violations(page), []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  }
});
