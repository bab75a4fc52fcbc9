// What the public does: find a firm, read why a penalty is shown and until when, verify a report and a proof.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { test } from 'node:test';
import { readQr } from './qr.mjs';
import { picture, sound, task, town, visit } from './harness.mjs';

const { main, renamed, clean, shop } = town;

/** 2026年5月1日 of a date, as the pages write it, with or without blanks. */
function dateText(iso, years = 0) {
  const [year, month, day] = iso.split('-').map(Number);
  return new RegExp(`${year + years} ?年 ?${month} ?月 ?${day} ?日`);
}

async function searchFor(visitor, text) {
  await visitor.page.getByRole('searchbox').first().fill(text);
  return visitor.leads(visitor.page.keyboard.press('Enter'));
}

for (const script of [true, false]) {
  const way = script ? '' : ', without script';

  task(['site.home', 'site.search', 'site.subject'], `a firm is found by a part of its name${way}`, async (visitor) => {
    await visitor.go('/');
    await searchFor(visitor, '澜禾');
    await visitor.saysAll(main.name, main.code);
    await visitor.leads(visitor.link(main.name).first().click());
    assert.match(visitor.page.url(), new RegExp(`/subjects/${main.code}$`));
    assert.equal(await visitor.page.getByRole('heading', { level: 1 }).innerText(), main.name);
    await visitor.saysAll(main.code, '存续', dateText('2016-03-18'));
  }, { script });

  task(['site.record'], `why a penalty is shown, and until when${way}`, async (visitor) => {
    await visitor.go(`/subjects/${main.code}`);
    const [ordinary, serious] = town.shown;
    await visitor.saysAll(ordinary.document, dateText(ordinary.decided), dateText(ordinary.until), town.organ);
    await visitor.saysAll(serious.document, dateText(serious.until), '严重');
    // Neither what ended nor what is too slight is told, nor the person that a row names.
    const said = await visitor.says();
    for (const hidden of town.hidden) assert.ok(!said.includes(hidden), `the page tells ${hidden}`);
    const card = visitor.main().getByRole('listitem').filter({ hasText: serious.document });
    await visitor.leads(card.getByRole('link').first().click());
    await visitor.saysAll(serious.document, '销售超过保质期的食品', '第一百二十四条', '吊销', /100,000(\.00)? ?元/, dateText(serious.until),
      /信用修复管理办法|第三十六号|36号/, '严重', town.organ);
    for (const hidden of town.hidden) assert.ok(!(await visitor.says()).includes(hidden), `the page tells ${hidden}`);
  }, { script });
}

task(['site.search', 'site.subject'], 'a code leads straight to its firm, however it is typed', async (visitor) => {
  for (const typed of [main.code, ` ${main.code.toLowerCase()} `, main.code.replace(/(.{6})/g, '$1 ')]) {
    await visitor.go('/');
    await searchFor(visitor, typed);
    assert.equal(new URL(visitor.page.url()).pathname, `/subjects/${main.code}`, typed);
  }
  await visitor.go('/search?q=' + encodeURIComponent('鲁山'));
});

task(['site.search'], 'several firms of one word are listed, each with its code', async (visitor) => {
  await visitor.go('/');
  await searchFor(visitor, '同舟');
  const links = visitor.main().getByRole('link', { name: /同舟.商贸有限公司/ });
  assert.equal(await links.count(), town.alike);
  await visitor.saysAll(`${town.alike}`, town.penalised[0].code);
});

task(['site.search'], 'what is not found, too short or a person is told what to do', async (visitor) => {
  await visitor.go('/');
  await searchFor(visitor, '查无此名之公司');
  await visitor.saysAll('没有找到', '查无此名之公司', '核对');
  await sound(visitor);
  await searchFor(visitor, '鲁');
  await visitor.saysAll('两个字');
  await searchFor(visitor, town.person);
  await visitor.saysAll('居民身份号码', '不');
  assert.ok(!(await visitor.page.content()).includes(town.person), 'the number is not repeated');
  await sound(visitor);
});

task(['site.subject'], 'a former name leads to the firm, and is told', async (visitor) => {
  await visitor.go('/');
  await searchFor(visitor, renamed.former);
  if (!visitor.page.url().includes('/subjects/')) await visitor.leads(visitor.link(renamed.name).first().click());
  await visitor.saysAll(renamed.name, renamed.former, /曾用名/);
});

task(['site.subject'], 'a firm without records says so; a doubtful row is not held against it', async (visitor) => {
  await visitor.go(`/subjects/${clean.code}`);
  const said = await visitor.says();
  assert.match(said, /没有[^。]*行政处罚|行政处罚[^。]*没有/);
  assert.ok(!said.includes('销售超过保质期的食品'));
});

task(['site.subject'], 'an individual business is shown as what it is', async (visitor) => {
  await visitor.go(`/subjects/${shop.code}`);
  await visitor.saysAll(shop.name, '个体工商户', '小餐饮经营许可');
});

task(['site.record'], 'a record names its source and gives its receipt', async (visitor) => {
  await visitor.go(`/subjects/${main.code}`);
  await visitor.leads(visitor.link(/食品经营许可/).first().click());
  await visitor.saysAll('食品经营许可', town.organ, /存证/);
  const [download] = await Promise.all([visitor.page.waitForEvent('download'), visitor.link(/存证凭据/).first().click()]);
  const receipt = JSON.parse(fs.readFileSync(await download.path(), 'utf8'));
  const file = `${town.folder}/receipt.json`;
  fs.writeFileSync(file, JSON.stringify(receipt));
  const verdict = execFileSync('python3', ['tools/verify_receipt.py', file], { encoding: 'utf8' });
  assert.match(verdict, /valid|good|有效|ok/i);
});

task(['site.guide'], 'how to object is told from the record on, free of charge', async (visitor) => {
  await visitor.go(`/records/${town.penalty_record}`);
  await visitor.leads(visitor.main().getByRole('link', { name: /异议/ }).first().click());
  await visitor.saysAll('异议', '更正', town.penalty_record, main.name, /\d+个工作日/, /免费|不收/);
  // This penalty may be repaired already, the serious one not yet.
  await visitor.go(`/subjects/${renamed.code}`);
  await visitor.leads(visitor.main().getByRole('link', { name: '怎样申请修复' }).first().click());
  await visitor.saysAll('修复', renamed.name, /\d+个工作日/, /不收|免费/);
});

task(['site.guides', 'site.guide'], 'each guide is found from the list of guides', async (visitor) => {
  for (const title of ['怎样查询', '怎样提出异议', '怎样申请信用修复', '怎样验证报告和记录']) {
    await visitor.go('/guides');
    await visitor.leads(visitor.main().getByRole('link', { name: title }).click());
    assert.equal(await visitor.page.getByRole('heading', { level: 1 }).innerText(), title);
  }
});

task(['site.about', 'site.accessibility'], 'what the site is, and how it is for everybody, is told', async (visitor) => {
  await visitor.go('/');
  await visitor.leads(visitor.link('本站说明').click());
  await visitor.saysAll('评分', '没有记录，不等于没有发生', '自然人');
  await visitor.leads(visitor.link('无障碍说明').click());
  await visitor.saysAll(/WCAG.{0,2}2\.1/, 'AA', /键盘/, '大字');
});

task(['site.kind'], 'all permits of a firm are read page by page', async (visitor) => {
  await visitor.go(`/subjects/${town.busy.code}`);
  await visitor.leads(visitor.link(/全部40项行政许可/).click());
  const numbers = new Set();
  for (let pages = 0; pages < 10; pages++) {
    for (const [number] of (await visitor.says()).matchAll(/JY14104230000\d{3}/g)) numbers.add(number);
    if (!await visitor.link('下一页').count()) break;
    await visitor.leads(visitor.link('下一页').click());
  }
  assert.equal(numbers.size, 40);
});

task(['site.publicity', 'site.publicity_all'], 'what was published last is looked through, by kind, unit and day', async (visitor) => {
  await visitor.go('/');
  await visitor.leads(visitor.link('双公示').click());
  await visitor.saysAll('行政许可', '建设工程规划许可');
  await visitor.leads(visitor.page.getByRole('navigation', { name: '公示的种类' }).getByRole('link', { name: '行政处罚' }).click());
  const [ordinary, serious] = town.shown;
  for (const hidden of town.hidden) assert.ok(!(await visitor.says()).includes(hidden), `the list tells ${hidden}`);
  // Other tests hand penalties in meanwhile, so these may have left the first page.
  for (const [wanted, other] of [[ordinary, serious], [serious, ordinary]]) {
    await visitor.field('报送单位').selectOption({ label: town.organ });
    await visitor.field('决定日期从').fill(wanted.decided);
    await visitor.field('到', { exact: true }).fill(wanted.decided);
    await visitor.leads(visitor.button('筛选').click());
    await visitor.saysAll(main.name, wanted.document);
    assert.ok(!(await visitor.says()).includes(other.document));
  }
  await visitor.leads(visitor.main().getByRole('link', { name: main.name }).click());
  assert.equal(new URL(visitor.page.url()).pathname, `/subjects/${main.code}`);
});

task(['site.statistics'], 'how much there is, by kind, month and unit', async (visitor) => {
  await visitor.go('/');
  await visitor.leads(visitor.link('统计数据').first().click());
  await visitor.saysAll('企业', '个体工商户', '一般失信', '严重失信', town.organ);
  const cell = (table, row) => visitor.page.getByRole('table', { name: table }).getByRole('row', { name: row }).getByRole('cell');
  assert.ok(Number(await cell(/按种类/, /行政许可/).first().innerText()) >= 43);
  const [year, month] = town.shown[0].decided.split('-').map(Number);
  assert.ok(Number(await cell(/24个月/, `${year}年${month}月`).last().innerText()) >= 1);
});

task(['site.open'], 'the examples of the API work, and every public operation is described', async (visitor) => {
  await visitor.go('/open');
  const examples = visitor.main().getByRole('link', { name: /^\/(api|feeds)\// });
  assert.ok(await examples.count() >= 4);
  for (const address of await examples.evaluateAll((links) => links.map((link) => link.href))) {
    const reply = await visitor.page.request.get(address);
    assert.ok(reply.ok(), `${address} answers ${reply.status()}`);
    if (address.includes('/api/')) JSON.parse(await reply.text());
  }
  const described = await visitor.main().innerText();
  const openapi = JSON.parse(fs.readFileSync('docs/openapi.json', 'utf8'));
  for (const [address, operations] of Object.entries(openapi.paths)) {
    for (const operation of Object.values(operations).filter((one) => one['x-permission'] === 'anyone')) {
      assert.ok(described.includes(address), `${operation.operationId} ${address} is not described`);
    }
  }
});

test('what is for programs is well-formed and leads to pages that are there', async () => {
  await visit({}, async (visitor) => {
    await visitor.go('/');
    const read = async (address) => {
      const reply = await visitor.page.request.get(new URL(address, town.base).href);
      assert.ok(reply.ok(), `${address} answers ${reply.status()}`);
      return reply.text();
    };
    const linked = (xml) => visitor.page.evaluate((text) => {
      const found = new DOMParser().parseFromString(text, 'application/xml');
      if (found.querySelector('parsererror')) throw new Error(text.slice(0, 300));
      return [...found.querySelectorAll('loc')].map((loc) => loc.textContent)
        .concat([...found.querySelectorAll('entry link')].map((link) => link.getAttribute('href')));
    }, xml);
    assert.match(await read('/robots.txt'), /Sitemap: .*\/sitemap\.xml/);
    const maps = await linked(await read('/sitemap.xml'));
    assert.ok(maps.length > 0);
    const addresses = [...await linked(await read('/feeds/permit')), ...await linked(await read('/feeds/penalty'))];
    for (const map of maps) addresses.push(...await linked(await read(new URL(map).pathname)));
    assert.ok(addresses.some((one) => one.endsWith(`/subjects/${main.code}`)));
    assert.ok(!addresses.some((one) => one.endsWith(town.hidden_record)));
    for (const address of addresses.slice(0, 60)) await read(new URL(address).pathname);
  });
});

task(['site.journal'], 'the signed heads are looked at, page by page', async (visitor) => {
  await visitor.go('/');
  await visitor.leads(visitor.link(/存证/).first().click());
  await visitor.saysAll(/[0-9a-f]{64}/, '签名', 'BEGIN PUBLIC KEY', 'verify_receipt.py');
  const first = await visitor.main().getByRole('row').count();
  assert.ok(first > 20, `${first} rows`);
  await visitor.leads(visitor.link(/更早|下一页/).click());
  assert.ok(await visitor.main().getByRole('row').count() > 1);
});

/** The office issues a report in the browser; its PDF as a file, and its number. */
async function issueReport() {
  let file;
  let number;
  await visit({ as: 'office' }, async (visitor) => {
    await visitor.go(`/subjects/${main.code}`);
    await visitor.field(/用途/).fill('招标');
    const [download] = await Promise.all([visitor.page.waitForEvent('download'), visitor.button(/出具/).click()]);
    number = download.suggestedFilename().replace('.pdf', '');
    file = `${town.folder}/${number}.pdf`;
    await download.saveAs(file);
  });
  return { file, number };
}

task(['site.verify_form', 'site.verify'], 'a report is verified by its number, by its QR code and by its file', async (visitor) => {
  const { file, number } = await issueReport();
  assert.match(number, /^\d{14}[0-9A-Z]{8}$/);

  await visitor.go('/');
  await visitor.leads(visitor.link(/报告验证|验报告/).first().click());
  await visitor.textbox(/报告编号/).fill(` ${number.toLowerCase().replace(/(.{4})/g, '$1 ')}`);
  await visitor.leads(visitor.button('验证').click());
  await visitor.saysAll(number, main.name, main.code);
  assert.match(visitor.page.url(), new RegExp(`/verify/${number}$`));

  const target = readQr(file);
  assert.ok(target.startsWith(`${town.base}/verify/${number}`), target);
  await visitor.go(target.slice(town.base.length));
  await visitor.saysAll(number, main.name);
  await sound(visitor);

  await visitor.textbox(/报告编号/).fill(number);
  await visitor.field(/报告文件/).setInputFiles(file);
  await visitor.leads(visitor.button('验证').click());
  await visitor.saysAll(/完全一致/);
  await sound(visitor);

  const forged = `${town.folder}/forged.pdf`;
  fs.writeFileSync(forged, Buffer.concat([fs.readFileSync(file), Buffer.from('\n')]));
  await visitor.textbox(/报告编号/).fill(number);
  await visitor.field(/报告文件/).setInputFiles(forged);
  await visitor.leads(visitor.button('验证').click());
  await visitor.saysAll(/不一致/, /勿采信/);
  await sound(visitor);

  await visitor.go('/verify');
  await visitor.textbox(/报告编号/).fill('20200101000000ABCD2345');
  const response = await visitor.leads(visitor.button('验证').click());
  assert.equal(response.status(), 404);
  await visitor.saysAll('没有', '20200101000000ABCD2345', '勿采信');
  await sound(visitor);
});

task(['site.subject'], 'a terminal in a hall tells that it goes back to the first page, and offers to stay', async (visitor) => {
  await visitor.go('/?reading=kiosk');
  const leaving = visitor.page.getByText('半分钟后回到首页');
  assert.equal(await leaving.count(), 0);
  await searchFor(visitor, main.code);
  assert.match(visitor.page.url(), new RegExp(`/subjects/${main.code}$`));
  assert.ok(!await leaving.isVisible());
  // The two and a half minutes go by.
  const later = () => visitor.page.evaluate(() => { for (const one of document.getAnimations()) one.finish(); });
  await later();
  await leaving.waitFor();
  await sound(visitor);
  await picture(visitor.page, 'kiosk-subject-1080');
  await visitor.leads(visitor.link('继续阅读').click());
  assert.match(visitor.page.url(), new RegExp(`/subjects/${main.code}$`));
  assert.ok(!await leaving.isVisible());
  for (const address of ['/', '/verify', `/records/${town.penalty_record}`, '/columns/site-news']) {
    await visitor.go(address);
    await later();
    for (const way of [/登录/, /存证凭据/, /Atom/]) assert.equal(await visitor.link(way).filter({ visible: true }).count(), 0, address);
    assert.equal(await visitor.page.locator('input[type=file]').filter({ visible: true }).count(), 0, address);
    await sound(visitor);
    if (address === '/') await picture(visitor.page, 'kiosk-home-1080');
  }
}, { width: 1080 });

task([], 'what is not there, or no longer shown, is told with a way on', async (visitor) => {
  for (const address of ['/subjects/91410423M4999999XX', '/records/1-999', `/records/${town.hidden_record}`, '/nowhere']) {
    await visitor.go(address, 404);
    await visitor.saysAll(/没有/, /MX\d{4}/);
    await sound(visitor);
    await visitor.leads(visitor.link(/首页/).last().click());
    assert.equal(new URL(visitor.page.url()).pathname, '/');
  }
});
