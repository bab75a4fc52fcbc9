// Rows that wait, decided by the office: to whom one belongs, many at once, by keyboard, and taken back. Leaves the town as
// it was; runs alone, for others look at the row that waits.
import assert from 'node:assert/strict';
import { heading, keys, open, staff } from './console.mjs';
import { WCAG, faultsOf, picture, town } from './harness.mjs';

const waits = (visitor) => visitor.page.getByRole('grid', { name: '存疑队列' }).getByRole('row').filter({ hasText: town.clean.name });

staff('a row is attached by keyboard, stands on the public page at once, and is taken back', { as: 'office' }, async (visitor) => {
  const { page } = visitor;
  await open(visitor, '/doubtful');
  await page.getByText('与登记名称相同').waitFor();
  await visitor.saysAll(town.clean.name, /V15/, '与登记名称相同', '逐项对照', '行中所写', '登记信息');
  await page.getByRole('table', { name: /逐项对照/ }).getByRole('row', { name: /^法定代表人/ }).waitFor();
  assert.ok(await visitor.button('关联到所选主体').isDisabled());
  await keys(visitor, '1', 'l'); // no reason yet: the field for it is next
  await page.keyboard.type('已与报送单位电话核实，系同一主体。');
  await picture(page, 'console-doubtful-decision');
  assert.deepEqual(await faultsOf(page, WCAG, true), []);
  await page.getByLabel('理由').blur();
  await keys(visitor, 'l');
  await page.getByText('已关联并入库').first().waitFor();
  await page.getByText('没有等待核实的行').waitFor();
  const shown = await (await page.request.get(`${town.base}/subjects/${town.clean.code}`)).text();
  assert.match(shown, /〔2026〕16号/);
  await open(visitor, '/judgements');
  await visitor.saysAll(town.clean.name, town.clean.code, '系同一主体');
  await picture(page, 'console-judgements-one');
  await page.getByRole('button', { name: `撤销对“${town.clean.name}”的核实` }).click();
  const dialog = page.getByRole('dialog', { name: '撤销核实' });
  await dialog.getByLabel('理由').fill('误关联，撤销。');
  await dialog.getByRole('button', { name: '撤销', exact: true }).click();
  await page.getByText('还没有核实过存疑行').waitFor();
  const after = await (await page.request.get(`${town.base}/subjects/${town.clean.code}`)).text();
  assert.doesNotMatch(after, /〔2026〕16号/);
});

staff('many are returned at once with a reason, and one press takes it back', { as: 'office' }, async (visitor) => {
  const { page } = visitor;
  await open(visitor, '/doubtful');
  await waits(visitor).waitFor();
  await keys(visitor, 'x');
  await page.getByText('已标记1行').waitFor();
  await visitor.button('全部退回报送单位').click();
  const dialog = page.getByRole('dialog', { name: '全部退回报送单位' });
  await dialog.getByLabel('理由').fill('代码与名称不符，请核对后重新报送。');
  assert.deepEqual(await faultsOf(page, WCAG, true), []);
  await dialog.getByRole('button', { name: '确定' }).click();
  await page.getByText('已核实1行').first().waitFor();
  await page.getByText('没有等待核实的行').waitFor();
  await page.getByRole('button', { name: '撤销' }).first().click();
  await waits(visitor).waitFor();
});

staff('a reason survives a reload; a code of nobody is told with what to do', { as: 'office' }, async (visitor) => {
  const { page } = visitor;
  await open(visitor, '/doubtful');
  await page.getByRole('button', { name: '所填名称是该主体的曾用名。' }).click();
  await page.reload();
  await heading(visitor, '存疑队列');
  await page.getByLabel('理由').waitFor();
  assert.equal(await page.getByLabel('理由').inputValue(), '所填名称是该主体的曾用名。');
  await page.getByLabel('其他主体').check();
  await page.getByLabel('统一社会信用代码（18位）').fill('91410423MAX0001713');
  await visitor.button('关联到所选主体').click();
  await page.getByText('平台中没有代码为91410423MAX0001713的主体').waitFor();
  assert.equal(visitor.troubles.filter((one) => !one.includes('422')).length, 0);
  visitor.troubles.length = 0; // the refusal was meant
});

staff('who may only hand in reads the row, and finds no way to decide', {}, async (visitor) => {
  await open(visitor, '/doubtful');
  await visitor.page.getByText('与登记名称相同').waitFor();
  await visitor.saysAll(town.clean.name, '逐项对照', '由信用办核实');
  assert.equal(await visitor.button('关联到所选主体').count(), 0);
});
