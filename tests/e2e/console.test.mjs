// The staff console as people use it: by mouse and by keyboard, through a reload and the end of a session. That nothing breaks
// the policy and nothing goes elsewhere holds for every visit (harness.mjs).
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { heading, keys, open, skip, staff } from './console.mjs';
import { WCAG, faultsOf, picture, tabTour, town, visit } from './harness.mjs';

staff('the gate leads to the sign-in page and back to the page that was wanted', { as: null }, async (visitor) => {
  await open(visitor, '/batches');
  await visitor.leads(visitor.link('去登录').click());
  await visitor.textbox('账号').fill('sleeper');
  await visitor.field('密码').fill(town.accounts.sleeper.first);
  await visitor.leads(visitor.button('登录').click());
  assert.equal(new URL(visitor.page.url()).pathname, '/account/password');
  await open(visitor);
  await visitor.saysAll('首次登录请先修改密码');
  assert.deepEqual(await faultsOf(visitor.page, WCAG, true), []);
});

staff('today tells the batches, what is to be mended, the figures and the newest head', {}, async (visitor) => {
  await open(visitor);
  await visitor.page.getByRole('region', { name: '要做的事' }).getByRole('link', { name: /等待核实/ }).waitFor();
  await visitor.saysAll('今天的批次', '收录主体', /账本最新树头.*签名，覆盖/, '最常见的问题', '即将停止公示');
  await visitor.page.getByText('看数字表').click();
  assert.ok(await visitor.page.getByRole('table', { name: /最近30天/ }).getByRole('row').count() === 31, 'a row for each day');
  await visitor.page.getByRole('img', { name: /最近30天/ }).waitFor();
  await visitor.page.getByRole('region', { name: '要做的事' }).getByRole('link', { name: /等待核实/ }).click();
  await heading(visitor, '存疑队列');
});

staff('the template of what is chosen is downloaded beside the choice', {}, async (visitor) => {
  const { page } = visitor;
  await open(visitor, '/upload');
  for (const [label, id] of [['行政处罚', 'penalty'], ['登记注册信息', 'registration']]) {
    await visitor.field('报送什么').selectOption({ label });
    const [file] = await Promise.all([page.waitForEvent('download'), visitor.link('下载模板').click()]);
    assert.equal(new URL(file.url()).pathname, `/api/v1/items/${id}/template`);
    assert.equal(file.suggestedFilename(), `${label}模板.xlsx`);
    const bytes = fs.readFileSync(await file.path());
    assert.equal(bytes.subarray(0, 2).toString(), 'PK');
  }
});

staff('a workbook is handed in, mended by keyboard in the sheet, and handed in again', {}, async (visitor) => {
  const { page } = visitor;
  await open(visitor, '/upload');
  await visitor.field('报送什么').selectOption({ label: '行政处罚' });
  await visitor.field('选择文件', { exact: true }).first().setInputFiles(town.files.console);
  await page.getByRole('link', { name: '查看结果' }).click();
  await heading(visitor, 'console.xlsx');
  const grid = page.getByRole('grid');
  await grid.getByRole('row').nth(1).waitFor();
  const chosen = () => page.locator('.finding h2').innerText();
  const rejected = await page.locator('.counts li').filter({ hasText: '退回' }).locator('strong').innerText();
  assert.equal(rejected, '2');
  // The first finding is chosen by itself; what is wrong stands beside it.
  assert.match(await chosen(), /统一社会信用代码/);
  await visitor.saysAll(/填写的“9141.*不是有效的统一社会信用代码/);
  await picture(page, 'console-sheet-1440-light');
  await keys(visitor, 'e');
  await page.keyboard.type(town.penalised[1].code);
  await keys(visitor, 'Enter', 'n');
  assert.match(await chosen(), /处罚决定日期/);
  await keys(visitor, 'e');
  await page.keyboard.type(town.today);
  await keys(visitor, 'Enter');
  await visitor.saysAll('已修改2行');
  // A reload loses nothing.
  await page.reload();
  await page.getByRole('button', { name: '重新报送改好的2行' }).click();
  await heading(visitor, /console-更正/);
  await visitor.page.getByText('这个批次没有问题').waitFor();
});

staff('a file with headers of its own is asked about once; the next one goes in by itself', {}, async (visitor) => {
  const { page } = visitor;
  await open(visitor, '/upload');
  await visitor.field('报送什么').selectOption({ label: '登记注册信息' });
  const chooser = visitor.field('选择文件', { exact: true }).first();
  const panel = page.getByRole('region', { name: '列对应' }).first();
  const field = (header) => page.getByLabel(`“${header}”对应的字段`);
  await chooser.setInputFiles(town.files.own);
  await panel.waitFor();
  assert.equal(await field('十八位代码').inputValue(), 'USCC');
  assert.equal(await field('企业名').inputValue(), 'ENT_NAME');
  assert.equal(await field('序号').inputValue(), '');
  await visitor.saysAll('前3格中3格是有效的统一社会信用代码', '安文');
  assert.deepEqual(await faultsOf(page, WCAG, true), []);
  await picture(page, 'console-mapping-1440-light');
  // Two columns for one field are said at once; then set right.
  await field('老板名字').selectOption('USCC');
  await page.getByRole('alert').filter({ hasText: '两列都对应' }).waitFor();
  assert.ok(await visitor.button('确认并报送').isDisabled());
  await field('老板名字').selectOption('LEGAL_REP');
  await visitor.button('确认并报送').click();
  await page.getByRole('link', { name: '查看结果' }).first().waitFor();
  await panel.waitFor({ state: 'hidden' });

  await chooser.setInputFiles(town.files.own_again);
  await page.locator('.job-list').getByText('own_again.csv').waitFor();
  await page.getByRole('link', { name: '查看结果' }).nth(1).waitFor();
  assert.equal(await panel.count(), 0);
  await page.locator('.job-list li').first().getByText(/条说明/).click();
  await page.locator('.job-list li').first().getByText(/记住的列对应（\d+）读取：.*企业名→主体名称/).waitFor();
  await page.getByRole('link', { name: '查看结果' }).first().click();
  await heading(visitor, 'own_again.csv');
  await page.getByText('这个批次没有问题').waitFor();

  // Given up, the header is asked about again.
  await open(visitor, '/upload');
  await page.getByText('记住的列对应：1个').click();
  await visitor.button('停用').click();
  await page.getByText('这个列对应已停用').first().waitFor();
  await chooser.setInputFiles(town.files.own);
  await panel.waitFor();
  await visitor.button('不报送这个文件').click();
  await panel.waitFor({ state: 'hidden' });
});

staff('rows that were mended and are out of view are handed in too', {}, async (visitor) => {
  const { page } = visitor;
  await open(visitor, '/upload');
  await visitor.field('报送什么').selectOption({ label: '行政处罚' });
  await visitor.field('选择文件', { exact: true }).first().setInputFiles(town.files.console);
  await page.getByRole('link', { name: '查看结果' }).first().click();
  await heading(visitor, 'console.xlsx');
  const grid = page.getByRole('grid'), fault = visitor.field('问题', { exact: true });
  await grid.getByRole('row').nth(2).waitFor();
  await keys(visitor, 'e');
  await page.keyboard.type(town.penalised[1].code);
  await keys(visitor, 'Enter');
  await page.getByText('已修改1行').waitFor();
  await fault.selectOption(await fault.locator('option', { hasText: '必填项为空' }).getAttribute('value'));
  await page.waitForURL(/fault=/);
  await page.waitForFunction(() => document.querySelectorAll('.sheet .line:not(.head)').length === 1);
  await grid.locator('[id^=cell-].bad').first().click();
  await keys(visitor, 'e');
  await page.keyboard.type(town.today);
  await keys(visitor, 'Enter');
  await visitor.button('重新报送改好的2行').click();
  await heading(visitor, /console-更正/);
  // The test before has handed in the same two: duplicates, but whole.
  for (const [name, count] of [['总行数', '2'], ['退回', '0']]) await page.locator('.counts li').filter({ hasText: name }).getByText(count, { exact: true }).waitFor();
});

staff('what is no table, and what cannot be read, is told with what to do', {}, async (visitor) => {
  await open(visitor, '/upload');
  const file = visitor.field('选择文件', { exact: true }).first();
  await file.setInputFiles({ name: 'letter.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF') });
  await visitor.page.getByRole('alert').filter({ hasText: '不是表格文件' }).waitFor();
  await file.setInputFiles(town.files.broken);
  await visitor.page.getByText('没有入库', { exact: true }).waitFor();
  await visitor.page.locator('.job-list').getByText('broken.xlsx').waitFor();
});

staff('a large file shows its progress and is cancelled', {}, async (visitor) => {
  await open(visitor, '/upload');
  await visitor.field('报送什么').selectOption({ label: '登记注册信息' });
  await visitor.field('选择文件', { exact: true }).first().setInputFiles(town.files.large);
  await visitor.page.getByRole('progressbar', { name: 'large.csv' }).waitFor();
  await visitor.button('取消').click();
  await visitor.page.locator('.job-list .badge').filter({ hasText: /没有入库|已取消|已完成/ }).waitFor({ timeout: 60000 });
});

staff('Ctrl-K finds subjects, batches and pages without a mouse', {}, async (visitor) => {
  const { page } = visitor;
  await open(visitor);
  await keys(visitor, 'Control+k');
  const box = page.getByRole('combobox', { name: '查找主体、批次或页面' });
  await box.waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'combobox');
  await page.keyboard.type(town.main.name.slice(0, 6));
  await page.getByRole('option', { name: town.main.name }).waitFor();
  await keys(visitor, 'Enter');
  await heading(visitor, town.main.name);
  await keys(visitor, 'Control+k');
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'combobox');
  await page.keyboard.type('存疑');
  await page.getByRole('option', { name: /存疑队列/ }).waitFor();
  await page.waitForTimeout(400);
  await keys(visitor, 'Enter');
  await heading(visitor, '存疑队列');
});

staff('Enter never opens what was found for an earlier text', {}, async (visitor) => {
  const { page } = visitor;
  await open(visitor);
  await keys(visitor, 'Control+k');
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'combobox');
  await page.keyboard.type(town.main.name.slice(0, 6));
  const hit = page.getByRole('option', { name: town.main.name });
  await hit.waitFor();
  await page.route('**/api/v1/**', () => {}); // no answer comes any more
  await page.keyboard.type('某');
  await hit.waitFor({ state: 'hidden' });
});

staff('keys lead from page to page, and a sheet tells them', {}, async (visitor) => {
  await open(visitor);
  for (const [key, name] of [['b', '批次'], ['q', '存疑队列'], ['s', '主体'], ['c', '核查名单'], ['r', '信用报告'], ['j', '账本'], ['u', '报送文件']]) {
    await keys(visitor, 'g', key);
    await heading(visitor, name);
  }
  await keys(visitor, '?');
  const sheet = visitor.page.getByRole('dialog', { name: '键盘快捷键' });
  await sheet.getByText('批次').first().waitFor();
  await keys(visitor, 'Escape');
  await sheet.waitFor({ state: 'hidden' });
  // Letters in a field are letters.
  await keys(visitor, 'g', 's');
  await heading(visitor, '主体');
  await visitor.page.getByRole('searchbox').first().fill('');
  await visitor.page.getByRole('searchbox').first().pressSequentially('gb');
  await heading(visitor, '主体');
});

staff('each page is come to by Tab alone, with a ring, and nothing is passed over', {}, async (visitor) => {
  for (const path of ['/', '/batches', '/doubtful', '/reports']) {
    await open(visitor, path);
    const { stops, missed } = await tabTour(visitor.page, 200);
    assert.ok(stops.length > 10, `${path}: ${stops.length} stops`);
    assert.deepEqual(stops.filter((stop) => !stop.ring).map((stop) => `${stop.tag} ${stop.name}`), [], path);
    assert.deepEqual(missed, [], path);
  }
});

staff('a row that waits tells why, and where it came from', {}, async (visitor) => {
  await open(visitor, '/doubtful');
  await visitor.page.getByText('与登记名称相同').waitFor();
  await visitor.saysAll(town.clean.name, /V15/, '可能是这些主体', '与登记名称相同', '由信用办核实');
  await visitor.page.getByRole('link', { name: /批次 \d+ 第\d+行/ }).click();
  await visitor.page.getByRole('navigation', { name: '位置' }).waitFor();
});

staff('filters are kept by name, also through a reload', {}, async (visitor) => {
  await open(visitor, '/batches');
  await visitor.field('处理结果').selectOption({ label: '有退回行的' });
  await visitor.button('保存这组筛选').click();
  await visitor.field('给它起个名字').fill('要改的');
  await visitor.page.keyboard.press('Enter');
  await open(visitor, '/batches');
  await visitor.button('要改的').first().click();
  assert.equal(await visitor.field('处理结果').inputValue(), 'rejected');
  await visitor.page.waitForURL(/outcome=rejected/);
});

staff('a list is checked, filtered and taken away; its draft stays', {}, async (visitor) => {
  await open(visitor, '/check');
  await visitor.field('要核查的主体').fill(`${town.main.code}\n${town.clean.name}\n查无此名的公司`);
  await visitor.page.reload();
  await visitor.button('核查3个主体').click();
  await visitor.page.getByRole('heading', { name: /找到2个.*1个没有对上/ }).waitFor();
  const [download] = await Promise.all([visitor.page.waitForEvent('download'), visitor.button('下载 CSV').click()]);
  assert.equal(download.suggestedFilename(), '核查结果.csv');
  await visitor.field('显示哪些').selectOption({ label: '没有对上的' });
  assert.equal(await visitor.page.getByRole('grid').getByRole('row').count(), 2);
});

staff('a list that is too long is told of, not cut', {}, async (visitor) => {
  const list = visitor.field('要核查的主体');
  await open(visitor, '/check');
  // fill() takes half a minute for so many lines.
  await list.evaluate((box) => { box.value = '某\n'.repeat(20003); box.dispatchEvent(new Event('input')); });
  await visitor.page.getByRole('alert').getByText('名单多了3个').waitFor();
  assert.ok(await visitor.button(/核查20003个主体/).isDisabled());
  await list.fill(town.main.code);
  await visitor.page.getByRole('alert').waitFor({ state: 'hidden' });
  assert.ok(await visitor.button('核查1个主体').isEnabled());
});

staff('drafts bear a time, older ones are given one, and what nobody came back to is swept away', {}, async (visitor) => {
  const { page } = visitor, list = visitor.field('要核查的主体');
  const kept = (key) => page.evaluate((of) => localStorage.getItem(of), key);
  await open(visitor, '/check');
  await list.fill(town.main.code);
  await page.waitForFunction(() => localStorage.getItem('mingxin.draft.clerk.check') !== null);
  await page.evaluate((code) => {
    const time = (days) => new Date(Date.now() - days * 86400000).toISOString();
    localStorage.setItem('mingxin.draft.clerk.check', JSON.stringify({ text: `${code}\n${code}` }));
    localStorage.setItem('mingxin.draft.clerk.batch.1', JSON.stringify({ time: time(31), values: { cells: { '1:1': 'x' } } }));
    localStorage.setItem('mingxin.draft.clerk.batch.2', JSON.stringify({ time: time(29), values: { cells: { '1:1': 'x' } } }));
    localStorage.setItem('mingxin.article.clerk.9.tab', JSON.stringify({ text: {}, revision: 1, time: time(31) }));
  }, town.main.code);
  await page.reload();
  await visitor.button('核查2个主体').waitFor();
  assert.match(await kept('mingxin.draft.clerk.check'), /"time":"2/);
  assert.equal(await kept('mingxin.draft.clerk.batch.1'), null);
  assert.ok(await kept('mingxin.draft.clerk.batch.2'));
  assert.equal(await kept('mingxin.article.clerk.9.tab'), null);
});

staff('a subject, its record and the receipt', {}, async (visitor) => {
  await open(visitor, `/subjects/${town.main.code}`);
  await visitor.saysAll('行政处罚', /公示至/, '行政许可');
  await visitor.page.getByRole('list').filter({ hasText: '公示至' }).getByRole('link').first().click();
  await visitor.page.getByRole('heading', { level: 2, name: '内容' }).waitFor();
  const [download] = await Promise.all([visitor.page.waitForEvent('download'), visitor.button('下载存证凭据').click()]);
  assert.match(download.suggestedFilename(), /^凭据-/);
});

staff('the office issues a report, verifies one, registers a unit', { as: 'office' }, async (visitor) => {
  await open(visitor, '/reports');
  await visitor.field('统一社会信用代码').fill('9141');
  await visitor.button('出具并下载').click();
  await visitor.saysAll('现在是4位');
  await visitor.field('统一社会信用代码').fill(town.main.code);
  const [download] = await Promise.all([visitor.page.waitForEvent('download'), visitor.button('出具并下载').click()]);
  assert.match(download.suggestedFilename(), /\.pdf$/);
  await visitor.textbox('报告编号').fill(town.report);
  await visitor.button('核验', { exact: true }).last().click();
  await visitor.page.getByText('这是本平台出具的报告').waitFor();
  await visitor.saysAll(town.main.name);
  await open(visitor, '/units');
  await visitor.saysAll(town.organ);
  await visitor.button('登记单位').first().click();
  const dialog = visitor.page.getByRole('dialog', { name: '登记单位' });
  await dialog.getByLabel('统一社会信用代码').fill('11410423');
  await dialog.getByLabel('单位名称').fill('某局');
  assert.deepEqual(await faultsOf(visitor.page, WCAG, true), []);
  await dialog.getByRole('button', { name: '以后再说' }).click();
});

staff('the operator makes an account, whose password is shown once, and sees the system', { as: 'keeper' }, async (visitor) => {
  await open(visitor, '/accounts');
  await visitor.button('开设账号').first().click();
  const dialog = visitor.page.getByRole('dialog', { name: '开设账号' });
  await dialog.getByLabel('账号').fill('made.by.console');
  await dialog.getByLabel('姓名').fill('周明');
  await dialog.getByLabel('角色').selectOption({ label: '审计员' });
  await dialog.getByRole('button', { name: '开设账号' }).click();
  const secret = visitor.page.getByRole('dialog', { name: /首次使用密码/ });
  assert.match(await secret.locator('.secret').innerText(), /^[a-z0-9]{20}$/);
  await secret.getByRole('button', { name: '我已记下' }).click();
  await visitor.page.getByRole('grid').getByText('made.by.console').waitFor();
  await open(visitor, '/system');
  await visitor.saysAll('已运行', 'session.show', '规则库摘要');
});

staff('pages that an account may not use are not there for it', {}, async (visitor) => {
  for (const path of ['/units', '/accounts', '/system', '/nothing/here']) {
    await open(visitor, path);
    await heading(visitor, '没有这个页面');
  }
  assert.equal(await visitor.page.getByRole('navigation', { name: '导航' }).getByRole('link', { name: '账号' }).count(), 0);
});

staff('the journal gives a proof between two heads', {}, async (visitor) => {
  await open(visitor, '/journal');
  await visitor.field('以前的事件数').selectOption({ index: 3 });
  await visitor.button('取得证明').click();
  await visitor.page.getByText('一致性证明').waitFor();
});

// A session that has ended is answered with 401, which the harness rightly calls a trouble elsewhere.
test('console: when the session ends nothing is lost: sign in beside, go on', { skip }, async () => {
  await visit({ as: 'clerk' }, async (visitor) => {
    await open(visitor, '/batches');
    const cookies = await visitor.context.cookies();
    await visitor.context.clearCookies();
    await visitor.page.getByRole('link', { name: '存疑队列' }).first().click();
    const dialog = visitor.page.getByRole('dialog', { name: '登录已过期' });
    await dialog.waitFor();
    await dialog.getByRole('button', { name: '我已登录，继续' }).click();
    await dialog.getByText('还没有登录').waitFor();
    await visitor.context.addCookies(cookies);
    await dialog.getByRole('button', { name: '我已登录，继续' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await visitor.saysAll(town.clean.name);
    visitor.troubles = visitor.troubles.filter((trouble) => !trouble.includes('401'));
  });
});
