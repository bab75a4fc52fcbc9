// A visitor is a person at a browser: a context of its own over the served town. Whatever a test does, these hold
// of every page that a visitor sees, or the test fails: no console error, no breach of the content security policy,
// no request to any other origin, no failed request.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { chromium } from 'playwright-core';
import { endpointOf } from './pages.mjs';

export const town = JSON.parse(fs.readFileSync(process.env.MINGXIN_TOWN, 'utf8'));
const PICTURES = process.env.MINGXIN_PICTURES;
const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** What axe looks at: everything of WCAG 2.1 A and AA, or what depends on colours. */
export const WCAG = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] };
export const COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };
const LONGEST_MS = 180000;  // of a task: on a machine with other things to do
/** What a page is looked at in. Dark and high contrast change nothing but colours: on a telephone they are for the pictures. */
export const modes_at = (width) => (width > 600 || PICTURES ? ['light', 'dark', 'elder', 'contrast'] : ['light', 'elder']);

let launched;
export function browser() {
  launched ??= chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: [
      ...(process.getuid() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
      '--disable-sync', '--disable-dev-shm-usage', '--force-color-profile=srgb', '--lang=zh-CN',
    ],
  });
  return launched;
}
after(async () => (await launched)?.close());

// --- visitors

let visitors = Math.floor(Math.random() * 250);

function watch(visitor, page) {
  page.on('console', (message) => {
    // A page that says 404 is itself a "failed resource"; its status is looked at where it is visited.
    const own = message.text().startsWith('Failed to load resource') && visitor.documents.has(message.location().url);
    if (['error', 'warning'].includes(message.type()) && !own) visitor.troubles.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => visitor.troubles.push(`script error: ${error.message}`));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== town.base && protocol !== 'data:') visitor.troubles.push(`request to a third party: ${request.url()}`);
    if (request.isNavigationRequest()) visitor.documents.add(request.url());
  });
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    // A navigation that becomes a download, or that the next one overtakes, is "aborted".
    if (why !== 'net::ERR_ABORTED') visitor.troubles.push(`request failed: ${request.url()} ${why}`);
  });
  page.on('response', (response) => {
    const request = response.request();
    if (request.isNavigationRequest() && request.method() === 'GET' && response.status() < 400) {
      visitor.pages.add(endpointOf(new URL(response.url()).pathname));
    } else if (!request.isNavigationRequest() && response.status() >= 400) {
      visitor.troubles.push(`${response.status()} for ${response.url()}`);
    }
  });
}

class Visitor {
  troubles = [];
  documents = new Set();
  pages = new Set();

  async go(address, status = 200) {
    const response = await this.page.goto(town.base + address);
    assert.equal(response.status(), status, address);
    return response;
  }

  /** Runs what a person does, and waits for the page that comes of it. */
  async leads(action) {
    const [response] = await Promise.all([this.page.waitForNavigation({ waitUntil: 'load' }), action]);
    return response;
  }

  main() {
    return this.page.getByRole('main');
  }

  link(name, options = {}) {
    return this.page.getByRole('link', { name, ...options });
  }

  button(name) {
    return this.page.getByRole('button', { name });
  }

  textbox(label) {
    return this.page.getByRole('textbox', { name: label });
  }

  field(label, options = {}) {
    return this.page.getByLabel(label, options);
  }

  /** What main says, blanks as one. */
  async says() {
    return (await this.main().innerText()).replace(/\s+/g, ' ');
  }

  async saysAll(...texts) {
    const said = await this.says();
    for (const text of texts) {
      const found = text instanceof RegExp ? text.test(said) : said.includes(text);
      assert.ok(found, `${this.page.url()} does not say ${text}:\n${said}`);
    }
  }
}

/** Opens a visitor for body and sees to it that nothing went wrong on the way; returns the pages that were met. */
export async function visit(options, body) {
  const { width = 1440, mode = 'light', script = true, as = null, throttled = false } = options;
  const context = await (await browser()).newContext({
    viewport: { width, height: width > 600 ? 900 : 844 },
    deviceScaleFactor: 1,
    isMobile: width <= 600,
    hasTouch: width <= 600,
    colorScheme: mode === 'dark' ? 'dark' : 'light',
    contrast: mode === 'contrast' ? 'more' : 'no-preference',
    javaScriptEnabled: script,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    acceptDownloads: true,
    // Behind the reverse proxy each visitor has an address; sign-in limits the attempts of each.
    extraHTTPHeaders: { 'X-Forwarded-For': `198.51.100.${1 + visitors++ % 250}` },
  });
  context.setDefaultTimeout(8000);  // less than a navigation, so that what cannot be clicked is named
  context.setDefaultNavigationTimeout(throttled ? 60000 : 20000);
  const visitor = new Visitor();
  visitor.context = context;
  visitor.page = await context.newPage();
  watch(visitor, visitor.page);
  try {
    if (as) await context.addCookies([{ name: 'mx_session', value: town.sessions[as], url: town.base }]);
    if (mode === 'elder') await chooseElder(visitor);
    visitor.pages.clear();
    await body(visitor);
    assert.deepEqual(visitor.troubles, [], 'troubles met on the way');
  } finally {
    await context.close();
  }
  return visitor.pages;
}

async function chooseElder(visitor) {
  await visitor.go('/');
  await visitor.leads(visitor.link('大字').click());
  assert.ok(await visitor.page.evaluate(() => document.documentElement.classList.contains('elder')), 'elder mode is chosen');
}

/** A test that does the main task of these pages (ids of pages.mjs); it fails when it has not met each of them. */
export function task(ids, title, body, options = {}) {
  test([...ids.map((id) => `page:${id}`), title].join(' '), { timeout: LONGEST_MS }, async () => {
    const met = await visit(options, body);
    for (const id of ids) assert.ok(met.has(id), `the test says that it covers ${id}, but it met ${[...met].join(', ')}`);
  });
}

// --- what holds of a page

/** Violations found by axe-core, as lines that name the place. */
async function axeFindings(page, rules) {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async (runOnly) => {
    const found = await globalThis.axe.run(document, { runOnly, resultTypes: ['violations'], elementRef: false });
    return found.violations.map((rule) => ({
      id: rule.id, help: rule.help, nodes: rule.nodes.map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`),
    }));
  }, rules);
  return violations.flatMap((rule) => rule.nodes.map((node) => `axe ${rule.id} (${rule.help}): ${node}`));
}

/** Elements that stick out of the window sideways; what scrolls within itself may. */
async function sideways(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    // What is laid out as cards has no other half to scroll to.
    const cards = [...document.querySelectorAll('.table.cards')].filter((table) => getComputedStyle(table.tHead).display === 'none' && table.parentElement.scrollWidth > table.parentElement.clientWidth);
    if (cards.length) return cards.map((table) => `cards wider than the window: ${(table.textContent ?? '').trim().slice(0, 30)}`);
    if (document.documentElement.scrollWidth <= width) return [];
    const scrolls = (element) => element && (['auto', 'scroll', 'hidden'].includes(getComputedStyle(element).overflowX)
      ? element !== document.body : scrolls(element.parentElement));
    return [...document.querySelectorAll('body *')]
      .filter((e) => e.getBoundingClientRect().right > width + 0.5 && !scrolls(e.parentElement))
      .slice(0, 5)
      .map((e) => `wider than the window: ${e.tagName.toLowerCase()}.${e.className} ${(e.textContent ?? '').trim().slice(0, 30)}`);
  });
}

/** Sum of the layout shifts so far and what moved, and when the largest contentful paint was. */
export async function paints(page) {
  return page.evaluate(() => new Promise((done) => {
    const seen = { shift: 0, moved: [], largest_ms: 0 };
    const take = (entries) => {
      for (const entry of entries) {
        if (entry.entryType === 'layout-shift' && !entry.hadRecentInput) {
          seen.shift += entry.value;
          for (const { node } of entry.sources) seen.moved.push(node ? `${node.nodeName.toLowerCase()}.${node.className ?? ''}` : 'something gone');
        }
        if (entry.entryType === 'largest-contentful-paint') seen.largest_ms = Math.max(seen.largest_ms, entry.startTime);
      }
    };
    const observers = ['layout-shift', 'largest-contentful-paint'].map((type) => {
      const observer = new PerformanceObserver((list) => take(list.getEntries()));
      observer.observe({ type, buffered: true });
      return observer;
    });
    const began = performance.now();
    const finish = () => {
      for (const observer of observers) take(observer.takeRecords());
      if (seen.largest_ms > 0 || performance.now() - began > 5000) done(seen);
      else setTimeout(finish, 20);
    };
    requestAnimationFrame(() => requestAnimationFrame(finish));
  }));
}

const REFERENCE_MS = 8;  // the work below on two quiet cores of 2026, for which the bounds of time are
/** How many times slower this machine is just now than the reference; at least 1. Bounds are multiplied by it, so that they
    measure pages and not what else a shared machine does. (Lighthouse calibrates its slow-down of the processor likewise.) */
export async function slowness(page) {
  const took_ms = await page.evaluate(() => Math.min(...Array.from({ length: 7 }, () => {
    const began = performance.now();
    let text = '', sum = 0;
    for (let i = 0; i < 100000; i++) text += `a${i % 7}`;
    for (let i = 0; i < text.length; i++) sum = (sum * 31 + text.charCodeAt(i)) | 0;
    return performance.now() - began + (sum === 0.5 ? 1 : 0);
  })));
  return Math.max(1, took_ms / REFERENCE_MS);
}

/** What is wrong with the page as it stands: accessibility, overflow, heading, title, language. */
export async function faultsOf(page, rules = WCAG, scripted = false, language = 'zh-CN') {
  // What fades in is looked at when it is there.
  await page.evaluate(() => Promise.allSettled(document.getAnimations()
    .filter((one) => Number.isFinite(Number(one.effect?.getComputedTiming().endTime))).map((one) => one.finished)));
  const found = await page.evaluate(([isScripted, wanted]) => {
    const faults = [];
    if (document.querySelectorAll('h1').length !== 1) faults.push(`${document.querySelectorAll('h1').length} first headings`);
    if (document.documentElement.lang !== wanted) faults.push(`language ${document.documentElement.lang}`);
    if (!isScripted && document.querySelector('script:not([type="application/ld+json"]), [style], style')) faults.push('a script or an inline style');
    if (/\{\{|\bundefined\b|\bnull\b|\bNaN\b/.test(document.body.innerText)) faults.push('a raw value in the text');
    return faults;
  }, [scripted, language]);
  return [...found, ...await axeFindings(page, rules), ...await sideways(page)];
}

export async function sound(visitor) {
  assert.deepEqual(await faultsOf(visitor.page), [], visitor.page.url());
}

/** Stores build/pictures/NAME.png, the whole page, in a run with pictures. */
export async function picture(page, name) {
  if (PICTURES) await page.screenshot({ path: path.join(PICTURES, `${name}.png`), fullPage: true, animations: 'disabled', timeout: 60000 });
}

// --- the keyboard

/** What has the keyboard: {tag, name, ring, visible}; tag is body when nothing has. Counts as tabbed for tabTour(). */
async function focused(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    const rings = (one) => {
      const style = getComputedStyle(one);
      return style.outlineStyle === 'auto' || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none';
    };
    // A search box rings as a whole; within a date field, the browser rings the part that has the keyboard.
    const ring = rings(element) || (element.tagName === 'INPUT' && rings(element.parentElement))
      || (element !== document.body && !element.matches(':focus'));
    const label = element.labels?.[0]?.textContent ?? element.getAttribute('aria-label') ?? element.textContent ?? '';
    const box = element.getBoundingClientRect();
    globalThis.tabbed?.add(element);
    return {
      tag: element.tagName.toLowerCase(),
      name: label.replace(/\s+/g, ' ').trim(),
      ring,
      visible: box.width > 1 && box.height > 1 && box.top < innerHeight && box.bottom > 0 && box.left < innerWidth && box.right > 0,
    };
  });
}

/** Presses Tab until the element with this name has the keyboard. */
export async function tabTo(page, name, limit = 160) {
  const met = [];
  for (let i = 0; i < limit; i++) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    if (at.tag !== 'body' && (name instanceof RegExp ? name.test(at.name) : at.name === name)) return at;
    met.push(at.tag === 'body' ? '(none)' : at.name);
  }
  throw new assert.AssertionError({ message: `${page.url()}: Tab does not come to ${name}, but to ${met.join(' | ')}` });
}

/** Goes once through the page with Tab: the stops in order, and what can be pressed but is not among them. */
export async function tabTour(page, limit = 400) {
  await page.evaluate(() => {  // from the top, wherever the keyboard is now
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
    globalThis.tabbed = new Set();
  });
  const stops = [];
  for (let i = 0; i < limit; i++) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    if (at.tag !== 'body') stops.push(at);
    else if (stops.length) break;
  }
  const missed = await page.evaluate(() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
    // Within a grid the arrows lead from row to row, and Tab to what is in the chosen one.
    .filter((element) => element.tabIndex >= 0 || !element.closest('[role=grid] [role=row]'))
    .filter((element) => element.type !== 'hidden' && !element.disabled && element.checkVisibility()
      && element.getClientRects().length && !globalThis.tabbed.has(element))
    .map((element) => `${element.tagName.toLowerCase()} ${element.textContent.trim().slice(0, 30)}`));
  return { stops, missed };
}
