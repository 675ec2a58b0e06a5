// After start not even the page's own origin can be asked for anything, from the page or from a worker: each way that a
// browser has of making a request is tried, and the servers count.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SMALL, drop, opened, start, visit, workerOf } from './lib.mjs';
import { serve } from './server.mjs';

let world;
let elsewhere;
before(async () => { world = await start(); elsewhere = await serve(); });
after(async () => { await world.stop(); await elsewhere.close(); });

/** Ways to make a request from a page. Each may throw, reject, or do nothing. */
const FROM_PAGE = {
  fetch: (url) => fetch(url),
  'fetch without CORS': (url) => fetch(url, { mode: 'no-cors', method: 'POST', body: 'secret', keepalive: true }),
  fetchLater: (url) => globalThis.fetchLater?.(url, { activateAfter: 0 }),
  XMLHttpRequest: (url) => { const request = new XMLHttpRequest(); request.open('POST', url); request.send('secret'); },
  'synchronous XMLHttpRequest': (url) => { const request = new XMLHttpRequest(); request.open('GET', url, false); request.send(); },
  WebSocket: (url) => new WebSocket(url.replace('http', 'ws')),
  EventSource: (url) => new EventSource(url),
  sendBeacon: (url) => navigator.sendBeacon(url, 'secret'),
  WebTransport: (url) => new WebTransport(url.replace('http:', 'https:')).ready,
  image: (url) => { new Image().src = url; },
  srcset: (url) => { new Image().srcset = `${url} 2x`; },
  video: (url) => { const video = document.createElement('video'); video.preload = 'auto'; video.src = url; document.body.append(video); },
  poster: (url) => { const video = document.createElement('video'); video.poster = url; document.body.append(video); },
  audio: (url) => new Audio(url).play(),
  track: (url) => {
    const video = document.createElement('video');
    const track = Object.assign(document.createElement('track'), { src: url, default: true });
    video.append(track);
    document.body.append(video);
    track.track.mode = 'showing';
  },
  'svg image': (url) => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const image = document.createElementNS('http://www.w3.org/2000/svg', 'image');
    image.setAttribute('href', url);
    svg.append(image);
    document.body.append(svg);
  },
  'svg use': (url) => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
    use.setAttribute('href', `${url}#x`);
    svg.append(use);
    document.body.append(svg);
  },
  script: (url) => { document.head.append(Object.assign(document.createElement('script'), { src: url })); },
  'module script': (url) => { document.head.append(Object.assign(document.createElement('script'), { src: url, type: 'module' })); },
  'dynamic import': (url) => import(url),
  'inline module': (url) => { document.head.append(Object.assign(document.createElement('script'), { text: `import ${JSON.stringify(url)}`, type: 'module' })); },
  'import of a blob': (url) => import(URL.createObjectURL(new Blob([`import ${JSON.stringify(url)}; fetch(${JSON.stringify(url)})`], { type: 'text/javascript' }))),
  'speculation rules': (url) => {
    const rules = { prefetch: [{ source: 'list', urls: [url], eagerness: 'immediate' }], prerender: [{ source: 'list', urls: [url], eagerness: 'immediate' }] };
    document.head.append(Object.assign(document.createElement('script'), { type: 'speculationrules', text: JSON.stringify(rules) }));
  },
  ...Object.fromEntries(['prefetch', 'preload script', 'preload style', 'preload image', 'preload font', 'preload fetch', 'preload track',
    'modulepreload', 'stylesheet', 'alternate stylesheet', 'icon', 'apple-touch-icon', 'manifest', 'prerender', 'import', 'dns-prefetch',
    'compression-dictionary'].map((kind) => [`link ${kind}`, (url) => {
    const [rel, as] = kind.startsWith('preload') ? kind.split(' ') : [kind, ''];
    document.head.append(Object.assign(document.createElement('link'), { rel, as, href: url, crossOrigin: as === 'font' ? 'anonymous' : null }));
  }])),
  'CSS url': (url) => { document.body.style.backgroundImage = `url("${url}")`; },
  'CSS cursor': (url) => { document.body.style.cursor = `url("${url}"), auto`; },
  'constructed sheet': (url) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`body { border-image-source: url("${url}") } @font-face { font-family: leak; src: url("${url}") } main { font-family: leak }`);
    document.adoptedStyleSheets.push(sheet);
  },
  'style element': (url) => { document.head.append(Object.assign(document.createElement('style'), { textContent: `@import "${url}"; body { background: url("${url}") }` })); },
  font: (url) => new FontFace('leak', `url("${url}")`).load(),
  Worker: (url) => new Worker(url),
  'module Worker': (url) => new Worker(url, { type: 'module' }),
  SharedWorker: (url) => new SharedWorker(url),
  'service worker': (url) => navigator.serviceWorker.register(url),
  'own service worker': (url) => navigator.serviceWorker.register(`sw.js?${url}`),
  'service worker that is there': async (url) => {
    for (const { active } of await navigator.serviceWorker.getRegistrations()) active.postMessage(url);
  },
  'background fetch': async (url) => (await navigator.serviceWorker.getRegistration()).backgroundFetch.fetch('leak', [url]),
  'worker of a blob': (url) => new Worker(URL.createObjectURL(new Blob([`fetch(${JSON.stringify(url)}).catch(() => {}); importScripts(${JSON.stringify(url)})`]))),
  'module worker of a blob': (url) => new Worker(URL.createObjectURL(new Blob([`import ${JSON.stringify(url)}`], { type: 'text/javascript' })), { type: 'module' }),
  'worker of data': (url) => new Worker(`data:text/javascript,fetch(${JSON.stringify(url)})`),
  'paint worklet': (url) => CSS.paintWorklet.addModule(url),
  'audio worklet': (url) => new OfflineAudioContext(1, 1, 44100).audioWorklet.addModule(url),
  frame: (url) => { document.body.append(Object.assign(document.createElement('iframe'), { src: url })); },
  'frame with text': (url) => { document.body.append(Object.assign(document.createElement('iframe'), { srcdoc: `<img src="${url}"><link rel=stylesheet href="${url}"><script src="${url}"></script>` })); },
  'empty frame': (url) => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    return frame.contentWindow.fetch(url, { mode: 'no-cors' });
  },
  'frame of a blob': (url) => { document.body.append(Object.assign(document.createElement('iframe'), { src: URL.createObjectURL(new Blob([`<img src="${url}">`], { type: 'text/html' })) })); },
  object: (url) => { document.body.append(Object.assign(document.createElement('object'), { data: url })); },
  embed: (url) => { document.body.append(Object.assign(document.createElement('embed'), { src: url })); },
  ping: (url) => {
    const link = Object.assign(document.createElement('a'), { href: '#', ping: url });
    document.body.append(link);
    link.click();
  },
  form: (url) => {
    const form = Object.assign(document.createElement('form'), { action: url, method: 'post', target: '_blank' });
    document.body.append(form);
    form.submit();
  },
  'form in place': (url) => {
    const form = Object.assign(document.createElement('form'), { action: url, method: 'post' });
    document.body.append(form);
    form.submit();
  },
  cache: (url) => caches.open('leak').then((cache) => cache.add(url)),
  'new policy': (url) => {
    document.head.append(Object.assign(document.createElement('meta'), { httpEquiv: 'Content-Security-Policy', content: `default-src *; connect-src *` }));
    return fetch(url);
  },
  'policy removed': (url) => {
    document.querySelectorAll('meta[http-equiv]').forEach((meta) => meta.remove());
    return fetch(url);
  },
};

/** And from a worker. */
const FROM_WORKER = {
  fetch: (url) => fetch(url),
  'fetch without CORS': (url) => fetch(url, { mode: 'no-cors', method: 'POST', body: 'secret', keepalive: true }),
  XMLHttpRequest: (url) => { const request = new XMLHttpRequest(); request.open('GET', url, false); request.send(); },
  WebSocket: (url) => new WebSocket(url.replace('http', 'ws')),
  WebSocketStream: (url) => globalThis.WebSocketStream && new WebSocketStream(url.replace('http', 'ws')).opened,
  EventSource: (url) => new EventSource(url),
  WebTransport: (url) => new WebTransport(url.replace('http:', 'https:')).ready,
  'dynamic import': (url) => import(url),
  'import of a blob': (url) => import(URL.createObjectURL(new Blob([`import ${JSON.stringify(url)}`], { type: 'text/javascript' }))),
  importScripts: (url) => importScripts(url),
  Worker: (url) => new Worker(url),
  'worker of a blob': (url) => new Worker(URL.createObjectURL(new Blob([`fetch(${JSON.stringify(url)}).catch(() => {}); importScripts(${JSON.stringify(url)})`]))),
  font: (url) => new FontFace('leak', `url("${url}")`).load(),
  cache: (url) => caches.open('leak').then((cache) => cache.add(url)),
};

/** Tries them all, in a task of their own, for the debugger may do what the page may not. The functions travel as text. */
async function tryAll(where, ways, base) {
  for (const [name, way] of Object.entries(ways)) {
    const url = JSON.stringify(`${base}leak-${encodeURIComponent(name.replaceAll(' ', '-'))}`);
    await where.evaluate(`new Promise((resolve) => {
      setTimeout(resolve, 400);
      setTimeout(async () => {
        try { await (${way})(${url}); } catch { /* refused */ }
        resolve();
      });
    })`).catch(() => {});
  }
  await new Promise((resolve) => { setTimeout(resolve, 1500); });
}

const leaks = (server) => server.requests.filter((path) => path.includes('leak-')).map((path) => path.split('leak-')[1]);

for (const [origin, server] of [['its own origin', () => world.server], ['another origin', () => elsewhere]]) {
  test(`after start the page cannot ask ${origin} for anything`, async () => {
    const page = await visit(world, { serviceWorkers: 'allow' });
    await page.evaluate(() => navigator.serviceWorker.ready);
    await drop(page, 'small.pkl', SMALL);
    await opened(page, 'small.pkl');
    const address = page.url().split('#')[0];
    const asked = server().requests.length;
    await tryAll(page, FROM_PAGE, server().url);
    assert.deepEqual(leaks(server()), []);
    assert.equal(server().requests.length, asked);
    assert.equal(page.url().split('#')[0], address);
    await page.context().close();
  });

  test(`nor can a worker ask ${origin}`, async () => {
    const page = await visit(world);
    await drop(page, 'small.pkl', SMALL);
    await opened(page, 'small.pkl');
    const worker = await workerOf(page);
    const asked = server().requests.length;
    await tryAll(worker, FROM_WORKER, server().url);
    assert.deepEqual(leaks(server()), []);
    assert.equal(server().requests.length, asked);
    // A worker can still be started again, without a request.
    await drop(page, 'again.pkl', SMALL);
    await opened(page, 'again.pkl');
    assert.equal(server().requests.length, asked);
    await page.context().close();
  });
}

test('what the policy cannot forbid is said: a page can leave for another address', async () => {
  const page = await visit(world, { serviceWorkers: 'allow' });
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.click('.promise .link');
  const said = await page.textContent('dialog');
  for (const words of ['leave for another address', 'WebRTC', 'new window', 'look up the name', 'open a connection', 'newer version']) assert.ok(said.includes(words), words);
  // It can have the browser look for another sw.js: an address that is always the same.
  const asked = world.server.requests.length;
  await page.evaluate(() => new Promise((resolve) => {
    setTimeout(async () => { await (await navigator.serviceWorker.getRegistration()).update(); resolve(); });
  }));
  assert.deepEqual(world.server.requests.slice(asked), [new URL('sw.js', world.server.url).pathname]);
  await page.evaluate((url) => { setTimeout(() => { location.href = url; }); }, `${world.server.url}leak-navigation`);
  const deadline = Date.now() + 10_000;
  while (leaks(world.server).length === 0 && Date.now() < deadline) await new Promise((resolve) => { setTimeout(resolve, 50); });
  assert.deepEqual(leaks(world.server), ['navigation']);
});
