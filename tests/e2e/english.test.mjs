// The site in English: what a visitor who reads no Chinese can do, and that no Chinese is shown to them without its mark.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COLOURS, WCAG, faultsOf, picture, task, town, visit } from './harness.mjs';
import { byVisitor } from './places.mjs';

const LONGEST_MS = 300000;

/** Chinese in texts and attributes that no lang="zh" covers: screen readers would read it as English. */
async function unmarked(page) {
  return page.evaluate(() => {
    const chinese = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/;
    const covered = (element) => element.closest('[lang]')?.lang.startsWith('zh');
    const found = [];
    const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const at = node.parentElement;
      if (!at.closest('script') && chinese.test(node.data) && !covered(at)) found.push(`${at.tagName.toLowerCase()}: ${node.data.trim().slice(0, 60)}`);
    }
    for (const name of ['aria-label', 'placeholder', 'title', 'alt', 'content', 'data-name', 'value']) {
      for (const element of document.querySelectorAll(`[${name}]`)) {
        if (chinese.test(element.getAttribute(name)) && !covered(element)) found.push(`${element.tagName.toLowerCase()} ${name}: ${element.getAttribute(name).slice(0, 60)}`);
      }
    }
    return found;
  });
}

/** Sentences that meet without a blank, as texts put one behind the other do. */
async function joined(page) {
  const text = await page.evaluate(() => document.body.innerText);
  return [...text.matchAll(/.{0,20}[a-z0-9][.:;!?][A-Z][a-z].{0,20}/g)].map(([found]) => `no blank between sentences: ${found}`);
}

const inEnglish = (address) => address + (address.includes('?') ? '&' : '?') + 'lang=en';

task(['site.home', 'site.search', 'site.subject', 'site.record'], 'a visitor switches to English, finds a firm and reads its penalty', async (visitor) => {
  const { page } = visitor;
  await visitor.go('/');
  await visitor.leads(visitor.link('English').click());
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
  await page.getByLabel('Name or unified social credit code').first().fill('澜禾');
  await visitor.leads(page.getByRole('button', { name: 'Search' }).first().click());
  await visitor.saysAll(town.main.name, town.main.code, 'Equal names are not always the same organisation');
  await visitor.leads(visitor.link(town.main.name).first().click());
  await visitor.saysAll('Registration status: 存续.', /Administrative penalties being published: \d/, '18 Mar 2016', /founded 1\d years/);
  const card = visitor.main().getByRole('listitem').filter({ hasText: town.shown[1].document });
  await visitor.leads(card.getByRole('link').first().click());
  await visitor.saysAll('Published until when', 'It is taken down by itself', 'serious grade', town.organ);
  assert.deepEqual(await unmarked(page), []);
  await visitor.leads(visitor.link('中文').click());
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-CN');
  await visitor.saysAll('公示到什么时候');
});

task(['site.verify_form', 'site.verify', 'site.sign_in_form', 'site.about'], 'the choice stays, and refusals are told in English', async (visitor) => {
  const { page } = visitor;
  await visitor.go('/verify?lang=en');
  await page.getByLabel('Report number').fill(town.report);
  await visitor.leads(page.getByRole('button', { name: 'Verify' }).click());
  await visitor.saysAll('This platform issued a report with this number.', town.main.name);
  await visitor.go('/records/9999-1', 404);
  await visitor.saysAll('Not found', 'its publication period has ended', 'MX1002');
  await visitor.go('/nowhere', 404);
  await visitor.saysAll('There is no such page');
  await visitor.go('/sign-in');
  await page.getByLabel('Account').fill('nobody.here');
  await page.getByLabel('Password').fill('not the password');
  await visitor.leads(page.getByRole('button', { name: 'Sign in' }).click());
  await visitor.saysAll('Account or password is not right');
  assert.deepEqual(await unmarked(page), []);
  await visitor.go('/about');
  await visitor.saysAll('About this site');
  const heads = await page.evaluate(() => [...document.querySelectorAll('link[rel=canonical], link[hreflang]')].map((link) => link.href));
  assert.deepEqual(heads.map((href) => href.replace(/^https?:\/\/[^/]+/, '')), ['/about?lang=en', '/about', '/about?lang=en']);
});

for (const [as, places] of byVisitor()) {
  for (const width of [1440, 390]) {
    test(`every page in English marks its Chinese, is accessible and fits: ${as ?? 'anyone'}, ${width} px`, { timeout: LONGEST_MS }, async () => {
      const faults = [];
      await visit({ as, width }, async (visitor) => {
        for (const place of places) {
          await visitor.go(inEnglish('/about'));  // a page that refuses does not read the wish
          await visitor.go(place.path, place.status ?? 200);
          const rules = width > 600 ? COLOURS : WCAG;  // the same page, laid out anew
          const found = [...await unmarked(visitor.page), ...await joined(visitor.page), ...await faultsOf(visitor.page, rules, false, 'en')];
          if (as === null && width <= 600) await picture(visitor.page, `${place.name}-${width}-english`);
          faults.push(...found.map((fault) => `${place.name} (${place.path}): ${fault}`));
        }
      });
      assert.deepEqual(faults, []);
    });
  }
}
