// Every page in every dress: accessible by WCAG 2.1 AA, no wider than the window, standing still; a picture of each.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MODES, WIDTHS, faultsOf, paints, picture, visit } from './harness.mjs';
import { byVisitor } from './places.mjs';

async function look(visitor, place, dress) {
  await visitor.go(place.path, place.status ?? 200);
  const { shift } = await paints(visitor.page);
  await picture(visitor.page, `${place.name}-${dress}`);
  const faults = await faultsOf(visitor.page);
  if (shift > 0) faults.push(`the layout shifts by ${shift}`);
  return faults.map((fault) => `${place.name} (${place.path}): ${fault}`);
}

for (const [as, places] of byVisitor()) {
  for (const mode of [...MODES, 'contrast']) {
    for (const width of mode === 'contrast' ? [1440] : WIDTHS) {
      test(`pages as ${as ?? 'anyone'} sees them: ${mode}, ${width} px`, async () => {
        const faults = [];
        await visit({ as, mode, width }, async (visitor) => {
          for (const place of places) faults.push(...await look(visitor, place, `${width}-${mode}`));
        });
        assert.deepEqual(faults, []);
      });
    }
  }
}
