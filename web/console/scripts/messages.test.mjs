// The texts: none missing, none unused, both languages with the same places for values, and no text for people outside
// the message files.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const source = new URL('../src', import.meta.url).pathname;
/** Without the option recursive, which the oldest Node in use does not have. */
const walk = (folder) => readdirSync(join(source, folder), { withFileTypes: true })
  .flatMap((entry) => (entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)]));
const files = walk('')
  .filter((name) => /\.(ts|vue)$/.test(name) && !name.startsWith('messages') && name !== 'api/client.ts')
  .map((name) => ({ name, text: readFileSync(join(source, name), 'utf8') }));

function messages(language) {
  const text = readFileSync(join(source, 'messages', `${language}.ts`), 'utf8');
  return new Map([...text.matchAll(/^ {2}'([\w.]+)': (['"])(.*)\2,(?: \/\/.*)?$/gm)].map((match) => [match[1], match[3]]));
}
const zh = messages('zh'), en = messages('en');

/** Ids that the sources name, and prefixes of ids that they put together. */
const used = new Set(), prefixes = new Set();
for (const { text } of files) {
  for (const match of text.matchAll(/\bt\(\s*'([\w.]+)'/g)) used.add(match[1]);
  for (const match of text.matchAll(/\bt\(\s*\w+ \? '([\w.]+)' : '([\w.]+)'/g)) used.add(match[1]).add(match[2]);
  for (const match of text.matchAll(/\b(?:text|title|about|group): '([\w.]+)'/g)) used.add(match[1]);
  for (const match of text.matchAll(/\bt_code\('([\w.]+)'/g)) prefixes.add(`${match[1]}.`);
}
const is_used = (id) => used.has(id) || [...prefixes].some((prefix) => id.startsWith(prefix) && !id.slice(prefix.length).includes('.'));

test('there are texts, and sources that use them', () => {
  assert.ok(zh.size > 200 && files.length > 30 && used.size > 200, `${zh.size} texts, ${files.length} files, ${used.size} ids`);
});

test('no text is missing', () => {
  assert.deepEqual([...used].filter((id) => !zh.has(id)), []);
});

test('no text is unused', () => {
  assert.deepEqual([...zh.keys()].filter((id) => !is_used(id)), []);
});

test('both languages have the same ids and places for values', () => {
  const places = (text) => [...text.matchAll(/\{\w+\}/g)].map((match) => match[0]).sort();
  assert.deepEqual([...en.keys()].sort(), [...zh.keys()].sort());
  for (const [id, text] of zh) assert.deepEqual(places(en.get(id)), places(text), id);
});

test('texts with places get all their values', () => {
  for (const { name, text } of files) {
    for (const match of text.matchAll(/\bt\('([\w.]+)'\)/g)) assert.ok(!/\{\w+\}/.test(zh.get(match[1]) ?? ''), `${name}: ${match[1]}`);
  }
});

test('no text for people stands outside the message files', () => {
  const found = [];
  for (const { name, text } of files) {
    text.split('\n').forEach((line, i) => { if (/\p{Script=Han}/u.test(line)) found.push(`${name}:${i + 1}`); });
  }
  assert.deepEqual(found, []);
});

test('nothing needs an inline style, eval or another site', () => {
  for (const { name, text } of files) {
    assert.ok(!/\sstyle="/.test(text), `${name}: a style attribute; use a class, or :style with an object`);
    assert.ok(!/v-html|innerHTML|new Function|\beval\(|document\.write/.test(text), name);
    assert.ok(!/https?:\/\//.test(text), `${name}: an address elsewhere`);
  }
});
