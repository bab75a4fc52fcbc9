// The quality board in the console: from a figure to its formula and rows, a report, a closed month; what a unit sees.
import assert from 'node:assert/strict';
import { heading, open, staff } from './console.mjs';
import { WCAG, faultsOf, town } from './harness.mjs';

const month = town.today.slice(0, 7);

staff('the board leads from a figure to its formula and to the rows behind it', { as: 'head' }, async (visitor) => {
  const { page } = visitor;
  await open(visitor, `/quality?period=${month}`);
  await visitor.saysAll('及时率', '合规率', '得分', '全县', '最常违反的检查');
  const table = page.getByRole('region', { name: '各单位各项指标' });
  await table.getByRole('row').nth(1).waitFor();
  await table.getByRole('link', { name: new RegExp(`^${town.organ} 合规率`) }).click();
  await heading(visitor, '合规率');
  await visitor.saysAll('通过规则检查（未被退回）的行数 ÷ 上报的行数', '行政处罚');
  const rows = page.getByRole('grid', { name: '背后的行' });
  await rows.getByText('退回').first().waitFor();
  await page.getByLabel('哪些行').selectOption('numerator');
  await rows.getByText('已入库').first().waitFor();
  assert.match(page.url(), /part=numerator/);
  await page.reload();
  await rows.getByText('已入库').first().waitFor(); // nothing of the choice is lost
  await rows.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/batches\/\d+/);
});

staff('another scheme and a quarter stay in the address; the report comes as PDF', { as: 'office' }, async (visitor) => {
  const { page } = visitor;
  await open(visitor, '/quality');
  await page.getByLabel('考核方案').selectOption({ label: '全部目录项' });
  await page.getByLabel('期间').selectOption({ index: 24 });
  await page.waitForURL(/scheme=assessment\.all/);
  await page.waitForURL(/period=\d{4}-Q\d/);
  await page.getByRole('region', { name: '各单位各项指标' }).getByText('目录项覆盖率').waitFor();
  const download = page.waitForEvent('download');
  await visitor.button('下载 PDF').click();
  assert.match((await download).suggestedFilename(), /全部目录项考核报告-\d{4}-Q\d\.pdf/);
});

staff('a month that is over is closed once, with a digest to compare', { as: 'office' }, async (visitor) => {
  const { page } = visitor;
  await open(visitor, '/assessments');
  await visitor.button('确定考核结果').click();
  const dialog = page.getByRole('dialog', { name: '确定考核结果' });
  await dialog.getByLabel('考核方案').selectOption({ label: '行政许可' });
  assert.deepEqual(await faultsOf(page, WCAG, true), []);
  await dialog.getByRole('button', { name: '确定', exact: true }).click();
  await heading(visitor, /行政许可/);
  await visitor.saysAll('第1版', '摘要（SM3）', 'mingxin assess --assessment');
  await page.goBack();
  await heading(visitor, '双公示考核');
  await visitor.button('确定考核结果').click();
  await dialog.getByLabel('考核方案').selectOption({ label: '行政许可' });
  await dialog.getByRole('button', { name: '确定', exact: true }).click();
  await dialog.getByText('这个期间的考核结果已经确定').waitFor();
  visitor.troubles = visitor.troubles.filter((trouble) => !/409/.test(trouble));
});

staff('a unit sees its own figures and the county, and cannot close anything', {}, async (visitor) => {
  await open(visitor, `/quality?period=${month}`);
  await visitor.page.getByRole('region', { name: '各单位各项指标' }).getByText('全县').waitFor();
  await visitor.saysAll(town.organ, '全县');
  await open(visitor, '/assessments');
  assert.equal(await visitor.button('确定考核结果').count(), 0);
});
