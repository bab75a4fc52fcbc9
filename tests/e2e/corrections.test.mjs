// Corrections by the source in the console: a penalty is corrected and withdrawn by the clerk of the unit that handed it in,
// and restored; the public page and the report that held it say so.
import assert from 'node:assert/strict';
import { heading, keys, open, staff } from './console.mjs';
import { WCAG, faultsOf, picture, town, visit } from './harness.mjs';

const dialog = (visitor, name) => visitor.page.getByRole('dialog', { name });
const record_of = (visitor) => new URL(visitor.page.url()).pathname.match(/records\/(\d+-\d+)/)[1];

/** The penalty of a firm of its own, so that other tests keep theirs. */
async function open_penalty(visitor) {
  await open(visitor, `/records?item=penalty&q=${encodeURIComponent(town.corrected.code)}`);
  await visitor.page.getByRole('grid', { name: '记录' }).getByRole('row').filter({ hasText: town.corrected.document }).getByRole('link').click();
  await visitor.button('更正').waitFor();
}

staff('a penalty is corrected: only what is wrong, checked anew, both versions side by side', {}, async (visitor) => {
  const { page } = visitor;
  await open_penalty(visitor);
  const old = record_of(visitor);
  await visitor.button('更正').click();
  const form = dialog(visitor, /^更正记录/);
  const fine = form.getByLabel(/罚款金额/).first();
  assert.equal(await fine.inputValue(), '60000.00');
  await fine.fill('约六万');
  await form.getByLabel('更正的理由').fill('罚款数额录入有误');
  // Nothing typed is lost on a reload.
  await page.reload();
  await visitor.button('更正').click();
  assert.equal(await fine.inputValue(), '约六万');
  assert.deepEqual(await faultsOf(page, WCAG, true), []);
  await form.getByRole('button', { name: '提交更正' }).click();
  await form.getByText('没有通过检查').waitFor();
  visitor.troubles = visitor.troubles.filter((trouble) => !trouble.includes('422'));
  await fine.fill('6500');
  await form.getByText('原为：60,000.00元').waitFor();
  await picture(page, 'console-correct-dialog');
  await form.getByRole('button', { name: '提交更正' }).click();
  await heading(visitor, /的各版/);
  assert.notEqual(record_of(visitor), old);
  await visitor.saysAll('60,000.00元', '6,500.00元', '罚款数额录入有误', '首次收到');
  assert.deepEqual(await faultsOf(page, WCAG, true), []);
  await picture(page, 'console-record-versions');
});

staff('it is withdrawn by keys alone, the public reads why, the old report says so; restored it is back', {}, async (visitor) => {
  const { page } = visitor;
  await open_penalty(visitor);
  const id = record_of(visitor);
  await visitor.button('撤回').focus();
  await keys(visitor, 'Enter');
  const form = dialog(visitor, /^撤回1条记录/);
  await form.getByLabel('情形').selectOption({ label: '原决定被依法撤销' });
  await form.getByText('该记录所依据的决定已被依法撤销').waitFor();
  await form.getByLabel('变更、撤销或确认决定的文书号').fill('鲁政复决〔2026〕3号');
  await form.getByLabel('该决定的日期').fill(town.corrected.annulled);
  await form.getByLabel(/^理由/).fill('复议机关撤销');
  assert.deepEqual(await faultsOf(page, WCAG, true), []);
  await picture(page, 'console-withdraw-dialog');
  await form.getByRole('button', { name: '撤回' }).focus();
  await keys(visitor, 'Enter');
  await heading(visitor, /的各版/);
  await page.getByText('已撤回，不再公示').first().waitFor();
  await visitor.saysAll('逾期', '原决定被依法撤销', '复议机关撤销');
  await visit({}, async (reader) => {
    await reader.go(`/records/${id}`, 410);
    await reader.saysAll('该记录已撤回', '该记录所依据的决定已被依法撤销');
    assert.equal(await reader.page.getByText(town.corrected.document).count(), 0);
    assert.equal(await reader.page.getByText('复议机关撤销').count(), 0);
    assert.deepEqual(await faultsOf(reader.page, WCAG), []);
    await picture(reader.page, 'record-withdrawn');
  });
  await open(visitor, '/corrections?late=1');
  await page.getByRole('grid', { name: '更正与撤回' }).getByText('原决定被依法撤销').first().waitFor();
  await picture(page, 'console-corrections');
  await open(visitor, `/records/${id}/versions`);
  await visitor.button('恢复').click();
  const back = dialog(visitor, /^恢复记录/);
  await back.getByLabel('为什么恢复').fill('复议决定送达有误');
  await back.getByRole('button', { name: '恢复' }).click();
  await page.getByText('现行的一版').first().waitFor();
  assert.notEqual(record_of(visitor), id);
});

staff('several are ticked in the list and withdrawn together', {}, async (visitor) => {
  const { page } = visitor;
  await open(visitor, `/records?item=permit&q=${encodeURIComponent(town.corrected.code)}`);
  const boxes = page.getByRole('grid', { name: '记录' }).getByRole('checkbox');
  await boxes.nth(1).waitFor();
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await page.getByText('已选2条').waitFor();
  await visitor.button('撤回').click();
  const form = dialog(visitor, /^撤回2条记录/);
  await form.getByLabel('情形').selectOption({ label: '报送有误（不应报送、报错主体或重复报送）' });
  await form.getByLabel(/^理由/).fill('重复报送');
  await form.getByRole('button', { name: '撤回' }).click();
  await page.getByText('已撤回2条记录').first().waitFor();
  await page.getByText('没有符合条件的记录').waitFor();
});
