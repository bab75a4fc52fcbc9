// The catalogue and the editions of the rulebook in the console: what the head of the office reads and decides.
import assert from 'node:assert/strict';
import { heading, open, staff } from './console.mjs';
import { WCAG, faultsOf, town } from './harness.mjs';

staff('the catalogue is read class by class, and what an item asks for', { as: 'head' }, async (visitor) => {
  await open(visitor, '/catalogue');
  await visitor.saysAll('登记注册基本信息', '行政管理信息', '严重失信主体名单信息', '经营主体自愿提供的信用信息');
  await visitor.page.locator('summary').filter({ hasText: /^失信被执行人/ }).click();
  await visitor.saysAll('人民法院', '社会公开', '最高人民法院关于公布失信被执行人名单信息的若干规定');
});

staff('an edition: what it changes, whom it touches; set aside with a reason', { as: 'head' }, async (visitor) => {
  const { page } = visitor;
  await open(visitor, '/catalogue');
  await visitor.main().getByRole('link', { name: /2027年征求意见稿/ }).click();
  await heading(visitor, /2027年征求意见稿/);
  await page.getByText('max_months').first().waitFor();
  await page.getByRole('grid').getByText('公示期改变').first().waitFor();
  await visitor.saysAll('等待审定', 'max_months', '一般失信信息最短公示三个月，最长一年', '受影响的记录', '公示期改变');
  await visitor.button('启用这一版').click();
  const asking = page.getByRole('dialog', { name: '启用这一版' });
  await asking.getByText('正在入库的文件先完成').waitFor();
  assert.deepEqual(await faultsOf(page, WCAG, true), []);
  await asking.getByRole('button', { name: '以后再说' }).click();
  await visitor.button('不启用').click();
  const dialog = page.getByRole('dialog', { name: '不启用' });
  await dialog.getByLabel('理由').fill('尚未收到国家正式文件');
  await dialog.getByRole('button', { name: '不启用' }).click();
  await page.getByText('未予启用').first().waitFor();
  await visitor.saysAll('未予启用', '尚未收到国家正式文件');
  assert.equal(await visitor.button('启用这一版').count(), 0);
});

staff('who may only look finds no way to decide', { as: 'office' }, async (visitor) => {
  await open(visitor, `/catalogue/${town.edition}`);
  await heading(visitor, /2027年征求意见稿/);
  assert.equal(await visitor.button('启用这一版').count(), 0);
});
