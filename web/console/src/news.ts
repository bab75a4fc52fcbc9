// What happened since somebody last looked: asked for when the console opens, and now and then while somebody is there.
import { computed, ref } from 'vue';
import { article_list, article_rechecks, batch_list, correction_list, desk_show, verify_last } from './api/client';
import { time_text } from './format';
import { t } from './messages';
import { can, session } from './session';
import { is_away, tasks } from './tasks';

export interface NewsLine { id: string; kind: 'good' | 'note' | 'bad'; text: string; to: string; fresh: boolean }

const kAgain_ms = 120_000, kMost = 200;
const stored_key = (): string => `mingxin.looked.${session.account}`;
export const news = ref<NewsLine[]>([]);
export const looked = ref('');
export const fresh = computed(() => news.value.filter((one) => one.fresh).length);
/** How much waited when somebody last looked; the same again is no news. */
let known: Record<string, number> = {};

let loaded = '', timer = 0;

function restore(): void {
  try {
    const stored = JSON.parse(localStorage.getItem(stored_key()) ?? '{}') as { looked?: string; known?: Record<string, number> };
    looked.value = stored.looked ?? '';
    known = stored.known ?? {};
  } catch {
    looked.value = '';
  }
}

function keep(): void {
  try {
    localStorage.setItem(stored_key(), JSON.stringify({ looked: looked.value, known }));
  } catch {
    // A full or closed store only costs the marks of what is new.
  }
}

const waits = ref<Record<string, number>>({});
function waiting(id: string, count: number, kind: NewsLine['kind'], text: string, to: string): NewsLine[] {
  waits.value[id] = count;
  const before = known[id] ?? 0;
  known[id] = Math.min(before, count); // what was settled since is not waited for any more
  if (known[id] < before) keep();
  return count ? [{ id, kind, text, to, fresh: count > known[id] }] : [];
}

async function of_batches(): Promise<NewsLine[]> {
  const { batches } = await batch_list({ limit: kMost });
  const since = looked.value || new Date(Date.now() - 86_400_000).toISOString();
  const later = batches.filter((one) => one.received > since), faulty = later.filter((one) => one.rejected > 0);
  const count = `${later.length}${later.length === kMost ? '+' : ''}`;
  return [
    ...(later.length ? [{ id: 'batches', kind: 'good' as const, text: t('news.batches', { count }), to: '/batches', fresh: true }] : []),
    ...(faulty.length ? [{ id: 'faulty', kind: 'bad' as const, text: t('news.faulty', { count: faulty.length }), to: '/batches?outcome=rejected', fresh: true }] : []),
  ];
}
async function of_doubtful(): Promise<NewsLine[]> {
  const { waiting: rows } = await desk_show();
  return [
    ...waiting('doubtful', rows.rows, 'note', t('news.doubtful', { count: rows.rows }), '/doubtful'),
    ...waiting('overdue', rows.overdue, 'bad', t('news.overdue', { count: rows.overdue, days: rows.due_working_days }), '/doubtful?sort=received'),
  ];
}
/** Of the own unit, or of all for the office: also what the other one did. */
async function of_corrections(): Promise<NewsLine[]> {
  const since = looked.value || new Date(Date.now() - 86_400_000).toISOString();
  const { corrections } = await correction_list({ limit: kMost });
  const later = corrections.filter((one) => one.time > since), late = later.filter((one) => one.late_working_days > 0);
  return [
    ...(later.length ? [{ id: 'corrections', kind: 'note' as const, text: t('news.corrections', { count: later.length }), to: '/corrections', fresh: true }] : []),
    ...(late.length ? [{ id: 'late', kind: 'bad' as const, text: t('news.late', { count: late.length }), to: '/corrections?late=1', fresh: true }] : []),
  ];
}
async function of_articles(): Promise<NewsLine[]> {
  const { waiting_count } = await article_list({ waiting: true, limit: 1 });
  return waiting('articles', waiting_count, 'note', t('news.articles', { count: waiting_count }), '/content?who=waiting');
}
async function of_rechecks(): Promise<NewsLine[]> {
  const { articles } = await article_rechecks();
  return waiting('rechecks', articles.length, 'bad', t('news.rechecks', { count: articles.length }), '/content');
}
async function of_verdict(): Promise<NewsLine[]> {
  const last = await verify_last();
  if (!last.known || !last.time) return [];
  const text = t(last.clean ? 'news.clean' : 'news.damaged', { time: time_text(last.time), count: last.damage_count ?? 0 });
  return [{ id: 'verdict', kind: last.clean ? 'good' : 'bad', text, to: '/verify', fresh: last.time > looked.value && looked.value !== '' }];
}
function of_tasks(): NewsLine[] {
  const files = tasks.value.filter((one) => one.has_file && (one.ended ?? '') > looked.value);
  return files.length ? [{ id: 'files', kind: 'good', text: t('news.files', { count: files.length }), to: '', fresh: false }] : [];
}

/** A source that can't be had leaves out its lines; the pages themselves tell what is wrong. */
export async function load_news(): Promise<void> {
  const sources: Promise<NewsLine[]>[] = [], began = new Date().toISOString();
  if (can('collect_view')) sources.push(of_batches(), of_doubtful(), of_corrections());
  if (can('content_review') || can('content_release')) sources.push(of_articles(), of_rechecks());
  if (can('journal_verify')) sources.push(of_verdict());
  const found = await Promise.allSettled(sources);
  news.value = [...found.flatMap((one) => (one.status === 'fulfilled' ? one.value : [])), ...of_tasks()];
  loaded = began;
}

/** Everything told so far has been seen; what came since it was asked for has not. */
export function mark_looked(): void {
  looked.value = loaded || looked.value;
  known = { ...waits.value };
  keep();
  news.value = news.value.map((one) => ({ ...one, fresh: false }));
}

export function follow_news(): void {
  restore();
  void load_news();
  unfollow_news();
  timer = window.setInterval(() => { if (!is_away()) void load_news(); }, kAgain_ms);
}

export function unfollow_news(): void {
  window.clearInterval(timer);
}
