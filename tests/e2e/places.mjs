// Where the sweeps go: at least one address of every page, in the states that people meet. `as` names who is signed in.
import { town } from './harness.mjs';

const search = (text) => `/search?q=${encodeURIComponent(text)}`;

export const publicPlaces = [
  { id: 'site.home', name: 'home', path: '/' },
  { id: 'site.search', name: 'search', path: search('同舟') },
  { id: 'site.search', name: 'search-none', path: search('查无此名') },
  { id: 'site.search', name: 'search-person', path: search(town.person) },
  { id: 'site.subject', name: 'subject', path: `/subjects/${town.main.code}` },
  { id: 'site.subject', name: 'subject-clean', path: `/subjects/${town.clean.code}` },
  { id: 'site.subject', name: 'subject-busy', path: `/subjects/${town.busy.code}` },
  { id: 'site.subject', name: 'subject-renamed', path: `/subjects/${town.renamed.code}` },
  { id: 'site.kind', name: 'kind', path: `/subjects/${town.busy.code}/permit` },
  { id: 'site.record', name: 'record-penalty', path: `/records/${town.penalty_record}` },
  { id: 'site.record', name: 'record-permit', path: `/records/${town.permit_record}` },
  { id: 'site.record', name: 'record-registration', path: `/records/${town.registration_record}` },
  { id: 'site.publicity', name: 'publicity-permit', path: '/publicity/permit' },
  { id: 'site.publicity', name: 'publicity-penalty', path: '/publicity/penalty' },
  { id: 'site.publicity', name: 'publicity-empty', path: '/publicity/penalty?from=1999-01-01&to=1999-12-31' },
  { id: 'site.guides', name: 'guides', path: '/guides' },
  { id: 'site.guide', name: 'guide-query', path: '/guides/query' },
  { id: 'site.guide', name: 'guide-objection', path: `/guides/objection?record=${town.penalty_record}` },
  { id: 'site.guide', name: 'guide-repair', path: `/guides/repair?record=${town.penalty_record}` },
  { id: 'site.guide', name: 'guide-verify', path: '/guides/verify' },
  { id: 'site.statistics', name: 'statistics', path: '/statistics' },
  { id: 'site.open', name: 'open', path: '/open' },
  { id: 'site.accessibility', name: 'accessibility', path: '/accessibility' },
  { id: 'site.about', name: 'about', path: '/about' },
  { id: 'site.journal', name: 'journal', path: '/journal' },
  { id: 'site.verify_form', name: 'verify', path: '/verify' },
  { id: 'site.verify', name: 'verify-known', path: `/verify/${town.report}` },
  { id: 'site.verify', name: 'verify-unknown', path: '/verify/20200101000000ABCD2345', status: 404 },
  { id: 'site.columns', name: 'columns', path: '/columns' },
  { id: 'site.column', name: 'column', path: '/columns/site-news' },
  { id: 'site.column', name: 'column-calendar', path: '/columns/site-calendar' },
  { id: 'site.column', name: 'column-agencies', path: '/columns/site-agencies' },
  { id: 'site.column', name: 'column-records', path: '/columns/site-records' },
  { id: 'site.column', name: 'column-empty', path: '/columns/site-empty' },
  { id: 'site.article', name: 'article', path: `/articles/${town.content.pictured}` },
  { id: 'site.article', name: 'article-list', path: `/articles/${town.content.corrected}` },
  { id: 'site.article', name: 'article-agency', path: `/articles/${town.content.agency}` },
  { id: 'site.article', name: 'article-withdrawn', path: `/articles/${town.content.withdrawn}`, status: 410 },
  { id: 'site.sign_in_form', name: 'sign-in', path: '/sign-in' },
  { id: null, name: 'refusal', path: '/nowhere', status: 404 },
];

export const staffPlaces = [
  { id: 'site.desk', name: 'desk', path: '/desk', as: 'clerk' },
  { id: 'site.batch', name: 'batch-faulty', path: `/desk/batches/${town.faulty_batch}`, as: 'clerk' },
  { id: 'site.batch', name: 'batch-clean', path: `/desk/batches/${town.clean_batch}`, as: 'clerk' },
  { id: 'site.password_form', name: 'password', path: '/account/password', as: 'clerk' },
  { id: 'site.desk', name: 'desk-office', path: '/desk', as: 'office' },
  { id: 'site.subject', name: 'subject-office', path: `/subjects/${town.main.code}`, as: 'office' },
];

export const places = [...publicPlaces, ...staffPlaces];

/** Met only on the way of a task: the progress of a file while it is read, a file to download, an address that leads on. */
export const passing = ['site.upload', 'site.reply', 'site.publicity_all'];

/** Groups of places by who visits them. */
export function byVisitor() {
  const groups = new Map();
  for (const place of places) groups.set(place.as ?? null, [...(groups.get(place.as ?? null) ?? []), place]);
  return groups;
}

/** One state of each page: for what does not depend on it. */
export function oneOfEach(group) {
  return group.filter((place, at) => group.findIndex((other) => other.id === place.id) === at);
}
