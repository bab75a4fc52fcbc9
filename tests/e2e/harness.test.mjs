// The harness sees what it is there for: planted faults are found, each of its kind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpointOf } from './pages.mjs';
import { faultsOf, paints, tabTour, town, visit } from './harness.mjs';

const page = (body, head = '') => `<!DOCTYPE html><html lang="zh-CN"><head><title>植入</title>${head}</head>`
  + `<body><main><h1>植入的毛病</h1>${body}</main></body></html>`;

/** A visit to a page that says this. */
async function onPage(body, look, { head = '', headers = {} } = {}) {
  let seen;
  await visit({}, async (visitor) => {
    await visitor.context.route('**/planted', (route) => route.fulfill({
      body: page(body, head), headers: { 'Content-Type': 'text/html; charset=utf-8', ...headers },
    }));
    await visitor.go('/planted');
    await visitor.page.waitForLoadState('networkidle');
    seen = await look?.(visitor.page);
  });
  return seen;
}

test('a page without faults has none', async () => {
  assert.deepEqual(await onPage('<p>好</p>', (at) => faultsOf(at)), []);
});

for (const [what, body, pattern] of [
  ['a field without a label', '<input>', /axe label/],
  ['faint text', '<p style="color:#ccc">这一行字太淡了</p>', /axe color-contrast/],
  ['a picture without a text', '<img src="/static/icon.svg">', /axe image-alt/],
  ['what sticks out sideways', '<div style="width:3000px">宽</div>', /wider than the window/],
  ['a second first heading', '<h1>又一个</h1>', /2 first headings/],
  ['a script', '<script>0</script>', /a script or an inline style/],
  ['a template that was not filled', '<p>{{name}}</p>', /a raw value/],
]) {
  test(`found: ${what}`, async () => {
    const faults = await onPage(body, (at) => faultsOf(at));
    assert.ok(faults.some((fault) => pattern.test(fault)), faults.join('\n'));
  });
}

for (const [what, body, pattern, headers] of [
  ['a request to a third party', '<img alt="x" src="http://127.0.0.1:1/x.png">', /request to a third party/],
  ['a file that is not there', '<img alt="x" src="/static/nowhere.png">', /404 for/],
  ['an error on the console', '<script>console.error("planted")</script>', /console: planted/],
  ['an error of a script', '<script>planted()</script>', /script error: planted/],
  ['a breach of the content security policy', '<p style="color:red">x</p>', /Content Security Policy/,
    { 'Content-Security-Policy': "default-src 'none'" }],
]) {
  test(`a visit fails on ${what}`, async () => {
    await assert.rejects(onPage(body, null, { headers }), (error) => pattern.test(error.message + JSON.stringify(error.actual)));
  });
}

test('found: a layout that shifts', async () => {
  const body = '<script>setTimeout(() => document.querySelector("h1").insertAdjacentHTML("beforebegin", '
    + '"<div style=height:200px>late</div>"), 200)</script><p>text that moves</p>';
  const seen = await onPage(body, async (at) => {
    await at.getByText('late').waitFor();
    return paints(at);
  });
  assert.ok(seen.shift > 0.001, String(seen.shift));
  assert.ok(seen.largest_ms > 0);
});

test('found: what Tab does not come to, and what does not show that it has the keyboard', async () => {
  const { stops, missed } = await onPage('<a href="/">shown</a> <a href="/" tabindex="-1">left out</a> <a class="bare" href="/">bare</a>',
    (at) => tabTour(at), { head: '<style>.bare:focus { outline: none }</style>' });
  assert.deepEqual(missed, ['a left out']);
  assert.deepEqual(stops.map((stop) => [stop.name, stop.ring]), [['shown', true], ['bare', false]]);
});

test('addresses belong to pages', () => {
  assert.equal(endpointOf('/'), 'site.home');
  assert.equal(endpointOf(`/subjects/${town.main.code}`), 'site.subject');
  assert.equal(endpointOf('/verify'), 'site.verify_form');
  assert.equal(endpointOf('/nowhere'), '/nowhere');
});
