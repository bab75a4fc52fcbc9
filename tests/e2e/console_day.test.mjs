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
  // Begun here and stopped: nobody asks after it any more, and it is not told as lost.
  task.state = 'running';
  await visitor.button('开始核验').click();
  await visitor.button('停止核验').click();
  await visitor.button('开始核验').waitFor();
  let asked = 0;
  page.on('request', (request) => { if (request.url().endsWith('/api/v1/tasks')) asked += 1; });
  await page.waitForTimeout(3000);
  assert.ok(asked <= 1, `${asked} times`);
  assert.equal(await page.getByText('任务中断了').count(), 0);
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
    const chinese = await page.evaluate(() => [...document.querySelectorAll('label, .button, .link, h2, [role=columnheader], .side a, .tile .name, summary')].filter((one) => !one.closest('[lang="zh-CN"]')).map((one) => one.textContent.trim()).filter((text) => /\p{Script=Han}/u.test(text)));
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

const pass_over = (visitor, troubles) => { visitor.troubles = visitor.troubles.filter((trouble) => !troubles.test(trouble)); };
const become = (visitor, as) => visitor.context.addCookies([{ name: 'mx_session', value: town.sessions[as], url: town.base }]);

staff('what waits for a new session is never sent in the name of somebody else', { as: 'office' }, async (visitor) => {
  const { page } = visitor;
  let sent = 0;
  page.on('request', (request) => { if (request.method() === 'POST') sent += 1; });
  await open(visitor, '/units');
  await page.getByRole('main').getByRole('button', { name: '登记单位' }).click();
  const form = page.getByRole('dialog', { name: '登记单位' });
  await form.getByLabel('统一社会信用代码', { exact: true }).fill('11410423005750012X');
  await form.getByLabel('单位名称', { exact: true }).fill('别人的局');
  await visitor.context.clearCookies();
  await form.getByRole('button', { name: '登记单位' }).click();
  const dialog = page.getByRole('dialog', { name: '登录已过期' });
  await dialog.waitFor();
  await become(visitor, 'clerk');
  await dialog.getByRole('button', { name: '我已登录，继续' }).click();
  await heading(visitor, '没有这个页面');  // for the clerk
  assert.equal(sent, 1);
  pass_over(visitor, /401/);
});

staff('a page or a window that can not be loaded is tried again, then told; the next account reads none of it', {}, async (visitor) => {
  const { page } = visitor;
  let tried = 0;
  await page.route('**/assets/UnitsPage-*.js', (route) => route.abort('connectionreset'));
  await page.route('**/assets/JournalPage-*.js', (route) => ((tried += 1) === 1 ? route.abort('connectionreset') : route.continue()));
  await open(visitor);
  const side = page.getByRole('navigation', { name: '导航' });
  await side.getByRole('link', { name: '账本', exact: true }).click();
  await heading(visitor, '账本');
  assert.equal(tried, 2, 'opened anew');

  await become(visitor, 'office');
  await open(visitor);
  await side.getByRole('link', { name: '单位' }).click();
  await page.getByText('连接不上服务器').waitFor();
  await heading(visitor, /今天是/);

  tried = 0;
  await page.route('**/assets/NoticeDrawer-*.js', (route) => ((tried += 1) <= 4 ? route.abort('connectionreset') : route.continue()));
  await visitor.button(/^通知/).click();
  await page.getByText('连接不上服务器').nth(1).waitFor();
  assert.equal(tried, 4);
  await visitor.button(/^通知/).click();
  const drawer = page.getByRole('dialog', { name: '通知' });
  await drawer.getByText('连接不上服务器').nth(1).waitFor();

  await page.reload();
  await visitor.button(/^通知/).click();
  await drawer.getByText('连接不上服务器').nth(1).waitFor();
  await become(visitor, 'clerk');
  await page.reload();
  await visitor.button(/^通知/).click();
  await drawer.getByText('文件入库、出错').waitFor();
  pass_over(visitor, /ERR_CONNECTION_RESET|dynamically imported/);
});

staff('a platform that can not be reached is not taken for a session that ended', {}, async (visitor) => {
  const { page } = visitor;
  await page.route('**/api/v1/session', (route) => route.abort('connectionreset'));
  await visitor.go('/console/batches?outcome=rejected');
  await visitor.button('重试').waitFor();
  await visitor.saysAll('连接不上平台');
  assert.deepEqual(await faultsOf(page, WCAG, true), []);
  await page.unroute('**/api/v1/session');
  await visitor.button('重试').click();
  await heading(visitor, '批次');
  assert.match(page.url(), /outcome=rejected/);
  pass_over(visitor, /ERR_CONNECTION_RESET/);
});

staff('keys mean the same after the big screen, and each leads to one page', { as: 'office' }, async (visitor) => {
  const { page } = visitor;
  await open(visitor, '/subjects');
  await keys(visitor, 'g', 'w');
  await page.getByText('各类记录').waitFor();
  await page.goBack();
  await heading(visitor, '主体');
  await keys(visitor, '/');
  await page.waitForFunction(() => document.activeElement?.type === 'search' && !document.activeElement.closest('[role=dialog]'));
  await page.evaluate(() => document.activeElement.blur());
  await keys(visitor, 'g', 'i');
  await heading(visitor, '文章');
  await keys(visitor, 'g', 'e');
  await heading(visitor, '账本事件');
});

staff('an article that could not be read is not said to be missing', { as: 'office' }, async (visitor) => {
  const { page } = visitor;
  await page.route('**/api/v1/content/articles/999999', (route) => route.fulfill({ status: 500, json: { code: 'MX1000', title: '平台内部出错', detail: '', remedy: '请稍后再试' } }));
  await open(visitor, '/content/articles/999999');
  await page.getByRole('alert').getByText('平台内部出错').waitFor();
  assert.equal(await page.getByText('没有这篇文章').count(), 0);
  await page.unroute('**/api/v1/content/articles/999999');
  await visitor.button('重新读取').click();
  await page.getByText('没有这篇文章').waitFor();
  pass_over(visitor, /500|404/);
});
