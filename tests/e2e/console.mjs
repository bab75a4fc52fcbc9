// What the tests of the staff console share.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COLOURS, WCAG, faultsOf, modes_at, picture, town, visit } from './harness.mjs';

const built = (await fetch(`${town.base}/console/`)).status === 200;
const PATIENCE_MS = 30000;  // a machine with other things to do is slow, not broken
export const skip = built ? false : 'the console is not built (tools/console)';

/** A test by somebody who is signed in: the clerk unless told otherwise. */
export function staff(title, options, body) {
  test(`console: ${title}`, { skip }, (context) => visit({ as: 'clerk', ...options }, (visitor) => {
    visitor.context.setDefaultTimeout(PATIENCE_MS);
    return body(visitor, context);
  }));
}

/** Opens a page of the console and waits until its data is there. */
export async function open(visitor, path = '/') {
  await visitor.go(`/console${path}`);
  await visitor.page.getByRole('heading', { level: 1 }).waitFor();
  // Data is there when nothing was asked for a moment; shorter than what playwright calls idle.
  await visitor.page.waitForFunction(() => {
    const last = performance.getEntriesByType('resource').at(-1)?.responseEnd ?? 0;
    return performance.now() - last > 150 && !document.querySelector('.grid-more')?.textContent.includes('正在读取');
  }, null, { polling: 50 });
}
export const heading = (visitor, name) => visitor.page.getByRole('heading', { level: 1, name }).waitFor();
export const keys = async (visitor, ...names) => {
  for (const name of names) await visitor.page.keyboard.press(name);
};

/** Declares tests that look at pages in every dress: accessible by WCAG 2.1 AA, no wider than the window; a picture of each.
    looks() gives [account, [[name, path], ...]] once the tests run. */
export function look_at_pages(title, looks, widths = [1440, 390]) {
  for (const width of widths) {
    for (const mode of modes_at(width)) {
      test(`console: ${title}, ${mode}, ${width} px`, { skip }, async () => {
        const faults = [];
        for (const [as, places] of await looks()) {
          await visit({ as, mode, width }, async (visitor) => {
            for (const [name, path] of places) {
              await open(visitor, path);
              const rules = ['dark', 'contrast'].includes(mode) ? COLOURS : WCAG;
              faults.push(...(await faultsOf(visitor.page, rules, true)).map((fault) => `${name}: ${fault}`));
              await picture(visitor.page, `console-${name}-${width}-${mode}`);
            }
          });
        }
        assert.deepEqual(faults, []);
      });
    }
  }
}
