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

/** The files of a language, by page group. */
const groups = (language) => readdirSync(join(source, 'messages'))
  .flatMap((name) => new RegExp(`^${language}_(\\w+)\\.ts$`).exec(name)?.[1] ?? []).sort();
const twice = [];
function messages(language) {
  const all = new Map();
  for (const group of groups(language)) {
    const text = readFileSync(join(source, 'messages', `${language}_${group}.ts`), 'utf8');
    for (const [, id, , value] of text.matchAll(/^ {2}'([\w.]+)': (['"])(.*)\2,(?: \/\/.*)?$/gm)) {
      if (all.has(id)) twice.push(`${language}_${group}: ${id}`);
      all.set(id, value);
    }
    const lines = text.split('\n').filter((line) => /^ {2}['"\w]/.test(line)).length;
    const known = [...text.matchAll(/^ {2}'([\w.]+)': (['"])(.*)\2,(?: \/\/.*)?$/gm)].length;
    if (lines !== known) twice.push(`${language}_${group}: ${lines - known} lines are no text that this test reads`);
  }
  return all;
}
const zh = messages('zh'), en = messages('en');

/** Ids that the sources name, and prefixes of ids that they put together. */
const used = new Set(), prefixes = new Set();
for (const { text } of files) {
  for (const match of text.matchAll(/\bt\(\s*'([\w.]+)'/g)) used.add(match[1]);
  for (const match of text.matchAll(/\bt\(\s*[\w.]+ \? '([\w.]+)' : '([\w.]+)'/g)) used.add(match[1]).add(match[2]);
  for (const match of text.matchAll(/\b(?:text|title|about|group): '([\w.]+)'/g)) used.add(match[1]);
  for (const match of text.matchAll(/\bt_(?:code|told)\('([\w.]+)'/g)) prefixes.add(`${match[1]}.`);
  for (const match of text.matchAll(/\bt\(`([\w.]+_)\$\{/g)) prefixes.add(match[1]);
}
const is_used = (id) => used.has(id) || [...prefixes].some((prefix) => id.startsWith(prefix) && !id.slice(prefix.length).includes('.'));

test('there are texts, and sources that use them', () => {
  assert.ok(zh.size > 200 && files.length > 30 && used.size > 200, `${zh.size} texts, ${files.length} files, ${used.size} ids`);
});

test('both languages have the same files, all of them are loaded, and each id stands once', () => {
  assert.deepEqual(groups('en'), groups('zh'));
  assert.ok(groups('zh').length > 4);
  for (const language of ['zh', 'en']) {
    const text = readFileSync(join(source, 'messages', `${language}.ts`), 'utf8');
    assert.deepEqual([...text.matchAll(/from '\.\/\w{2}_(\w+)'/g)].map((match) => match[1]).sort(), groups(language));
    for (const group of groups(language)) assert.ok(text.includes(`...${group}`), `${language}.ts: ${group}`);
  }
  assert.deepEqual(twice, []);
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

test('no words stand in a template: only what keys are called', () => {
  const keys = /^(Ctrl|K|Enter|Esc|Shift)( (Ctrl|K|Enter|Esc|Shift))*$/, found = [];
  for (const { name, text } of files) {
    if (!name.endsWith('.vue')) continue;
    const template = text.slice(text.indexOf('\n<template>')).replace(/\{\{[\s\S]*?\}\}/g, '');
    for (const [, words] of template.matchAll(/>([^<>{}"=]*[A-Za-z]{2}[^<>{}"=]*)</g)) if (!keys.test(words.trim())) found.push(`${name}: ${words.trim()}`);
    for (const [, words] of template.matchAll(/ (?:aria-label|placeholder|title|alt)="([^"]*\p{L}[^"]*)"/gu)) found.push(`${name}: ${words}`);
  }
  assert.deepEqual(found.filter((one) => !/: \w+\(|=>/.test(one)), []);
});

test('nothing needs an inline style, eval or another site', () => {
  for (const { name, text } of files) {
    assert.ok(!/\sstyle="/.test(text), `${name}: a style attribute; use a class, or :style with an object`);
    assert.ok(!/v-html|innerHTML|new Function|\beval\(|document\.write/.test(text), name);
    assert.ok(!/https?:\/\//.test(text), `${name}: an address elsewhere`);
  }
});
