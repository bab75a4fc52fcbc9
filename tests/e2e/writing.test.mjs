// Content management as clerks use it: a column, an article with a picture, a finding mended, three people, the public page,
// the withdrawal; and that nothing that was written is ever lost.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { heading, keys, open, skip, staff } from './console.mjs';
import { new_article, new_column, new_name, person, png } from './content.mjs';
import { WCAG, faultsOf, picture, tabTo, tabTour, town, visit } from './harness.mjs';

const kPatience_ms = 40000;  // of a machine with other things to do
const patient = (title, options, body) => staff(title, options, async (visitor) => {
  visitor.context.setDefaultTimeout(kPatience_ms);
  await body(visitor);
});
const body = (visitor) => visitor.field('正文', { exact: true });
const says = (visitor, text) => visitor.main().getByText(text).first().waitFor();
const badge = (visitor, name) => visitor.main().locator('.article-state .badge').filter({ hasText: name }).waitFor();
const draft_saved = (visitor) => visitor.main().getByRole('status').filter({ hasText: '已保存到平台' }).waitFor();
const kept = (visitor) => visitor.main().getByRole('status').filter({ hasText: '已保留在这台电脑上' }).waitFor();
const sound = async (visitor) => assert.deepEqual(await faultsOf(visitor.page, WCAG, true), [], visitor.page.url());

/** In another browser, as somebody else. */
const as = (account, doing) => visit({ as: account }, async (visitor) => {
  visitor.context.setDefaultTimeout(kPatience_ms);
  await doing(visitor);
});

/** Asks until a public page says so: it may be a moment behind. */
async function public_says(address, text) {
  let said = '';
  for (const began = Date.now(); Date.now() - began < kPatience_ms; await new Promise((resolve) => setTimeout(resolve, 500))) {
    said = await (await fetch(town.base + address)).text();
    if (said.includes(text)) return;
  }
  assert.fail(`${address} does not say ${text}:\n${said.slice(0, 2000)}`);
}

async function make_column(visitor, name) {
  await open(visitor, '/content/columns');
  await visitor.button('开设栏目').first().click();
  const dialog = visitor.page.getByRole('dialog', { name: '开设栏目' });
  await dialog.getByLabel('栏目名称').fill(name);
  await dialog.getByLabel('网址中的名称').fill(new_name('news'));
  await dialog.getByLabel('栏目类型').selectOption({ label: '文章' });
  await dialog.getByLabel('一句话介绍').fill('信用建设的新进展。');
  await sound(visitor);
  await dialog.getByRole('button', { name: '开设栏目' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await visitor.link(name, { exact: true }).click();
  await heading(visitor, '文章');
}

async function hand_in(visitor, note) {
  await visitor.button('提交审核').last().click();
  const dialog = visitor.page.getByRole('dialog', { name: '提交审核' });
  if (note) await dialog.getByLabel('给审核人的话').fill(note);
  await dialog.getByRole('button', { name: '提交', exact: true }).click();
  await badge(visitor, '待一审');
}

/** Opens the article in the list of what waits for this person. */
async function take_up(visitor, title) {
  await open(visitor, '/content');
  await visitor.field('哪些文章').selectOption('waiting');
  await visitor.link(title).click();
  await heading(visitor, title);
  await says(visitor, '公众将看到的样子');
}

const kTitle = `明信节在琴台广场举行 ${new_name('t')}`, kSay = '活动当天有四百多位市民到场。';

patient('a column, an article with a picture, a finding mended, three people, the public page, the withdrawal', { as: 'office' }, async (visitor) => {
  const { page } = visitor;
  await make_column(visitor, `动态${process.pid}`);
  await visitor.link('写文章').click();
  await heading(visitor, '写文章');
  await visitor.field('栏目', { exact: true }).selectOption({ label: `动态${process.pid}` });
  await visitor.textbox('标题', { exact: true }).first().fill(kTitle);
  await visitor.textbox('摘要').fill('市民在现场查询和核验信用报告。');
  await body(visitor).fill(`${kSay}\n\n咨询人的身份证号码是${town.person}。`);

  // What is found stands beside the text, and leads to its place.
  await says(visitor, '必须改');
  await sound(visitor);
  await picture(page, 'console-editor-1440-light');
  await visitor.button('正文第3行').first().click();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'article-body');
  assert.ok((await page.evaluate(() => getSelection().toString())).includes(town.person), 'the words are selected');
  await body(visitor).fill(`${kSay}\n\n咨询请到政务服务大厅。`);
  await says(visitor, '没有发现问题');

  // A picture by keys; what is no picture is told before it is sent.
  await body(visitor).press('Control+End');
  await body(visitor).press('Control+Alt+p');
  const dialog = page.getByRole('dialog', { name: '插入图片' });
  await dialog.getByText('PNG 或 JPEG，最大 5 MB').waitFor();
  const file = dialog.getByLabel('选择图片', { exact: true }).first();
  await file.setInputFiles({ name: 'letter.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF') });
  await dialog.getByRole('alert').filter({ hasText: '不是 PNG 或 JPEG 图片' }).waitFor();
  await file.setInputFiles({ name: 'square.png', mimeType: 'image/png', buffer: png(process.pid % 256) });
  await dialog.getByLabel('图中是什么').fill('志愿者向市民讲解怎样查询信用报告');
  await dialog.getByRole('button', { name: '上传', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.waitForFunction(() => /!\[志愿者.*\]\(picture:[0-9a-f]{64}\)/.test(document.getElementById('article-body').value));
  const shown = page.getByRole('img', { name: /志愿者向市民讲解/ });
  await shown.waitFor();
  await page.waitForFunction(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0));

  // A reload loses nothing, though nothing was saved.
  await kept(visitor);
  await page.reload();
  await says(visitor, '已找回');
  assert.match(await body(visitor).inputValue(), /政务服务大厅.*picture:/s);
  await hand_in(visitor, '请尽快审核');
  const address = new URL(page.url()).pathname.replace('/console', '');

  // Who wrote it cannot review it; the second person sends it back.
  await says(visitor, '等有一审权限的同事办理');
  await as('reviewer', async (second) => {
    await take_up(second, kTitle);
    await second.saysAll('请尽快审核', kSay, '三位不同的人');
    await sound(second);
    await picture(second.page, 'console-review-1440-light');
    await second.button('退回修改').click();
    await second.page.getByRole('alert').filter({ hasText: '请写明为什么退回' }).waitFor();
    await second.field('审核意见').fill('请写明是哪一天。');
    await second.button('退回修改').click();
    await badge(second, '已退回');
  });
  await open(visitor, `/content/edit?article=${address.split('/').at(-1)}`);
  await says(visitor, '请写明是哪一天。');
  await body(visitor).fill(`11月20日举行。\n\n${await body(visitor).inputValue()}`);
  await hand_in(visitor);
  await as('reviewer', async (second) => {
    await take_up(second, kTitle);
    await second.button('一审通过').click();
    await badge(second, '待终审');
    assert.equal(await second.button('签发公开').count(), 0);
    await says(second, '等有签发权限的同事办理');
  });
  let public_page = '';
  await as('releaser', async (third) => {
    await take_up(third, kTitle);
    await third.button('签发公开').click();
    await badge(third, '公开中');
    public_page = new URL(await third.link('看公开页面').getAttribute('href'), town.base).pathname;
  });
  await public_says(public_page, kSay);
  await public_says(public_page, '志愿者向市民讲解怎样查询信用报告');

  // A newer version: what changed is told, and the old one stays until then.
  await open(visitor, address);
  await visitor.link('起草新版本').click();
  await heading(visitor, '修改文章');
  await body(visitor).fill((await body(visitor).inputValue()).replace('四百多位', '四百一十位'));
  await visitor.field('更正说明').fill('更正到场人数。');
  await hand_in(visitor);
  await visitor.main().locator('del').filter({ hasText: '四百多位' }).waitFor();
  await visitor.main().locator('ins').filter({ hasText: '四百一十位' }).waitFor();
  await says(visitor, '公众看到的仍是现在公开的版本');
  await visitor.link('版本', { exact: true }).click();
  await heading(visitor, '版本');
  await visitor.main().locator('ins').filter({ hasText: '四百一十位' }).waitFor();
  await sound(visitor);

  await as('releaser', async (third) => {
    await open(third, address);
    await third.button('撤回公开').click();
    const asked = third.page.getByRole('dialog', { name: '撤回公开' });
    await asked.getByLabel('撤回的理由').fill('活动信息有误。');
    await asked.getByRole('button', { name: '撤回公开' }).click();
    await badge(third, '已撤回');
  });
  await public_says(public_page, '活动信息有误');
});

patient('who passed the first review cannot release: the page says why', { as: 'releaser' }, async (visitor) => {
  const column = await new_column('office', '三人规则'), title = `三位不同的人 ${new_name('t')}`;
  const id = await new_article('office', { column, title, body: '一段正文。' }, true);
  await open(visitor, `/content/articles/${id}`);
  await visitor.button('一审通过').click();
  await badge(visitor, '待终审');
  await says(visitor, '这一步不能由您办理');
  assert.equal(await visitor.button('签发公开').count(), 0);
});

// Saving a text that is older than the stored one is answered with 409, which the harness rightly calls a trouble elsewhere.
test('console: two tabs at one article: both texts are shown, and nothing is lost', { skip }, async () => {
  const column = await new_column('office', '两个标签页'), title = `两处同时修改 ${new_name('t')}`;
  const id = await new_article('office', { column, title, body: '原来的文字。' });
  await visit({ as: 'office' }, async (visitor) => {
    visitor.context.setDefaultTimeout(kPatience_ms);
    await open(visitor, `/content/edit?article=${id}`);
    await body(visitor).fill('第一个标签页的文字。');
    await kept(visitor);
    const other = Object.assign(Object.create(Object.getPrototypeOf(visitor)), visitor, { page: await visitor.context.newPage() });
    await open(other, `/content/edit?article=${id}`);
    await says(other, '在另一个标签页中也打开着');
    assert.equal(await body(other).inputValue(), '原来的文字。');
    await body(other).fill('第二个标签页的文字。');
    await other.button('保存草稿').click();
    await draft_saved(other);
    await visitor.button('保存草稿').click();
    const conflict = visitor.page.getByRole('alert').filter({ hasText: '两份都在这里' });
    await conflict.getByText('第一个标签页的文字。').first().waitFor();
    await conflict.getByText('第二个标签页的文字。').first().waitFor();
    assert.deepEqual((await faultsOf(visitor.page, WCAG, true)), []);
    await picture(visitor.page, 'console-conflict-1440-light');
    // Not even a reload in the middle of it loses one of them.
    await visitor.page.reload();
    await conflict.getByText('第二个标签页的文字。').first().waitFor();
    assert.equal(await body(visitor).inputValue(), '第一个标签页的文字。');
    await conflict.getByRole('radio', { name: '平台上的' }).first().check();
    await conflict.getByRole('button', { name: '用选好的内容继续' }).click();
    assert.equal(await body(visitor).inputValue(), '第二个标签页的文字。');
    await body(visitor).fill('第二个标签页的文字，又改了。');
    await visitor.button('保存草稿').click();
    await draft_saved(visitor);
    const stored = await (await person('office')).get(`/api/v1/content/articles/${id}`);
    assert.equal(stored.working.text.body, '第二个标签页的文字，又改了。');
    visitor.troubles = visitor.troubles.filter((trouble) => !trouble.includes('409'));
  });
});

test('console: a session that ends while saving loses nothing', { skip }, async () => {
  const column = await new_column('office', '登录过期'), title = `登录过期也不丢 ${new_name('t')}`;
  const id = await new_article('office', { column, title, body: '原来的文字。' });
  await visit({ as: 'office' }, async (visitor) => {
    visitor.context.setDefaultTimeout(kPatience_ms);
    await open(visitor, `/content/edit?article=${id}`);
    await body(visitor).fill('登录过期前写的文字。');
    await visitor.main().getByRole('article').getByText('登录过期前写的文字。').waitFor();
    const cookies = await visitor.context.cookies();
    await visitor.context.clearCookies();
    await visitor.button('保存草稿').click();
    const dialog = visitor.page.getByRole('dialog', { name: '登录已过期' });
    await dialog.waitFor();
    await visitor.context.addCookies(cookies);
    await dialog.getByRole('button', { name: '我已登录，继续' }).click();
    await draft_saved(visitor);
    visitor.troubles = visitor.troubles.filter((trouble) => !trouble.includes('401'));
  });
});

patient('columns are put in order, ended and opened again', { as: 'releaser' }, async (visitor) => {
  const names = [`甲栏${new_name('c')}`, `乙栏${new_name('c')}`];
  for (const name of names) await new_column('office', name, { position: 900 });
  await open(visitor, '/content/columns');
  const order = async () => (await visitor.main().getByRole('heading', { level: 3 }).allInnerTexts()).filter((name) => names.includes(name));
  const before = await order();
  await visitor.button(`下移：${before[0]}`).click();
  await visitor.page.waitForFunction(([first, second]) => {
    const found = [...document.querySelectorAll('main h3')].map((one) => one.textContent);
    return found.indexOf(first) > found.indexOf(second);
  }, before);
  await visitor.button(`停用：${names[0]}`).click();
  const ending = visitor.page.getByRole('dialog', { name: /停用栏目/ });
  await ending.getByLabel('理由').fill('与另一个栏目合并。');
  await ending.getByRole('button', { name: '停用' }).click();
  await says(visitor, '停用理由：与另一个栏目合并。');
  await visitor.button(`重新启用：${names[0]}`).click();
  const again = visitor.page.getByRole('dialog', { name: /重新启用栏目/ });
  await again.getByLabel('理由').fill('仍然需要。');
  await again.getByRole('button', { name: '重新启用' }).click();
  await visitor.button(`停用：${names[0]}`).waitFor();
});

patient('a praised firm that gets a penalty is told to be looked at again', { as: 'releaser' }, async (visitor) => {
  const column = await new_column('office', '诚信典型'), title = `诚信经营的同舟人 ${new_name('t')}`;
  const article = await new_article('office', { column, title, body: '二十年如一日。', subject_code: town.praised.code }, true);
  await (await person('reviewer')).post(`/articles/${article}/pass`, { version: 1, note: '已核对。' });
  await (await person('releaser')).post(`/articles/${article}/release`, { version: 1, note: '可以公开。' });
  const told = visitor.main().getByRole('listitem').filter({ hasText: title });
  await open(visitor, '/content');
  await visitor.link(title).first().waitFor();
  assert.equal(await told.count(), 0);
  await (await person('clerk')).hand_in('penalty', town.files.praised);
  await open(visitor, '/content');
  await told.filter({ hasText: '新公示1条' }).waitFor();
  await sound(visitor);
  await told.getByRole('link', { name: title }).click();
  await heading(visitor, title);
});

patient('the static pages for the upper-level site are made and taken; a wrong address is told beside its field', { as: 'office' }, async (visitor) => {
  const { page } = visitor;
  await open(visitor, '/content/columns');
  await visitor.button('导出静态页面').click();
  const dialog = page.getByRole('dialog', { name: '导出静态页面' });
  assert.equal(await dialog.getByLabel('本站的网址').inputValue(), new URL(town.base).origin);
  await sound(visitor);
  await dialog.getByLabel('本站的网址').fill('https://credit.example.gov.cn/?q=1');
  await dialog.getByRole('button', { name: '开始导出' }).click();
  await dialog.getByRole('alert').filter({ hasText: '只含域名、端口和路径' }).waitFor();
  visitor.troubles = visitor.troubles.filter((trouble) => !trouble.includes('400'));
  await dialog.getByLabel('本站的网址').fill('https://credit.example.gov.cn');
  const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: '开始导出' }).click()]);
  await dialog.waitFor({ state: 'hidden' });
  assert.match(download.suggestedFilename(), /静态页面-\d{14}\.zip$/);
  const packed = fs.readFileSync(await download.path());
  assert.equal(packed.subarray(0, 2).toString(), 'PK');
  for (const name of ['index.html', 'statistics.html', 'manifest.json', 'manifest.sig']) assert.ok(packed.includes(name), name);
  await page.getByText('导出静态页面：文件已生成').first().waitFor();
});

patient('an article is written by keyboard alone', { as: 'office' }, async (visitor) => {
  const { page } = visitor;
  const column = await new_column('office', '只用键盘'), title = `只用键盘写成 ${new_name('t')}`;
  for (const path of ['/content', '/content/columns', '/content/pictures', '/content/guide']) {
    await open(visitor, path);
    const { stops, missed } = await tabTour(page);
    assert.deepEqual(stops.filter((stop) => !stop.ring).map((stop) => `${stop.tag} ${stop.name}`), [], path);
    assert.deepEqual(missed, [], path);
  }
  await open(visitor, `/content/edit?column=${column}`);
  await tabTo(page, '标题');
  await page.keyboard.type(title);
  await tabTo(page, '正文');
  await page.keyboard.type('第一节');
  await keys(visitor, 'Control+Alt+2', 'End', 'Enter', 'Enter');
  await page.keyboard.type('两件事：');
  await keys(visitor, 'Enter', 'Enter', 'Control+Shift+8');
  await page.keyboard.type('查询');
  await keys(visitor, 'Enter');
  await page.keyboard.type('核验');
  await keys(visitor, 'Enter', 'Enter');
  assert.equal(await body(visitor).inputValue(), '## 第一节\n\n两件事：\n\n- 查询\n- 核验\n');
  await keys(visitor, 'Control+z');
  assert.notEqual(await body(visitor).inputValue(), '## 第一节\n\n两件事：\n\n- 查询\n- 核验\n');
  await keys(visitor, 'Control+Shift+z', 'Control+s');
  await draft_saved(visitor);
  const { missed } = await tabTour(page);
  assert.deepEqual(missed, []);
});
