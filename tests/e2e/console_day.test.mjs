// What the console shows by itself: the big screen, the verdict on the journal, what happened since one looked; in two
// languages, through broken lines and reloads.
import assert from 'node:assert/strict';
import { heading, keys, open, staff } from './console.mjs';
import { WCAG, faultsOf, picture, town } from './harness.mjs';

const LONG_MS = 120000;  // of a verification on a machine with other things to do

staff('the big screen shows figures, renews them, and lets one out by keyboard', { as: 'office', width: 1920 }, async (visitor) => {
  const { page } = visitor;
  let asked = 0;
  await page.setViewportSize({ width: 1920, height: 1080 });  // of a wall
  page.on('request', (request) => { if (request.url().includes('/screen-figures')) asked += 1; });
  await open(visitor);
  await page.getByRole('navigation', { name: '导航' }).getByRole('link', { name: '大屏' }).click();
  await visitor.page.getByText('各类记录').waitFor();
  await visitor.saysAll('有效记录', '各类记录', '最新公示', /次变动全部记入账本/);
  assert.equal(await page.getByRole('navigation').count(), 0, 'nothing but the screen');
  assert.ok(asked >= 1);
  // Legible from three metres: no text below 18 px on a screen of 1920 px.
  const smallest = await page.evaluate(() => Math.min(...[...document.querySelectorAll('.screen *')].filter((one) => [...one.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim()) && one.namespaceURI.endsWith('xhtml')).map((one) => parseFloat(getComputedStyle(one).fontSize))));
  assert.ok(smallest >= 18, `${smallest} px`);
  assert.deepEqual(await faultsOf(page, WCAG, true), []);
  await picture(page, 'console-screen-1920-dark');
  await keys(visitor, 'Tab', 'Tab');
  assert.match(await page.evaluate(() => document.activeElement.textContent), /返回工作台/);
  await keys(visitor, 'Enter');
  await heading(visitor, /今天是/);
  await keys(visitor, 'g', 'w');
  await visitor.page.getByText('各类记录').waitFor();
  await keys(visitor, 'Escape');
  await heading(visitor, /今天是/);
});

staff('the journal is verified from the console: begun, followed, told in words', { as: 'office' }, async (visitor) => {
  const { page } = visitor;
  await open(visitor, '/verify');
  await visitor.button('开始核验').click();
  await page.getByRole('main').getByText('没有发现改动').waitFor({ timeout: LONG_MS });
  await visitor.saysAll(/核对了\d+个账本事件，逐行比较了/, '核验人');
  await page.reload();
  await page.getByText('没有发现改动').waitFor();
});

staff('a verification is stopped, and a verdict that is bad says what to do', { as: 'office' }, async (visitor) => {
  const { page } = visitor;
  const task = { id: 'v', kind: 'journal.verify', state: 'running', stage: 'replay', done: 40, all: 90, started: new Date().toISOString(), has_file: false };
  await page.route('**/api/v1/journal/verifications', (route) => route.fulfill({ status: 202, json: { task: 'v' } }));
  await page.route('**/api/v1/journal/verifications/last', (route) => route.fulfill({ json: { known: true, clean: false, time: '2026-11-20T03:04:05.000007Z', by: 'clerk', seconds: 4, events: 90, rows_compared: 1200, size: 90, damages: [{ place: 'record 4-1', what: '与账本不符' }], damage_count: 1, event: 91, busy: false } }));
  await page.route('**/api/v1/tasks', (route) => route.fulfill({ json: { tasks: [task] } }));
  await page.route('**/api/v1/tasks/v/cancel', (route) => { task.state = 'cancelled'; return route.fulfill({ json: task }); });
  await open(visitor, '/verify');
  await visitor.saysAll('有1处与账本不符', 'record 4-1', '从账本重新推算');
  await page.getByRole('listitem').filter({ hasText: '从账本重新推算' }).and(page.locator('[aria-current=step]')).waitFor();
  await picture(page, 'console-verify-running-1440-light');
  await visitor.button('停止核验').click();
  await visitor.button('开始核验').waitFor();
});

staff('the notices tell what waits, and what was cleared comes back', {}, async (visitor) => {
  const { page } = visitor;
  await open(visitor);
  await visitor.button(/^通知/).click();
  const drawer = page.getByRole('dialog', { name: '通知' });
  await drawer.getByRole('link', { name: /等待核实/ }).waitFor();
  await drawer.getByRole('link', { name: /个批次有退回行/ }).waitFor();
  await picture(page, 'console-notices-1440-light');
  assert.deepEqual(await faultsOf(page, WCAG, true), []);
  await drawer.getByRole('link', { name: /等待核实/ }).click();
  await heading(visitor, '存疑队列');
  await open(visitor);
  await visitor.button(/^通知/).click();
  await drawer.getByText(/以来$/).waitFor();
});

staff('each page speaks English when asked to', { as: 'office' }, async (visitor) => {
  const { page } = visitor;
  await open(visitor);
  await visitor.button('林晓').click();
  await page.getByRole('menuitem', { name: 'English' }).click();
  for (const [path, name] of [['/', /it is/i], ['/upload', 'Hand in'], ['/batches', 'Batches'], ['/doubtful', /Doubtful/], ['/subjects', 'Subjects'], ['/records', 'Records'], ['/check', /./], ['/reports', /eports/], ['/units', /nits/], ['/journal', 'Journal'], ['/events', 'Journal events'], ['/verify', 'Verify']]) {
    await page.goto(`${town.base}/console${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const title = await page.getByRole('heading', { level: 1 }).innerText();
    assert.ok(!/\p{Script=Han}/u.test(title.replace('林晓', '')), `${path}: ${title}`);
    await page.getByRole('button', { name: 'How to use this page' }).waitFor();
    // The words of the console itself: labels, buttons, headings, heads of columns. Data stay as they are.
    const chinese = await page.evaluate(() => [...document.querySelectorAll('label, .button, .link, h2, [role=columnheader], .side a, .tile .name, summary')].filter((one) => one.lang !== 'zh-CN').map((one) => one.textContent.trim()).filter((text) => /\p{Script=Han}/u.test(text)));
    assert.deepEqual(chinese, [], path);
    assert.ok(name);
  }
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
});

staff('each page explains itself: a line, and a short guide', {}, async (visitor) => {
  const { page } = visitor;
  await open(visitor, '/batches');
  await visitor.button('怎么用').click();
  const guide = page.getByRole('dialog', { name: '批次：怎么用' });
  await guide.getByRole('listitem').first().waitFor();
  assert.ok(await guide.getByRole('listitem').count() >= 3);
  await keys(visitor, 'Escape');
  await guide.waitFor({ state: 'hidden' });
});

for (const [as, path, button, fields, send] of [
  ['office', '/units', '登记单位', { 统一社会信用代码: '11410423005750012X', 单位名称: '断线局' }, '登记单位'],
  ['keeper', '/accounts', '开设账号', { 账号: 'broken.line', 姓名: '周断线' }, '开设账号'],
  ['office', '/reports', '', { 统一社会信用代码: town.main.code, '用途（可不填）': '断线时填的' }, '出具并下载'],
  ['clerk', '/check', '', { 要核查的主体: '某某公司\n另一公司' }, '核查2个主体'],
]) {
  staff(`nothing typed is lost when the line breaks or the page is loaded again: ${path}`, { as }, async (visitor) => {
    const { page } = visitor;
    await open(visitor, path);
    const form = async () => {
      if (!button) return page.getByRole('main');
      await page.getByRole('main').getByRole('button', { name: button }).click();
      return page.getByRole('dialog', { name: button });
    };
    let at = await form();
    for (const [label, value] of Object.entries(fields)) await at.getByLabel(label, { exact: true }).fill(value);
    await page.route('**/api/v1/{units,accounts,reports,checks}', (route) => (route.request().method() === 'POST' ? route.abort('connectionreset') : route.continue()));
    await at.getByRole('button', { name: send }).click();
    await page.getByText('连接不上服务器').first().waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    at = await form();
    for (const [label, value] of Object.entries(fields)) assert.equal(await at.getByLabel(label, { exact: true }).inputValue(), value, label);
    visitor.troubles = visitor.troubles.filter((trouble) => !/ERR_CONNECTION_RESET/.test(trouble));
  });
}
