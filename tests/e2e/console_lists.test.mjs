// Lists of the console: found, sorted, kept, walked by keys, taken away as files; also when they are very long.
import assert from 'node:assert/strict';
import { heading, keys, open, staff } from './console.mjs';
import { picture, town } from './harness.mjs';

const grid = (visitor, name) => visitor.page.getByRole('grid', { name });
const rows = (visitor, name) => grid(visitor, name).getByRole('row');
/** Waits until the list says this of its rows. */
const said = (visitor, text) => visitor.page.locator('.list-line').getByText(text).waitFor();

staff('a list is walked by keys alone: filter, rows, open, back', {}, async (visitor) => {
  const { page } = visitor;
  await open(visitor, '/batches');
  await keys(visitor, '/');
  await page.waitForFunction(() => document.activeElement?.type === 'search');
  await page.keyboard.type('faulty');
  await said(visitor, /符合条件的有\d+行/);
  await page.waitForURL(/q=faulty/);
  await keys(visitor, 'ArrowDown');
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'grid');
  await page.waitForFunction(() => document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.textContent.includes('faulty'));
  await keys(visitor, 'Enter');
  await heading(visitor, /faulty/);
  await page.goBack();
  await heading(visitor, '批次');
  assert.equal(await page.getByRole('searchbox').inputValue(), 'faulty', 'the filter is in the address');
});

staff('what is typed and sent by Enter is in the address', {}, async (visitor) => {
  const { page } = visitor, box = page.getByRole('searchbox');
  await open(visitor, '/batches');
  await box.fill('faulty');
  await keys(visitor, 'Enter');
  await page.waitForURL(/q=faulty/);
  await said(visitor, /符合条件的有\d+行/);
  await rows(visitor, '批次').filter({ hasText: 'faulty' }).first().click();
  await heading(visitor, /faulty/);
  await page.goBack();
  await heading(visitor, '批次');
  assert.equal(await box.inputValue(), 'faulty');
});

staff('a whole code leads to its subject and one stays there; what is typed last does not pull back', {}, async (visitor) => {
  const { page } = visitor, box = page.getByRole('searchbox');
  const stays = async (path) => {
    await page.waitForTimeout(600); // longer than typing is waited for
    assert.equal(new URL(page.url()).pathname, path);
  };
  for (const typed of [(code) => box.fill(code), (code) => box.pressSequentially(code)]) {
    await open(visitor, '/subjects');
    await typed(town.main.code);
    await heading(visitor, town.main.name);
    await stays(`/console/subjects/${town.main.code}`);
  }
  await open(visitor, '/subjects');
  await box.fill('鲁山');
  await page.getByRole('navigation', { name: '导航' }).getByRole('link', { name: '批次', exact: true }).click();
  await heading(visitor, '批次');
  await stays('/console/batches');
});

staff('two tabs keep their filters beside each other', {}, async (visitor) => {
  const { page, context } = visitor, other = await context.newPage();
  const choose = async (tab, label) => {
    await tab.getByLabel('处理结果').selectOption({ label });
    await tab.getByRole('button', { name: '保存这组筛选' }).click();
    await tab.getByLabel('给它起个名字').fill(label);
    await tab.keyboard.press('Enter');
    await tab.getByRole('button', { name: label, exact: true }).waitFor();
  };
  await open(visitor, '/batches');
  await other.goto(page.url());
  await other.getByRole('heading', { level: 1, name: '批次' }).waitFor();
  await choose(other, '有存疑行的');
  await choose(page, '有退回行的');
  await page.reload();
  for (const name of ['有存疑行的', '有退回行的']) await visitor.button(name).first().waitFor();
});

staff('the usual order is a choice only where it is none of the others', { as: 'office' }, async (visitor) => {
  for (const [path, count] of [['/units', 0], ['/subjects', 1]]) {
    await open(visitor, path);
    await visitor.field('排序').waitFor({ state: 'attached' }); // shown on phones
    assert.equal(await visitor.field('排序').locator('option', { hasText: '默认顺序' }).count(), count, path);
  }
});

staff('a list is sorted the other way, and the address says so', {}, async (visitor) => {
  const { page } = visitor;
  await open(visitor, '/batches');
  const first = () => rows(visitor, '批次').nth(1).innerText();
  await rows(visitor, '批次').nth(2).waitFor();
  const newest = await first();
  await page.getByRole('columnheader', { name: '收到时间' }).getByRole('button').click();
  await page.waitForURL(/sort=received/);
  await page.waitForFunction((before) => document.querySelector('[role=grid] .body [role=row]')?.innerText !== before, newest);
  assert.equal(await page.getByRole('columnheader', { name: '收到时间' }).getAttribute('aria-sort'), 'ascending');
  await page.reload();
  await page.waitForFunction((before) => { const row = document.querySelector('[role=grid] .body [role=row]'); return row && row.innerText !== before; }, newest);
});

for (const [as, path, fill, expected] of [
  ['office', '/units', (visitor) => visitor.page.getByRole('searchbox').fill('鲁山'), /q=/],
  ['keeper', '/accounts', (visitor) => visitor.field('角色').selectOption({ label: '部门填报员' }), /role=department_clerk/],
  ['clerk', '/doubtful', (visitor) => visitor.field('目录项').selectOption({ label: '行政处罚' }), /item=penalty/],
]) {
  staff(`filters have a name and are kept: ${path}`, { as }, async (visitor) => {
    const { page } = visitor;
    await open(visitor, path);
    await fill(visitor);
    await page.waitForURL(expected);
    await visitor.button('保存这组筛选').click();
    await visitor.field('给它起个名字').fill('我的');
    await keys(visitor, 'Enter');
    await open(visitor, path);
    await visitor.button('我的').first().click();
    await page.waitForURL(expected);
    await visitor.button('删除筛选“我的”').click();
    await visitor.button('撤销').first().click();
    await visitor.button('我的').first().waitFor();
  });
}

staff('a list is taken away as a file, by a task that can be found on every page', { as: 'office' }, async (visitor) => {
  const { page } = visitor;
  for (const format of ['XLSX', 'CSV']) {
    await open(visitor, '/units');
    await rows(visitor, '报送单位').nth(1).waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), visitor.button(`下载 ${format}`).click()]);
    assert.ok(download.suggestedFilename().endsWith(`.${format.toLowerCase()}`), download.suggestedFilename());
  }
  await open(visitor, '/journal');
  await visitor.button(/任务/).click();
  const drawer = page.getByRole('dialog', { name: '任务' });
  await drawer.getByRole('link', { name: /下载 .*csv/ }).first().waitFor();
  await drawer.getByText('导出报送单位').first().waitFor();
});

staff('a file that takes long says how far it is, goes on when one leaves, and is cancelled', { as: 'office' }, async (visitor) => {
  const { page } = visitor;
  const task = { id: 'long', kind: 'export.batches', state: 'running', stage: 'reading', done: 1000, all: 4000, started: new Date().toISOString(), has_file: false };
  let begun = false;
  await page.route('**/api/v1/exports/batches', (route) => { begun = true; return route.fulfill({ status: 202, json: { task: 'long' } }); });
  await page.route('**/api/v1/tasks', (route) => route.fulfill({ json: { tasks: begun ? [task] : [] } }));
  await page.route('**/api/v1/tasks/long/cancel', (route) => { task.state = 'cancelled'; return route.fulfill({ json: task }); });
  await open(visitor, '/batches');
  await rows(visitor, '批次').nth(1).waitFor();
  await visitor.button('下载 XLSX').click();
  await page.getByRole('progressbar', { name: '正在生成文件' }).waitFor();
  await page.getByText('读取数据').first().waitFor();
  await page.getByRole('navigation', { name: '导航' }).getByRole('link', { name: '账本', exact: true }).click();
  await heading(visitor, '账本');
  await visitor.button('1项任务进行中').click();
  await picture(page, 'console-tasks-1440-light');
  await page.getByRole('dialog', { name: '任务' }).getByRole('button', { name: '取消' }).click();
  await page.getByRole('dialog', { name: '任务' }).getByText('已取消').waitFor();
});

staff('a busy server is waited for', {}, async (visitor) => {
  const { page } = visitor;
  let refused = 0;
  await page.route('**/api/v1/batches?*', (route) => (refused++ < 2
    ? route.fulfill({ status: refused % 2 ? 429 : 503, headers: { 'Retry-After': '1' }, json: { code: 'MX2604', title: '请求过多', detail: '', remedy: '' } }) : route.continue()));
  await open(visitor, '/batches');
  await rows(visitor, '批次').nth(1).waitFor();
  visitor.troubles = visitor.troubles.filter((trouble) => !/429|503/.test(trouble));
  assert.ok(refused > 2);
});
