// Pictures of the page and of every lens in every size and theme, into output/. PICTURE=1 renews those in docs/.
import { after, before, test } from 'node:test';
import { copyFile, mkdir } from 'node:fs/promises';
import { OUTPUT, drop, fixture, opened, start, visit } from './lib.mjs';
import { doubles, forest, ndarray, pickle } from './values.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

const SIZES = [[1440, 900], [900, 1100], [400, 800]];

for (const colorScheme of ['light', 'dark']) {
  for (const [width, height] of SIZES) {
    test(`pictures at ${width}×${height}, ${colorScheme}`, async () => {
      const options = { viewport: { width, height }, colorScheme, reducedMotion: 'reduce' };
      for (const sample of ['sklearn-bundle', 'hostile-demo']) {
        // A page of its own: the address of one that is loaded again names the place in the file before.
        const page = await visit(world, options);
        const shoot = (name) => page.screenshot({ path: `${OUTPUT}${name}-${width}x${height}-${colorScheme}.png` });
        await shoot('empty');
        await page.click(`[data-sample="${sample}.pkl"]`);
        await opened(page, `${sample}.pkl`);
        for (const key of ['ArrowRight', '*']) await page.keyboard.press(key);
        await page.waitForFunction(() => document.querySelectorAll('#tree [aria-level="3"]').length > 0);
        await page.waitForSelector('.hex-row .hex-digits', { state: 'attached' });
        await page.waitForFunction(() => !document.querySelector('.list-rows :is(.pending, .op-pending)'));
        await shoot(sample);
        await page.click('#tab-opcodes');
        await page.waitForSelector('#opcodes [data-offset]');
        await shoot(`${sample}-opcodes`);
      }
    });
  }
}

const wave = pickle(ndarray('f8', [40, 60], doubles(Array.from({ length: 2400 }, (_, i) => Math.sin((i % 60) / 9) * Math.cos(Math.floor(i / 60) / 7)))));

/** Name of the picture, the file, and what has to be there. */
const LENSES = [
  ['array', 'wave.pkl', () => wave, '.picture canvas[data-drawn]'],
  ['frame', 'dataframe.pkl', () => fixture('../samples/dataframe.pkl'), '[data-column="5"][data-complete=true]'],
  ['pipeline', 'column-transformer.p5.pkl', () => fixture('real/sklearn-1.9/column-transformer.p5.pkl'), '.diagram'],
  ['coefficients', 'logistic-regression.p5.pkl', () => fixture('real/sklearn-1.9/logistic-regression.p5.pkl'), '.entries'],
  ['forest', 'forest.pkl', () => forest(100, 5), '[data-tree-node="0"]'],
  ['state-dict', 'resnet.state.pt', () => fixture('torch/torch-2.6/resnet.state.pt'), '[role=treegrid] [data-outline="0"]'],
  ['function', 'closure.p4.pkl', () => fixture('real/cloudpickle-3.1/closure.p4.pkl'), '.card-body'],
];

for (const colorScheme of ['light', 'dark']) {
  for (const [width, height] of SIZES) {
    test(`pictures of lenses at ${width}×${height}, ${colorScheme}`, async () => {
      const page = await visit(world, { viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
      const shoot = (name) => page.screenshot({ path: `${OUTPUT}lens-${name}-${width}x${height}-${colorScheme}.png` });
      for (const [lens, name, bytes, ready] of LENSES) {
        await drop(page, name, await bytes());
        await opened(page, name);
        await page.waitForSelector(ready, { state: 'attached' });
        await page.waitForFunction(() => !document.querySelector('.grid-waits, .statistics-waiting'));
        // Where panes stand one above the other, the lens is below the tree.
        if (width < 1000) await page.$eval('#inspector', (inspector) => inspector.scrollIntoView());
        await shoot(lens);
        await page.$eval('#part-card', (card) => card.scrollIntoView());
        await shoot(`${lens}-below`);
      }
      await page.click('#tab-python');
      await page.waitForSelector('#python [data-line="0"]');
      await page.$eval('.pane-left', (pane) => pane.scrollIntoView());
      await shoot('python');
    });
  }
}

test('the pictures of the README', { skip: !process.env.PICTURE && 'set PICTURE=1 to renew those in docs/' }, async () => {
  const docs = new URL('../../docs/', import.meta.url);
  await mkdir(docs, { recursive: true });
  const pictures = { screenshot: 'sklearn-bundle', 'lens-table': 'lens-frame-below', 'lens-forest': 'lens-forest', 'lens-layers': 'lens-state-dict' };
  for (const [picture, shot] of Object.entries(pictures)) {
    await copyFile(`${OUTPUT}${shot}-1440x900-light.png`, new URL(`${picture}.png`, docs));
  }
});
