// What a clerk does: sign in for the first time, hand in a workbook, read what is wrong with it, mend it, hand it in again.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { picture, sound, tabTo, task, town, visit } from './harness.mjs';

const { accounts, files } = town;

async function signIn(visitor, account, password = accounts[account].password) {
  if (!visitor.page.url().includes('/sign-in')) await visitor.go('/sign-in');
  await visitor.textbox('账号').fill(account);
  await visitor.field('密码').fill(password);
  return visitor.leads(visitor.button('登录').click());
}

async function firstUse(visitor, account) {
  await signIn(visitor, account, accounts[account].first);
  assert.equal(new URL(visitor.page.url()).pathname, '/account/password');
  await changePassword(visitor, accounts[account].first, accounts[account].password);
}

async function changePassword(visitor, old, password, again = password) {
  await visitor.field(/原密码/).fill(old);
  await visitor.field(/^新密码/).fill(password);
  await visitor.field(/再输一次/).fill(again);
  return visitor.leads(visitor.button('保存').click());
}

/** Hands a file in and follows it until its batch or its refusal is shown. */
async function upload(visitor, file, item = '行政处罚') {
  await visitor.go('/desk');
  await visitor.field('目录项').selectOption({ label: item });
  await visitor.field(/^文件/).setInputFiles(file);
  await visitor.leads(visitor.button('上传并检查').click());
  await settled(visitor);
}

async function settled(visitor) {
  await visitor.page.getByRole('heading', { level: 1, name: /批次|未能入库/ }).waitFor({ timeout: 60000 });
}

/** The figures of a batch by their names. */
async function figures(visitor) {
  const found = await visitor.main().locator('dl').evaluateAll((lists) => lists.flatMap((list) =>
    [...list.querySelectorAll('dt')].map((term) => [term.textContent.trim(), term.parentElement.querySelector('dd').textContent.trim()])));
  return Object.fromEntries(found);
}

task(['site.sign_in_form', 'site.password_form', 'site.desk', 'site.batch', 'site.reply'],
  'a newcomer signs in, sets a password, hands in a workbook, reads, mends and hands in again', async (visitor) => {
    await visitor.go('/');
    await visitor.leads(visitor.link(/登录/).first().click());
    await sound(visitor);
    await firstUse(visitor, 'newcomer');
    assert.equal(new URL(visitor.page.url()).pathname, '/desk');
    await sound(visitor);

    await upload(visitor, files.faulty);
    await visitor.saysAll('faulty.xlsx', '行政处罚');
    const first = await figures(visitor);
    assert.deepEqual([first['行数'], first['入库'], first['退回'], first['重复']], ['5', '3', '2', '0']);
    // Each finding tells row, field, what is wrong and what to do.
    for (const [line, field] of [['第3行', '统一社会信用代码'], ['第4行', '处罚决定日期']]) {
      const row = visitor.main().getByRole('row').filter({ has: visitor.page.getByRole('rowheader', { name: line, exact: true }) })
        .filter({ hasText: field });
      assert.equal(await row.count(), 1, `row ${line}, ${field}`);
      const cells = await row.getByRole('cell').allInnerTexts();
      assert.ok(cells.every((cell) => cell.trim().length > 1), cells.join(' | '));
    }
    await sound(visitor);

    const [download] = await Promise.all([visitor.page.waitForEvent('download'), visitor.link(/反馈文件/).click()]);
    const reply = `${town.folder}/reply.xlsx`;
    await download.saveAs(reply);
    const strings = execFileSync('python3', ['-c',
      'import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nprint(*(z.read(n).decode() for n in z.namelist() if n.endswith(".xml")))',
      reply], { encoding: 'utf8', maxBuffer: 1 << 26 });
    assert.ok(strings.includes('统一社会信用代码') && strings.includes('罚款金额'), 'the reply workbook repeats the file');

    await upload(visitor, files.mended);
    const second = await figures(visitor);
    assert.deepEqual([second['行数'], second['入库'], second['更新'], second['退回'], second['重复']], ['5', '2', '1', '0', '2']);
    await visitor.saysAll('无需处理');
    await sound(visitor);

    await visitor.go(`/subjects/${town.penalised[1].code}`);
    await visitor.saysAll(/罚〔\d+〕201号/);
    await visitor.go('/desk');
    await visitor.saysAll('faulty.xlsx', 'mended.xlsx');
    await sound(visitor);
  });

task(['site.upload'], 'a large file shows how far it is, by itself, also without script', async (visitor) => {
  await visitor.go('/desk');
  await visitor.field('目录项').selectOption({ label: '主体登记' }).catch(() => visitor.field('目录项').selectOption('registration'));
  await visitor.field(/^文件/).setInputFiles(files.large);
  await visitor.leads(visitor.button('上传并检查').click());
  await visitor.saysAll('正在处理', 'large.csv', /\d+%/, /每\d秒自动更新/);
  await visitor.leads(visitor.link('停止自动更新').click());
  await visitor.saysAll('正在处理', 'large.csv', /\d+%/);
  const address = visitor.page.url().slice(town.base.length);
  await visit({ as: 'clerk' }, async (scripted) => {  // axe needs script
    await scripted.go(address);
    await sound(scripted);
    await picture(scripted.page, 'upload-1440-light');
  });
  await visitor.leads(visitor.link('更新进度').click());
  await settled(visitor);
  assert.equal((await figures(visitor))['入库'].replace(/\D/g, ''), '80000');
}, { as: 'clerk', script: false });

task(['site.desk'], 'a file that is no workbook is refused as a whole, with what to do', async (visitor) => {
  await upload(visitor, files.broken);
  await visitor.saysAll('broken.xlsx', /MX\d{4}/, '没有任何一行入库');
  await sound(visitor);
  await visitor.leads(visitor.link('重新报送').click());
  assert.equal(new URL(visitor.page.url()).pathname, '/desk');
}, { as: 'clerk' });

task(['site.sign_in_form'], 'a wrong password is refused without telling whether the account exists', async (visitor) => {
  const told = [];
  for (const account of ['forgetful', 'nobody.of.this.name']) {
    const response = await signIn(visitor, account, 'certainly not this');
    assert.ok(response.status() >= 400 && response.status() < 500, String(response.status()));
    assert.equal(await visitor.textbox('账号').inputValue(), account);
    assert.equal(await visitor.field('密码').inputValue(), '');
    told.push((await visitor.page.getByRole('alert').innerText()).trim());
    await visitor.go('/sign-in');
  }
  assert.equal(told[0], told[1]);
  await signIn(visitor, 'forgetful', 'certainly not this');
  await sound(visitor);
  await signIn(visitor, 'forgetful', accounts.forgetful.first);
  assert.equal(new URL(visitor.page.url()).pathname, '/account/password');

  // Nothing else can be done before the password is one's own; a weak or mistyped one is refused.
  await visitor.go('/desk');
  assert.equal(new URL(visitor.page.url()).pathname, '/account/password');
  await changePassword(visitor, accounts.forgetful.first, 'correct horse battery', 'correct horse batteri');
  await visitor.saysAll('不一致');
  await sound(visitor);
  await changePassword(visitor, accounts.forgetful.first, '1234567890');
  await visitor.page.getByRole('alert').waitFor();
  await changePassword(visitor, accounts.forgetful.first, accounts.forgetful.password);
  assert.equal(new URL(visitor.page.url()).pathname, '/desk');
});

task([], 'who signs out is out, in every window', async (visitor) => {
  await firstUse(visitor, 'sleeper');
  const other = await visitor.context.newPage();
  await other.goto(`${town.base}/desk`);
  await visitor.leads(visitor.button('退出').click());
  assert.equal(await visitor.button('退出').count(), 0);
  await other.reload();
  assert.equal(new URL(other.url()).pathname, '/sign-in');
  await visitor.page.goBack();
  await visitor.page.reload();
  assert.equal(new URL(visitor.page.url()).pathname, '/sign-in');
});

task(['site.desk'], 'after half an hour without a click one signs in again and is back where one was', async (visitor) => {
  await visitor.go('/sign-in');
  await signIn(visitor, 'late', accounts.late.first);
  await changePassword(visitor, accounts.late.first, accounts.late.password);
  await visitor.go('/desk?before=9');
  execFileSync('sqlite3', ['-cmd', '.timeout 20000', town.database,
    `update session set used_us = used_us - 31 * 60 * 1000000 where account = 'late'`]);
  await visitor.go('/desk?before=9');
  assert.equal(new URL(visitor.page.url()).pathname, '/sign-in');
  await signIn(visitor, 'late');
  assert.equal(new URL(visitor.page.url()).pathname, '/desk');
});

task(['site.sign_in_form', 'site.desk', 'site.batch'], 'all of it by keyboard alone', async (visitor) => {
  const { page } = visitor;
  const press = async (name) => {
    await tabTo(page, name);
    await visitor.leads(page.keyboard.press('Enter'));
  };
  await visitor.go('/');
  await press(/登录/);
  await tabTo(page, '账号');
  await page.keyboard.type('keys');
  await tabTo(page, '密码');
  await page.keyboard.type(accounts.keys.first);
  await visitor.leads(page.keyboard.press('Enter'));
  await tabTo(page, /原密码/);
  await page.keyboard.type(accounts.keys.first);
  await tabTo(page, /^新密码/);
  await page.keyboard.type(accounts.keys.password);
  await tabTo(page, /再输一次/);
  await page.keyboard.type(accounts.keys.password);
  await press('保存');
  await tabTo(page, /目录项/);
  const chosen = () => page.evaluate(() => document.activeElement.selectedOptions[0].text);
  for (let i = 0; i < 10 && await chosen() !== '行政处罚'; i++) await page.keyboard.press('ArrowDown');
  await tabTo(page, /^文件/);
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Space')]);
  await chooser.setFiles(files.mended);
  await press('上传并检查');
  await settled(visitor);
  assert.equal((await figures(visitor))['行数'], '5');
  await press('退出');
  assert.equal(await visitor.button('退出').count(), 0);
});

task([], 'who may not do a thing is told so', async () => {
  await visit({ as: 'clerk' }, async (visitor) => {
    await visitor.go(`/subjects/${town.main.code}`);
    assert.equal(await visitor.button(/出具/).count(), 0);
    await visitor.go('/desk/batches/999999', 404);
    await sound(visitor);
  });
  await visit({}, async (visitor) => {
    await visitor.go('/desk');
    assert.equal(new URL(visitor.page.url()).pathname, '/sign-in');
  });
});
