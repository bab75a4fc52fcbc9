// Every page is reached: by links from home, by keyboard alone, without script; and every page has a browser test.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { tabTour, tabTo, town, visit } from './harness.mjs';
import { byVisitor, oneOfEach, passing, places } from './places.mjs';
import { endpointOf, pages } from './pages.mjs';

const WEIGHT_BYTES = 50 * 1000;
const OF_ONE_KIND = 4;  // pages of one endpoint that the crawl looks at; links to more are only asked for

/** Addresses that the page links to on this site, without fragments, and the fragments that lead nowhere. */
async function linksOf(page) {
  return page.evaluate(() => {
    const here = [...document.links].filter((link) => link.origin === location.origin);
    const lost = here.filter((link) => link.pathname === location.pathname && link.hash.length > 1)
      .filter((link) => !document.getElementById(decodeURIComponent(link.hash.slice(1)))).map((link) => link.hash);
    return { lost, addresses: [...new Set(here.map((link) => link.pathname + link.search))],
      foreign: [...document.links].filter((link) => link.origin !== location.origin).map((link) => link.href) };
  });
}

/** Asked for as a polite program does: it waits when it is told to. */
async function polite(visitor, address) {
  for (let waited = 0; ; waited++) {
    const reply = await visitor.page.request.get(town.base + address, { maxRedirects: 3 });
    if (reply.status() !== 429 || waited === 60) return reply;
    await new Promise((resolve) => setTimeout(resolve, 1000 * Number(reply.headers()['retry-after'] ?? 1)));
  }
}

async function crawl(visitor, starts) {
  const waiting = [...starts];
  const known = new Set(starts);
  const looked = new Map();
  while (waiting.length) {
    const address = waiting.shift();
    const id = endpointOf(new URL(town.base + address).pathname);
    const reply = await polite(visitor, address);
    assert.ok(reply.ok(), `${address} is linked to, but answers ${reply.status()}`);
    const isPage = (reply.headers()['content-type'] ?? '').startsWith('text/html');
    if (address.startsWith('/console/')) continue;  // has tests of its own
    if (!isPage || (looked.get(id) ?? 0) >= OF_ONE_KIND) continue;
    looked.set(id, (looked.get(id) ?? 0) + 1);
    await visitor.go(address);
    const { lost, addresses, foreign } = await linksOf(visitor.page);
    assert.deepEqual(lost, [], `${address} links to parts of itself that are not there`);
    assert.deepEqual(foreign, [], `${address} links to other sites`);
    for (const next of addresses.filter((one) => !known.has(one))) {
      known.add(next);
      waiting.push(next);
    }
  }
  return new Set([...known].map((address) => endpointOf(new URL(town.base + address).pathname)));
}

// What a form leads to has no link: the results of a search, and of a verification.
const BY_FORM = [`/search?q=${encodeURIComponent('昭平湖')}`, `/search?q=${encodeURIComponent('鲁山')}`, `/verify/${town.report}`];

test('every page is found by links and forms from home, no link is broken', async () => {
  const found = new Set(passing);
  for (const as of [null, 'clerk', 'office']) {
    await visit({ as }, async (visitor) => {
      for (const id of await crawl(visitor, ['/', ...BY_FORM])) found.add(id);
    });
  }
  const missed = pages.filter(({ id }) => !found.has(id)).map(({ id, path: address }) => `${id} ${address}`);
  assert.deepEqual(missed, [], 'nothing leads to these pages');
});

test('every page has a browser test of its main task, and is looked at in every dress', () => {
  const folder = path.dirname(new URL(import.meta.url).pathname);
  const declared = new Set();
  for (const name of fs.readdirSync(folder).filter((file) => file.endsWith('.test.mjs'))) {
    const text = fs.readFileSync(path.join(folder, name), 'utf8');
    for (const [, ids] of text.matchAll(/\btask\(\[([^\]]*)\]/g)) {
      for (const [, id] of ids.matchAll(/'(site\.[a-z_]+)'/g)) declared.add(id);
    }
  }
  const seen = new Set([...places.map((place) => place.id), ...passing]);
  assert.deepEqual(pages.filter(({ id }) => !declared.has(id)).map(({ id }) => id), [], 'pages without a browser test');
  assert.deepEqual(pages.filter(({ id }) => !seen.has(id)).map(({ id }) => id), [], 'pages that places.mjs does not name');
  assert.deepEqual([...declared].filter((id) => !pages.some((page) => page.id === id)), [], 'tests of pages that are not there');
});

for (const [as, group] of byVisitor()) {
  test(`whatever can be pressed is reached with Tab, and shows that it is: ${as ?? 'anyone'}`, async () => {
    const faults = [];
    await visit({ as }, async (visitor) => {
      for (const place of oneOfEach(group)) {
        await visitor.go(place.path, place.status ?? 200);
        const { stops, missed } = await tabTour(visitor.page);
        const hidden = stops.filter((stop) => !stop.visible || !stop.ring);
        faults.push(...missed.map((one) => `${place.name}: Tab does not come to ${one}`),
          ...hidden.map((stop) => `${place.name}: ${stop.tag} ${stop.name.slice(0, 30)} has the keyboard, but does not show it`));
      }
    });
    assert.deepEqual(faults, []);
  });

  test(`every page says the same without script: ${as ?? 'anyone'}`, async () => {
    const said = async (visitor, place) => {
      await visitor.go(place.path, place.status ?? 200);
      return (await visitor.says()).replace(/第[\d,]+号/g, '');  // events go on
    };
    await visit({ as, script: true }, (scripted) => visit({ as, script: false }, async (plain) => {
      for (const place of oneOfEach(group)) {
        let [one, other] = ['', ''];
        for (let i = 0; i < 3 && (i === 0 || one !== other); i++) {  // other tests hand in files meanwhile
          [one, other] = [await said(scripted, place), await said(plain, place)];
        }
        assert.equal(other, one, place.path);
        assert.ok(one.length > 40, place.path);
      }
    }));
  });
}

test('the first Tab on a page offers the way past its navigation', async () => {
  await visit({}, async (visitor) => {
    await visitor.go('/about');
    await visitor.page.keyboard.press('Tab');
    assert.match(await visitor.page.evaluate(() => document.activeElement.textContent), /跳到正文/);
    await visitor.page.keyboard.press('Enter');
    await visitor.page.keyboard.press('Tab');
    assert.ok(await visitor.page.evaluate(() => document.querySelector('main').contains(document.activeElement)
      || document.activeElement.closest('footer')), 'Tab goes on in main');
  });
});

test('from home to a record and to a verified report by keyboard alone', async () => {
  await visit({}, async (visitor) => {
    const { page } = visitor;
    await visitor.go('/');
    await tabTo(page, /名称或统一社会信用代码/);
    await page.keyboard.type('澜禾');
    await visitor.leads(page.keyboard.press('Enter'));
    await tabTo(page, town.main.name);
    await visitor.leads(page.keyboard.press('Enter'));
    await tabTo(page, /详情/);
    await visitor.leads(page.keyboard.press('Enter'));
    assert.match(page.url(), /\/records\//);
    await tabTo(page, /报告验证/);
    await visitor.leads(page.keyboard.press('Enter'));
    await tabTo(page, /报告编号/);
    await page.keyboard.type(town.report);
    await visitor.leads(page.keyboard.press('Enter'));
    await visitor.saysAll(town.report, town.main.name);
  });
});

test('a page weighs less than 50 KB of HTML and style sheets, gzipped', async (context) => {
  const weights = [];
  for (const [as, group] of byVisitor()) {
    await visit({ as }, async (visitor) => {
      const bytesOf = async (address) => {
        const reply = await visitor.page.request.get(new URL(address, town.base).href, { headers: { Accept: 'text/html,*/*' } });
        const text = await reply.text();
        return { text, bytes: gzipSync(text).length };
      };
      for (const place of group) {
        const { text, bytes } = await bytesOf(place.path);
        const sheets = [...text.matchAll(/<link[^>]*rel="stylesheet"[^>]*href="([^"]+)"/g)].map(([, href]) => href);
        assert.ok(sheets.length > 0, place.path);
        const all = await Promise.all(sheets.map(bytesOf));
        weights.push({ name: place.name, bytes: all.reduce((sum, sheet) => sum + sheet.bytes, bytes) });
      }
    });
  }
  weights.sort((one, other) => other.bytes - one.bytes);
  context.diagnostic(`heaviest page: ${weights[0].name}, ${weights[0].bytes} bytes`);
  assert.deepEqual(weights.filter((one) => one.bytes >= WEIGHT_BYTES), []);
});
