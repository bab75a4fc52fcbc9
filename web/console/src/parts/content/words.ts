// Words of content management: the text of an article as a form holds it, and how states look.
import type { ArticleCheckReply, ArticleShowReply, ArticleVersionReply, ColumnListReply, PictureAddReply } from '../../api/client';

export type Column = ColumnListReply['columns'][number];
export type Finding = ArticleCheckReply['findings'][number];
export type Picture = PictureAddReply;
export type StoredText = ArticleVersionReply['text'];
export type Article = ArticleShowReply;

/** Every field there, empty when nothing was written. */
export interface ArticleText {
  column: string; title: string; summary: string; body: string; source: string; unit: string; cover: string;
  facts: { name: string; value: string }[];
  subject_code: string; event_from: string; event_to: string; yearly: boolean;
  release_at: string; valid_until: string; change_note: string; consent: string;
}

export const kKinds = ['articles', 'cases', 'policies', 'training', 'campaigns', 'agencies', 'lists', 'topics', 'records'];
export const kStages = ['draft', 'first_review', 'final_review', 'returned', 'none'];
export const kVisibilities = ['shown', 'scheduled', 'ended', 'withdrawn', 'never'];
export const kLongest = { title: 100, summary: 300, body: 50000, source: 100, unit: 100, fact_name: 20, fact_value: 200, note: 500, reason: 300 };
export const kMost_facts = 20;

const kOfKind: Partial<Record<keyof ArticleText, string>> = { subject_code: 'agencies', event_from: 'campaigns', event_to: 'campaigns', yearly: 'campaigns', consent: 'cases' };

export const blank_text = (column = ''): ArticleText => ({
  column, title: '', summary: '', body: '', source: '', unit: '', cover: '', facts: [], subject_code: '', event_from: '', event_to: '', yearly: false,
  release_at: '', valid_until: '', change_note: '', consent: '',
});

export function text_of(stored: StoredText): ArticleText {
  const given = Object.entries(stored).filter(([, value]) => value !== undefined && value !== null);
  const text = { ...blank_text(), ...(Object.fromEntries(given) as Partial<ArticleText>) };
  return { ...text, facts: text.facts.map((fact) => ({ ...fact })) };
}

/** What goes to the API: nothing empty, and nothing that belongs to another kind of column. */
export function input_of(text: ArticleText, kind: string): Partial<StoredText> & { column: string; title: string } {
  const facts = text.facts.filter((fact) => fact.name.trim() || fact.value.trim());
  const kept = Object.entries({ ...text, facts }).filter(([name, value]) => {
    const of = kOfKind[name as keyof ArticleText];
    return (!of || of === kind) && (Array.isArray(value) ? value.length > 0 : Boolean(value));
  });
  return { summary: '', body: '', ...Object.fromEntries(kept), column: text.column, title: text.title.trim() };
}

export const same_text = (one: ArticleText, other: ArticleText): boolean => JSON.stringify(one) === JSON.stringify(other);
export const kStageBadge: Record<string, string> = { first_review: 'note', final_review: 'note', returned: 'bad' };
export const kVisibilityBadge: Record<string, string> = { shown: 'good', scheduled: 'note' };
export const picture_address = (digest: string): string => `/api/v1/content/pictures/${digest}`;

/** Where the words of a finding stand in a text. What they hide of a person's data is bridged; nothing when they are not there. */
export function place_of(excerpt: string, text: string): { from: number; to: number } | undefined {
  const parts = excerpt.replace(/^…|…$/g, '').split(/\*+/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const found = parts.some(Boolean) ? new RegExp(parts.join('.*?')).exec(text) : null;
  return found ? { from: found.index, to: found.index + found[0].length } : undefined;
}
