// Pictures of the page in every size and theme, into output/. PICTURE=1 renews the one in docs/.
import { after, before, test } from 'node:test';
import { copyFile, mkdir } from 'node:fs/promises';
import { OUTPUT, opened, start, visit } from './lib.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

const SIZES = [[1440, 900], [900, 1100], [400, 800]];

for (const colorScheme of ['light', 'dark']) {
  for (const [width, height] of SIZES) {
    test(`pictures at ${width}×${height}, ${colorScheme}`, async () => {
      const page = await visit(world, { viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
      const shoot = (name) => page.screenshot({ path: `${OUTPUT}${name}-${width}x${height}-${colorScheme}.png` });
      await shoot('empty');
      for (const sample of ['sklearn-bundle', 'hostile-demo']) {
        await page.reload();
        await page.click(`[data-sample="${sample}.pkl"]`);
        await opened(page, `${sample}.pkl`);
        for (const key of ['ArrowRight', '*']) await page.keyboard.press(key);
        await page.waitForFunction(() => document.querySelectorAll('#tree [aria-level="3"]').length > 0);
        await page.waitForSelector('.hex-row .hex-digits');
        await page.waitForFunction(() => !document.querySelector('.list-rows .pending'));
        await shoot(sample);
        await page.click('#tab-opcodes');
        await page.waitForSelector('#opcodes [data-offset]');
        await shoot(`${sample}-opcodes`);
      }
    });
  }
}

test('the picture of the README', { skip: !process.env.PICTURE && 'set PICTURE=1 to renew docs/screenshot.png' }, async () => {
  const docs = new URL('../../docs/', import.meta.url);
  await mkdir(docs, { recursive: true });
  await copyFile(`${OUTPUT}sklearn-bundle-1440x900-light.png`, new URL('screenshot.png', docs));
});
