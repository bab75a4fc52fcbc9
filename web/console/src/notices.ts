// What the console has to tell: shown briefly, then kept in the notifications until the tab is closed.
import { computed, reactive } from 'vue';
import { Refusal } from './api/call';
import { t } from './messages';
import { kNoticesKey, session } from './session';

export type Kind = 'good' | 'note' | 'bad';
export interface Notice {
  id: number;
  kind: Kind;
  title: string;
  text: string;
  to?: string;
  time: string;
  read: boolean;
  shown: boolean;
}

const kMost = 50;
const kShown_ms = 6000;

export const notices = reactive<Notice[]>([]);
export const unread = computed(() => notices.filter((one) => !one.read).length);
/** What takes a thing back, as long as the tab is open. */
const undos = new Map<number, () => void>();
export const can_undo = (notice: Notice): boolean => undos.has(notice.id);
let next = 1;

/** What this account was told in this tab; what another one was told is thrown away. */
export function restore_notices(): void {
  try {
    const { account, list } = JSON.parse(sessionStorage.getItem(kNoticesKey) ?? '{}') as { account?: string; list?: Notice[] };
    if (account === session.account) notices.push(...(list ?? []).map((one) => ({ ...one, shown: false })));
    else sessionStorage.removeItem(kNoticesKey);
  } catch {
    // Without them nothing is lost that the pages don't show.
  }
  next = Math.max(0, ...notices.map((one) => one.id)) + 1;
}

function keep(): void {
  if (!session.signed_in) return;
  try {
    sessionStorage.setItem(kNoticesKey, JSON.stringify({ account: session.account, list: notices }));
  } catch {
    // A full or closed store: they are told until the page is left.
  }
}

/** shown: also briefly over the page; without, it only stands in the notifications. */
export function tell(kind: Kind, title: string, text = '', to?: string, shown = true): Notice {
  notices.unshift({ id: next++, kind, title, text, to, time: new Date().toISOString(), read: false, shown });
  const notice = notices[0]!;
  notices.splice(kMost);
  keep();
  if (kind !== 'bad') setTimeout(() => hide(notice), kShown_ms);
  return notice;
}

/** Tells what was done, with a button that takes it back. */
export function tell_undoable(title: string, undo: () => void): void {
  const notice = tell('note', title);
  undos.set(notice.id, undo);
}
export function take_back(notice: Notice): void {
  undos.get(notice.id)?.();
  undos.delete(notice.id);
  dismiss(notice);
}

export function hide(notice: Notice): void {
  notice.shown = false;
}

export function mark_read(): void {
  for (const one of notices) one.read = true;
  keep();
}

export function dismiss(notice: Notice): void {
  const at = notices.findIndex((one) => one.id === notice.id);
  if (at >= 0) notices.splice(at, 1);
  keep();
}

export function clear_notices(): void {
  const cleared = notices.splice(0);
  keep();
  tell_undoable(t('notices.cleared', { count: cleared.length }), () => {
    notices.push(...cleared);
    keep();
  });
}

/** Title and text of what went wrong, with what to do. */
export function refusal_text(error: unknown): { title: string; text: string } {
  if (!(error instanceof Refusal)) return { title: t('error.unknown'), text: error instanceof Error ? error.message : '' };
  if (error.code === 'timeout') return { title: t('error.timeout'), text: t('error.timeout_remedy') };
  if (error.status === 0) return { title: t('error.offline'), text: t('error.offline_remedy') };
  const incident = error.incident ? t('error.incident', { incident: error.incident }) : '';
  const title = error.title || t('error.status', { status: error.status });
  return { title, text: [error.detail, error.remedy || (error.title ? '' : t('error.status_remedy')), incident].filter(Boolean).join(' ') };
}

export function tell_offline(): void {
  tell_refusal(new Refusal(0, 'offline', '', '', ''));
}

export function tell_refusal(error: unknown): void {
  if (error instanceof DOMException && error.name === 'AbortError') return;
  const { title, text } = refusal_text(error);
  tell('bad', title, text);
}
