// What clerks wait for: going from page to page, and a list of a million rows.
import assert from 'node:assert/strict';
import { heading, keys, open, staff } from './console.mjs';
import { slowness } from './harness.mjs';

const ROUTE_MS = 100, LONGEST_TASK_MS = 200, TRIES = 4;

/** Does it again until it is as quick as it has to be, on a machine of which a part may be busy elsewhere. */
async function best(context, what, bound_ms, visitor, measure) {
  const tries = [];
  let allowed_ms = 0;
  while (tries.length < TRIES && !tries.some((one_ms) => one_ms < allowed_ms)) {
    allowed_ms = Math.max(allowed_ms, bound_ms * await slowness(visitor.page));
    tries.push(await measure());
  }
  context.diagnostic(`${what}: ${tries.map((one_ms) => `${one_ms.toFixed(0)} ms`).join(', ')} of ${allowed_ms.toFixed(0)} ms`);
  assert.ok(Math.min(...tries) < allowed_ms, `${what}: ${tries.map(Math.round)} ms, at most ${allowed_ms.toFixed(0)} ms`);
}

staff('going from page to page is quick, and long tables hold few rows', { as: 'office' }, async (visitor, context) => {
  const { page } = visitor;
  await open(visitor);
  const go = async (name) => {
    const took_ms = await page.evaluate(async (wanted) => {
      const link = [...document.querySelectorAll('.side a')].find((one) => one.textContent.trim() === wanted);
      const began = performance.now();
      link.click();
      while (document.querySelector('h1')?.textContent !== wanted) await new Promise(requestAnimationFrame);
      return performance.now() - began;
    }, name);
    await page.waitForLoadState('networkidle');
    return took_ms;
  };
  const names = ['批次', '主体', '账本'];
  for (const name of names) await go(name);
  await best(context, 'a route that was open before', ROUTE_MS, visitor, async () => {
    const took_ms = [];
    for (const name of names) took_ms.push(await go(name));
    return Math.max(...took_ms);
  });
  await heading(visitor, '账本');
  await page.getByRole('grid', { name: '历次树头' }).getByRole('row').nth(10).waitFor();
  const rows = await page.getByRole('grid', { name: '历次树头' }).getByRole('row').count();
  assert.ok(rows > 10 && rows < 60, `${rows} rows in the document`);
});

const MANY = 1_000_000, PAGE = 20_000;
/** Rows as the API would give them, from this one on. */
function records_from(first) {
  return Array.from({ length: PAGE }, (_, i) => ({
    id: `${first + i}-1`, item: 'penalty', item_title: '处罚', title: `第${first + i}条`, document_no: '', subject: '', subject_name: '某公司', organ: '某局', received: '2026-11-20T03:04:05Z',
  }));
}

/** To the end, page after page: End shows the last row that is there, and asks for the next page. */
async function walk_to_the_end(page) {
  for (let had = PAGE; had <= MANY; had += PAGE) {
    await page.waitForFunction((last) => {
      const box = document.querySelector('[role=grid]');
      box.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }));
      return [...box.querySelectorAll('.body [role=row]')].some((row) => parseInt(row.innerText.slice(1), 10) >= last);
    }, had - 1, { polling: 30 });
  }
}

staff('a list of a million rows stays quick: scrolled, walked to its end, with few rows in the document', { as: 'office' }, async (visitor, context) => {
  const { page } = visitor;
  await page.route('**/api/v1/record-list?*', (route) => {
    const first = Number(new URL(route.request().url()).searchParams.get('page') ?? 0), next = first + PAGE;
    return route.fulfill({ json: { records: records_from(first), ...(next < MANY ? { next: String(next) } : {}), count: PAGE, count_more: true } });
  });
  await open(visitor, '/records');
  const grid = page.getByRole('grid', { name: '记录' });
  await grid.getByRole('row').nth(5).waitFor();
  await grid.focus();
  await walk_to_the_end(page);
  await best(context, 'longest task on a million rows', LONGEST_TASK_MS, visitor, async () => {
    await page.evaluate(() => {
      globalThis.long_ms = 0;
      globalThis.watching = new PerformanceObserver((list) => { for (const entry of list.getEntries()) globalThis.long_ms = Math.max(globalThis.long_ms, entry.duration); });
      globalThis.watching.observe({ type: 'longtask' });
    });
    await keys(visitor, 'Home');
    await page.getByText('第0条', { exact: true }).waitFor();
    await keys(visitor, 'PageDown', 'PageDown', 'ArrowUp', 'ArrowDown');
    for (const part of [0.25, 0.5, 0.75, 1]) {
      await page.evaluate((to) => { const box = document.querySelector('[role=grid]'); box.scrollTop = to * box.scrollHeight; }, part);
      await page.waitForFunction(() => { const box = document.querySelector('[role=grid]').getBoundingClientRect(); const at = document.elementFromPoint(box.left + 200, box.top + box.height / 2); return at?.closest('[role=row]'); });
    }
    await page.getByText(`第${MANY - 1}条`, { exact: true }).waitFor();
    return page.evaluate(() => { globalThis.watching.disconnect(); return globalThis.long_ms; });
  });
  const count = await grid.getByRole('row').count();
  assert.ok(count > 10 && count < 80, `${count} rows in the document`);
});
