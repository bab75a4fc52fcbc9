// What the tests of the staff console share.
import { test } from 'node:test';
import { town, visit } from './harness.mjs';

const built = (await fetch(`${town.base}/console/`)).status === 200;
export const skip = built ? false : 'the console is not built (tools/console)';

/** A test by somebody who is signed in: the clerk unless told otherwise. */
export function staff(title, options, body) {
  test(`console: ${title}`, { skip }, () => visit({ as: 'clerk', ...options }, body));
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
