// The newcomer's script: what somebody who was never here does, in the steps of docs/newcomer.md. Each stays below two minutes of a
// person's time. That is reckoned from what is pressed, typed and read, not from a clock, so that a slow machine changes nothing.
import assert from 'node:assert/strict';
import { picture, task, town } from './harness.mjs';

const PRESS_S = 2.7;       // to decide, point and press (keystroke-level model: 1.35 + 1.1 + 0.2)
const CHARACTER_S = 1;     // to type a Chinese character by its sound
const KEY_S = 0.3;         // to type a letter or digit
const SCANNED_PER_S = 12;  // characters that the eye passes on the way to what it looks for
const CELL_S = 20;         // to find a cell in a workbook and write it anew
const LONGEST_S = 120;
const PATIENCE_MS = 60000;  // with a machine that has other things to do

class Walk {
  steps = [];

  constructor(visitor) {
    this.visitor = visitor;
  }

  step(what, seconds) {
    this.steps.push({ what, seconds });
  }

  /** The way of the eye to a text: from what was read before, on a new page from its top. */
  async read(text) {
    const address = this.visitor.page.url();
    if (address !== this.address) Object.assign(this, { address, eye: 0 });
    const said = (await this.visitor.says()).slice(this.eye);
    const at = text instanceof RegExp ? said.search(text) : said.indexOf(text);
    assert.ok(at >= 0, `${address} does not say ${text}:\n${said}`);
    this.step(`read ${text}`, at / SCANNED_PER_S);
    this.eye += at;
  }

  async press(what, locator) {
    this.step(`press ${what}`, PRESS_S);
    await this.visitor.leads(locator.click({ timeout: PATIENCE_MS }));
  }

  /** Presses where the page stays and changes in itself; waits for what comes of it. */
  async press_here(what, locator, comes) {
    this.step(`press ${what}`, PRESS_S);
    await locator.click({ timeout: PATIENCE_MS });
    await comes.waitFor({ timeout: PATIENCE_MS });
  }

  async key(what, name) {
    this.step(`key ${what}`, 1.35 + KEY_S);
    await this.visitor.page.keyboard.press(name);
  }

  async type(what, locator, text) {
    const seconds = [...text].reduce((sum, one) => sum + (one > '\u2e80' ? CHARACTER_S : KEY_S), PRESS_S);
    this.step(`type ${what}`, seconds);
    await locator.fill(text);
  }

  /** What the walk took; fails above two minutes or more steps than the script says. */
  finish(context, most) {
    const seconds = Math.round(this.steps.reduce((sum, one) => sum + one.seconds, 0));
    const told = this.steps.map((one) => `${one.what} (${one.seconds.toFixed(0)} s)`).join('; ');
    console.log(`ℹ ${context}: ${this.steps.length} steps, ${seconds * 1000} ms of a person`);
    assert.ok(seconds < LONGEST_S, `${seconds} s: ${told}`);
    assert.ok(this.steps.length <= most, `${this.steps.length} steps: ${told}`);
  }
}

const chineseDate = (iso) => iso.split('-').map(Number).reduce((text, part, at) => `${text}${part}${'年月日'[at]}`, '');

task(['site.home', 'site.search', 'site.subject', 'site.record'], 'newcomer: finds a firm, reads why a penalty is shown and until when', async (visitor) => {
  const walk = new Walk(visitor);
  const [, serious] = town.shown;
  await visitor.go('/');
  await walk.type('the name', visitor.page.getByRole('searchbox').first(), '澜禾');
  await walk.press('查询', visitor.button('查询').first());
  await walk.read(town.main.code);
  await walk.press('the firm', visitor.link(town.main.name).first());
  await walk.read('公示中的处罚');                    // the answer above the fold
  await walk.read(serious.document);
  await walk.read(chineseDate(serious.until));         // until when, on the card
  const card = visitor.main().getByRole('listitem').filter({ hasText: serious.document });
  await walk.press('the penalty', card.getByRole('link').first());
  await walk.read('公示到什么时候');
  await walk.read(chineseDate(serious.until));
  await walk.read(/为什么公示：.*到期自动停止公示/);      // why, by which rule
  await walk.read('第一百二十四条');                    // what was broken
  await picture(visitor.page, 'newcomer-penalty');
  walk.finish('a penalty', 12);
});

task(['site.home', 'site.verify_form', 'site.verify'], 'newcomer: verifies a report by its number', async (visitor) => {
  const walk = new Walk(visitor);
  await visitor.go('/');
  await walk.press('验证信用报告', visitor.main().getByRole('link', { name: '验证信用报告' }));
  await walk.type('the number', visitor.field('报告编号'), town.report.toLowerCase());
  await walk.press('验证', visitor.button('验证'));
  await walk.read('本平台出具过这一编号的报告');
  await walk.read(town.main.name);
  walk.finish('a report', 5);
});

task(['site.sign_in_form', 'site.desk', 'site.batch'], 'newcomer: a clerk signs in, hands in, mends and hands in again', async (visitor) => {
  let walk = new Walk(visitor);
  const { accounts, files } = town;
  const handIn = async (file) => {
    await visitor.field('目录项').selectOption({ label: '行政处罚' });
    walk.step('choose 行政处罚', PRESS_S);
    await visitor.field(/^文件/).setInputFiles(file);
    walk.step('choose the file', 2 * PRESS_S);
    walk.step('press 上传并检查', PRESS_S);
    await visitor.leads(visitor.button('上传并检查').click({ timeout: PATIENCE_MS }));
    await visitor.page.getByRole('heading', { level: 1, name: /批次/ }).waitFor({ timeout: PATIENCE_MS });
  };
  await visitor.go('/');
  await walk.press('单位登录', visitor.link('单位登录').first());
  await walk.type('the account', visitor.textbox('账号'), 'walker');
  await walk.type('the password', visitor.field('密码'), accounts.walker.password);
  await walk.press('登录', visitor.button('登录'));
  await visitor.go('/desk');
  await handIn(files.walker);
  await walk.read(/第3行/);
  await walk.read('请补填');  // what to do, of the second faulty row
  walk.finish('a file handed in and read', 9);
  walk = new Walk(visitor);
  walk.step('mend two cells', 2 * CELL_S);
  await walk.press('改好后重新报送', visitor.link('改好后重新报送'));
  await handIn(files.walker_mended);
  await walk.read('无需处理');  // of the rows that had been taken the first time
  walk.finish('the file mended and handed in again', 6);
});

task(['site.sign_in_form'], 'newcomer: a clerk signs in to the console, hands in, mends in the sheet and hands in again', async (visitor) => {
  const { page } = visitor;
  let walk = new Walk(visitor);
  await visitor.go('/console/');
  await walk.press('去登录', visitor.link('去登录'));
  await walk.type('the account', visitor.textbox('账号'), 'walker');
  await walk.type('the password', visitor.field('密码'), town.accounts.walker.password);
  await walk.press('登录', visitor.button('登录'));
  await page.getByRole('heading', { level: 1, name: /今天是/ }).waitFor({ timeout: PATIENCE_MS });
  await page.getByRole('region', { name: '要做的事' }).waitFor({ timeout: PATIENCE_MS });  // counted when first asked for
  await walk.read('要做的事');
  await walk.press_here('报送文件', visitor.main().getByRole('link', { name: '报送文件' }), page.getByRole('heading', { level: 1, name: '报送文件' }));
  await visitor.field('报送什么').selectOption({ label: '行政处罚' });
  walk.step('choose 行政处罚', PRESS_S);
  await visitor.field('选择文件', { exact: true }).first().setInputFiles(town.files.desk_walker);
  walk.step('choose the file', 2 * PRESS_S);
  await walk.press_here('查看结果', page.getByRole('link', { name: '查看结果' }), page.getByRole('heading', { level: 1, name: 'desk_walker.xlsx' }));
  await page.getByRole('grid').getByRole('row').nth(1).waitFor();
  await walk.read('退回');
  await walk.read(/不是有效的统一社会信用代码/);  // the first fault is chosen by itself
  walk.finish('console: a file handed in and read', 12);

  walk = new Walk(visitor);
  await walk.key('e: mend it', 'e');
  walk.step('type the code', 18 * KEY_S);
  await page.keyboard.type(town.penalised[1].code);
  await walk.key('Enter', 'Enter');
  await walk.key('n: the next fault', 'n');
  await walk.read('处罚决定日期');
  await walk.key('e: mend it', 'e');
  walk.step('type the date', 10 * KEY_S);
  await page.keyboard.type(town.today);
  await walk.key('Enter', 'Enter');
  await walk.press_here('重新报送改好的2行', visitor.button('重新报送改好的2行'), page.getByText('这个批次没有问题'));
  walk.finish('console: mended and handed in again', 9);
});
