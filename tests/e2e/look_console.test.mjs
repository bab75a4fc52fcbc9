// Every page of the staff console in every dress: accessible by WCAG 2.1 AA, no wider than the window; a picture of each.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, skip } from './console.mjs';
import { COLOURS, WCAG, faultsOf, picture, town, visit } from './harness.mjs';

const looks = [
  ['clerk', [['today', '/'], ['upload', '/upload'], ['batches', '/batches'], ['batch', `/batches/${town.clean_batch}`], ['doubtful', '/doubtful'],
    ['subjects', `/subjects?q=${encodeURIComponent('同舟')}`], ['subject', `/subjects/${town.main.code}`], ['record', `/records/${town.penalty_record}`],
    ['check', '/check'], ['journal', '/journal'], ['missing', '/nothing']]],
  ['office', [['reports', '/reports'], ['units', '/units']]],
  ['keeper', [['accounts', '/accounts'], ['system', '/system']]],
];
for (const width of [1440, 390]) {
  for (const mode of ['light', 'dark', 'elder', 'contrast']) {
    test(`console: every page, ${mode}, ${width} px`, { skip }, async () => {
      const faults = [];
      for (const [as, places] of looks) {
        await visit({ as, mode, width }, async (visitor) => {
          for (const [name, path] of places) {
            await open(visitor, path);
            const rules = ['dark', 'contrast'].includes(mode) ? COLOURS : WCAG;
            faults.push(...(await faultsOf(visitor.page, rules, true)).map((fault) => `${name}: ${fault}`));
            await picture(visitor.page, `console-${name}-${width}-${mode}`);
          }
        });
      }
      assert.deepEqual(faults, []);
    });
  }
}
