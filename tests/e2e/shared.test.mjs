// Files that the operating system shares with the installed page come as a form, which the service worker answers for.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { HOSTILE, SMALL, emptyPage, opened, start, started, until } from './lib.mjs';
import { BASE, serve } from './server.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

async function visit() {
  const page = await emptyPage(world, { serviceWorkers: 'allow' });
  await page.goto(world.server.url);
  await started(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  return page;
}

/** Sends what a system shares: a form with files, from a page whose policy does not forbid it. */
async function share(page, files, from = `${world.server.url}plain`) {
  await page.goto(from);
  await page.evaluate(({ files, action }) => {
    const form = Object.assign(document.createElement('form'), { method: 'post', enctype: 'multipart/form-data', action });
    for (const [field, name, bytes] of files) {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(bytes)], name));
      const input = Object.assign(document.createElement('input'), { type: 'file', name: field });
      input.files = transfer.files;
      form.append(input);
    }
    document.body.append(form);
    setTimeout(() => form.submit());
  }, { files, action: `${world.server.url}share` });
  await page.waitForURL((url) => url.href !== from);
}

const cacheNames = (page) => page.evaluate(() => caches.keys());

test('a file that is shared is opened, kept no longer, and sent nowhere', async () => {
  const page = await visit();
  const name = 'a b\u00e9\u{1f952}\u202e.pkl';
  world.server.requests.length = 0;
  await share(page, [['files', name, [...SMALL]]]);
  await opened(page, name.replace('\u202e', '\\u202e'));
  assert.equal(page.url().split('#')[0], world.server.url);
  assert.ok((await cacheNames(page)).every((cache) => !cache.startsWith('picklescope-shared')));
  assert.deepEqual(world.server.requests.filter((path) => path === `${BASE}share`), []);
  assert.deepEqual(page.complaints.filter((complaint) => !/404/.test(complaint)), []);
  assert.equal(await page.evaluate(() => fetch('robots.txt').then(() => true, () => false)), false, 'nobody touched the page, and yet it may not ask');
  // A second time it is not there.
  await page.reload();
  await started(page);
});

test('several are opened together; without a file the page opens empty; what no page took is forgotten', async () => {
  const page = await visit();
  await share(page, [['files', 'one.pkl', [...SMALL]], ['files', 'two.pkl', [...HOSTILE]], ['other', 'three.pkl', [...SMALL]]]);
  await until(page, () => /one\.pkl/.test(document.body.textContent) && /two\.pkl/.test(document.body.textContent));
  assert.ok(!/three\.pkl/.test(await page.textContent('body')));
  await share(page, []);
  await started(page);
  assert.equal(page.url(), world.server.url);

  // One from an hour ago, and one that another page is about to take.
  const [old, fresh] = [Date.now() - 3_600_000, Date.now()].map((time) => `picklescope-shared ${world.server.url} ${time}-x`);
  await page.evaluate((names) => Promise.all(names.map((name) => caches.open(name))), [old, fresh]);
  await page.goto('about:blank');
  await page.goto(world.server.url);
  await started(page);
  for (let tries = 0; (await cacheNames(page)).includes(old); tries += 1) assert.ok(tries < 200, 'what no page took is kept');
  assert.ok((await cacheNames(page)).includes(fresh));
});

test('what cannot be kept is said', async () => {
  const page = await visit();
  const client = await page.context().newCDPSession(page);
  await client.send('Storage.overrideQuotaForOrigin', { origin: new URL(world.server.url).origin, quotaSize: 1 });
  await share(page, [['files', 'large.pkl', Array.from({ length: 100_000 }, () => 0)]]);
  assert.match(await page.textContent('body'), /could not be kept .* choose the file there/);
  await client.send('Storage.overrideQuotaForOrigin', { origin: new URL(world.server.url).origin });
});

test('another site can have a file opened, which is read like any', async () => {
  const elsewhere = await serve();
  try {
    const page = await visit();
    await share(page, [['files', 'sent.pkl', [...HOSTILE]]], `${elsewhere.url}plain`);
    await opened(page, 'sent.pkl');
    assert.equal(await page.getAttribute('.verdict', 'data-level'), 'Dangerous');
  } finally {
    await elsewhere.close();
  }
});

test('the manifest says where to share', async () => {
  const page = await visit();
  const client = await page.context().newCDPSession(page);
  const { data, errors } = await client.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  const { share_target: target } = JSON.parse(data);
  assert.deepEqual([target.action, target.method, target.params.files[0].name], [`${world.server.url}share`, 'POST', 'files']);
});
