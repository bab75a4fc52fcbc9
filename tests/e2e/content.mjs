// What the tests of content management share: people who call the API, and a picture.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { town } from './harness.mjs';

const kTries = 60, kPause_ms = 1000;

/** Calls of the API in the name of an account that is signed in. */
export async function person(account) {
  const cookie = `mx_session=${town.sessions[account]}`;
  const ask = async (path, options = {}) => {
    for (let i = 0; ; i++) {
      const response = await fetch(town.base + path, { ...options, headers: { Cookie: cookie, Accept: 'application/json', ...options.headers } });
      if (response.status !== 429 || i === kTries) {
        const text = await response.text();
        assert.ok(response.ok, `${path}: ${response.status} ${text}`);
        return JSON.parse(text);
      }
      await new Promise((resolve) => setTimeout(resolve, kPause_ms));
    }
  };
  const { form_token: token } = await ask('/api/v1/session');
  return {
    get: ask,
    post: (path, body) => ask(`/api/v1/content${path}`, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': token } }),
    /** Hands a file in and waits until its batch is taken. */
    async hand_in(item, file) {
      const form = new FormData();
      form.append('item', item);
      form.append('file', new Blob([fs.readFileSync(file)]), path.basename(file));
      const { job } = await ask('/api/v1/batches', { method: 'POST', body: form, headers: { 'X-CSRF-Token': token } });
      for (let i = 0; i < kTries; i++) {
        const { state } = await ask(`/api/v1/jobs/${job}`);
        if (state === 'done') return;
        assert.notEqual(state, 'failed', file);
        await new Promise((resolve) => setTimeout(resolve, kPause_ms));
      }
      assert.fail(`${file} is not taken`);
    },
    async add_picture(alt, shade) {
      const form = new FormData();
      form.append('file', new Blob([png(shade)], { type: 'image/png' }), 'made.png');
      form.append('alt', alt);
      return ask('/api/v1/content/pictures', { method: 'POST', body: form, headers: { 'X-CSRF-Token': token } });
    },
  };
}

/** A name that no other test gives. */
let names = 0;
export const new_name = (stem) => `${stem}-${process.pid.toString(36)}-${(names++).toString(36)}`;

/** A column of its own, so that tests don't meet. */
export async function new_column(account, name, more = {}) {
  const slug = new_name('column');
  await (await person(account)).post('/columns', { slug, revision: 0, name, kind: 'articles', about: `${name}的一句话介绍。`, position: 500, on_home: false, ...more });
  return slug;
}

export async function new_article(account, text, submit = false) {
  const by = await person(account);
  const saved = await by.post('/articles', { revision: 0, summary: '一句话说明这篇文章。', ...text });
  if (submit) await by.post(`/articles/${saved.id}/submit`, { id: undefined, revision: saved.revision });
  return saved.id;
}

const kCrc = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name), data]), size = Buffer.alloc(4), sum = Buffer.alloc(4);
  size.writeUInt32BE(data.length);
  sum.writeUInt32BE((body.reduce((crc, byte) => kCrc[(crc ^ byte) & 255] ^ (crc >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0);
  return Buffer.concat([size, body, sum]);
}

/** A small picture of hills in one shade, 0 to 255. */
export function png(shade = 120, width = 320, height = 200) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + 3 * width));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const land = y > height * 0.6 + 30 * Math.sin(x / 40);
      rows.set(land ? [shade, 140, 110] : [200, 220, 235], y * (1 + 3 * width) + 1 + 3 * x);
    }
  }
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}
