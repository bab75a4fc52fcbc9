// The design system as its guide shows it: each example of docs/design.md is sound HTML, is dressed by the real style
// sheet, accessible in every dress, no wider than a telephone; and the pictures of the guide are made of these examples.
//
//     MINGXIN_DESIGN_PICTURES=docs/pictures python3 tests/e2e_test.py design     makes them anew
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { COLOURS, WCAG, faultsOf, visit } from './harness.mjs';

const GUIDE = fs.readFileSync('docs/design.md', 'utf8');
const SHARED = 'web/shared';
const CSS = ['tokens.css', 'components.css'].map((name) => fs.readFileSync(path.join(SHARED, name), 'utf8')).join('\n').replace(/\/\*[\s\S]*?\*\//g, '');
const CLASSES = new Set([...CSS.replace(/\{[^}]*\}/g, '{').matchAll(/\.([a-z][\w-]*)/g)].map((match) => match[1]));
const FOLDER = process.env.MINGXIN_DESIGN_PICTURES || process.env.MINGXIN_PICTURES || 'build/pictures';
const MOST_BYTES = 60_000; // of a picture: the guide is read on slow lines too
const TYPES = { '.css': 'text/css', '.svg': 'image/svg+xml' };

/** The examples: the heading or bold name they stand under, and their HTML. The blanks of the guide are filled. */
const filled = (html) => html.replaceAll('href="…"', 'href="#main"').replaceAll('href="/records/…"', 'href="#main"');
const examples = [];
for (const match of GUIDE.matchAll(/```html\n([\s\S]*?)```/g)) {
  const before = GUIDE.slice(0, match.index);
  const name = [...before.matchAll(/^\*\*([A-Z][\w ]*)[.*]|\n## ([A-Z]\w*)/gm)].map((found) => found[1] ?? found[2]).at(-1);
  examples.push({ name: name.toLowerCase().replaceAll(' ', '-'), html: filled(match[1]) });
}
const whole = examples.find((one) => one.name === 'page');
const parts = examples.filter((one) => one !== whole);

const page_of = (body, title) => `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">`
  + `<title>${title}</title><link rel="stylesheet" href="/guide/tokens.css"><link rel="stylesheet" href="/guide/components.css"></head><body>${body}</body></html>`;
const framed = (html) => `<main id="main" class="frame page" tabindex="-1"><h1>样例</h1><div id="penalties" class="stack example"><h2>样例</h2>${html}</div></main>`;

/** A visit to a page of the examples, with the files of web/shared, under the policy of the site. */
async function on_page(body, options, look) {
  await visit(options, async (visitor) => {
    await visitor.context.route('**/guide/**', (route) => {
      const name = path.basename(new URL(route.request().url()).pathname);
      const headers = { 'Content-Security-Policy': "default-src 'none'; style-src 'self'; img-src 'self' data:" };
      if (name === 'example') return route.fulfill({ body: page_of(body, '样例'), headers: { ...headers, 'Content-Type': 'text/html; charset=utf-8' } });
      return route.fulfill({ body: fs.readFileSync(path.join(SHARED, name)), headers: { 'Content-Type': TYPES[path.extname(name)] } });
    });
    await visitor.go('/guide/example');
    if (options.mode === 'elder') await visitor.page.evaluate(() => document.documentElement.classList.add('elder'));
    await look(visitor.page);
  });
}

/** What a parser would have to mend: tags that are not closed, closed twice or in the wrong order; attributes twice. */
function faults_of_html(html) {
  const faults = [], open = [], empty = new Set(['img', 'input', 'br', 'hr', 'meta', 'link']);
  for (const [tag, closing, name, attributes, whole_tag] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z-]+(?:="[^"<]*")?)*)\s*(\/?)>/g)) {
    const names = [...attributes.matchAll(/\s([a-zA-Z-]+)(?==|\s|$)/g)].map((match) => match[1]);
    if (new Set(names).size !== names.length) faults.push(`an attribute twice: ${tag}`);
    if (names.some((one) => one === 'style' || one.startsWith('on'))) faults.push(`style or script in ${tag}`);
    if (closing && open.pop() !== name) faults.push(`${tag} closes what is not open`);
    else if (!closing && !whole_tag && !empty.has(name)) open.push(name);
  }
  const rest = html.replace(/<\/?[a-z][a-z0-9]*(?:\s+[a-zA-Z-]+(?:="[^"<]*")?)*\s*\/?>/g, '');
  if (/[<>]/.test(rest)) faults.push(`no tag: ${/.{0,20}[<>].{0,20}/.exec(rest)[0]}`);
  return [...faults, ...open.map((name) => `<${name}> is not closed`)];
}

test('the guide has examples, each found under its name', () => {
  assert.ok(examples.length > 14 && whole, `${examples.map((one) => one.name)}`);
});

test('what is wrong in an example is found', () => {
  for (const [wrong, what] of [['<p><b>x</p></b>', /closes/], ['<ul><li>x</ul>', /closes/], ['<p class="a" class="b">x</p>', /twice/], ['<p style="color:red">x</p>', /style/], ['<div>x', /not closed/], ['a < b', /no tag/]]) {
    assert.ok(faults_of_html(wrong).some((fault) => what.test(fault)), `${wrong}: ${faults_of_html(wrong)}`);
  }
  assert.deepEqual(faults_of_html('<p class="a"><input disabled>x</p>'), []);
});

test('each example is sound HTML, and its classes are those of the style sheet', () => {
  const found = [];
  for (const { name, html } of examples) {
    found.push(...faults_of_html(html).map((fault) => `${name}: ${fault}`));
    for (const [, classes] of html.matchAll(/class="([^"]*)"/g)) {
      found.push(...classes.split(' ').filter((one) => !CLASSES.has(one)).map((one) => `${name}: no class ${one} in ${SHARED}`));
    }
  }
  assert.deepEqual(found, []);
});

for (const [mode, width] of [['light', 1000], ['dark', 1000], ['contrast', 1000], ['elder', 390], ['light', 390]]) {
  test(`the examples together are accessible, and fit: ${mode}, ${width} px`, async () => {
    const body = framed(parts.map((one) => `<section class="section">${one.html}</section>`).join('')).replace(/(id|for|aria-describedby)="(q|q-hint)"/g, '$1="$2"');
    await on_page(body, { width, mode: mode === 'elder' ? 'light' : mode }, async (page) => {
      if (mode === 'elder') await page.evaluate(() => document.documentElement.classList.add('elder'));
      assert.deepEqual(await faultsOf(page, ['dark', 'contrast'].includes(mode) ? COLOURS : WCAG), []);
    });
  });
}

test('the page of the guide is a page: landmarks, language, a way past the navigation', async () => {
  await on_page(whole.html.replace('…</main>', '<h1>样例</h1></main>').replace('src="icon.svg"', 'src="/guide/icon.svg"'), { width: 1000 }, async (page) => {
    assert.deepEqual(await faultsOf(page), []);
    for (const role of ['banner', 'main', 'contentinfo']) assert.equal(await page.getByRole(role).count(), 1, role);
  });
});

test('a picture of each component, as small as it can be', async () => {
  const names = [];
  for (const { name, html } of parts) {
    await on_page(framed(html), { width: 720 }, async (page) => {
      const file = path.join(FOLDER, `design-${name}.png`);
      await page.evaluate(() => document.querySelector('.example > h2').remove());
      await page.locator('.example').screenshot({ path: file, animations: 'disabled' });
      assert.ok(fs.statSync(file).size < MOST_BYTES, `${file}: ${fs.statSync(file).size} bytes`);
      names.push(`design-${name}.png`);
    });
  }
  assert.equal(new Set(names).size, names.length, 'two examples of one name');
  const shown = [...GUIDE.matchAll(/\]\(pictures\/(design-[\w-]+\.png)\)/g)].map((match) => match[1]);
  assert.deepEqual(shown.sort(), names.sort(), 'the guide shows a picture of each');
  for (const name of shown) assert.ok(fs.existsSync(path.join('docs/pictures', name)), `docs/pictures/${name} is missing: see the head of this file`);
});
