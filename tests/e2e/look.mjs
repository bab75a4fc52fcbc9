// Every page in every dress: accessible by WCAG 2.1 AA, no wider than the window, standing still; a picture of each.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COLOURS, WCAG, faultsOf, modes_at, paints, picture, visit } from './harness.mjs';
import { byVisitor } from './places.mjs';

const LEAST_SHIFT = 0.001;  // what tools round to 0 is a rounding of theirs

async function look(visitor, place, width, mode) {
  const paint = async () => {
    await visitor.go(place.path, place.status ?? 200);
    return paints(visitor.page);
  };
  let { shift, moved } = await paint();
  // A browser that is starved in the middle of a page paints half of it first: what counts comes again.
  if (shift >= LEAST_SHIFT) ({ shift, moved } = await paint());
  // Dark mode and high contrast change nothing but colours.
  const faults = await faultsOf(visitor.page, ['dark', 'contrast'].includes(mode) ? COLOURS : WCAG);
  await picture(visitor.page, `${place.name}-${width}-${mode}`);
  if (shift >= LEAST_SHIFT) faults.push(`the layout shifts by ${shift}: ${moved.join(', ')}`);
  return faults.map((fault) => `${place.name} (${place.path}): ${fault}`);
}

/** Declares the tests at this width. */
export function lookAt(width) {
  for (const [as, places] of byVisitor()) {
    for (const mode of modes_at(width)) {
      test(`pages as ${as ?? 'anyone'} sees them: ${mode}, ${width} px`, async () => {
        const faults = [];
        await visit({ as, mode, width }, async (visitor) => {
          for (const place of places) faults.push(...await look(visitor, place, width, mode));
        });
        assert.deepEqual(faults, []);
      });
    }
  }
}
