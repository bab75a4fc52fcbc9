// What a browser keeps for its user: drafts of forms and named filters. Nothing of it leaves the browser; keys carry
// the account, so that two people at one desk don't meet.
import { reactive, ref, toRaw, watch, type Ref } from 'vue';
import { session } from './session';

const key_of = (kind: string, name: string): string => `mingxin.${kind}.${session.account}.${name}`;

function parsed(key: string): Record<string, unknown> | undefined {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return typeof found === 'object' && found !== null ? found as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or closed store only costs the draft.
  }
}

// Drafts nobody came back to, those of articles too (parts/content/draft.ts).
const kLongest_ms = 30 * 86_400_000;
interface KeptDraft { time: string; values: unknown }
const is_kept = (found: object): found is KeptDraft => 'time' in found && 'values' in found;
const write_draft = (key: string, values: unknown): void => write(key, { time: new Date().toISOString(), values } satisfies KeptDraft);
function sweep(): void {
  for (const key of Object.keys(localStorage).filter((one) => /^mingxin\.(draft|article)\./.test(one))) {
    const found = parsed(key), time = Date.parse(String(found?.time));
    if (time < Date.now() - kLongest_ms) localStorage.removeItem(key);
    else if (found && key.startsWith('mingxin.draft.') && !is_kept(found)) write_draft(key, found); // from when drafts bore no time
  }
}
sweep();

export interface Draft<T> {
  values: T;
  /** There was something left from before. */
  found: boolean;
  clear: () => void;
}

/** The values of a form, kept at each change until clear(). */
export function use_draft<T extends object>(name: string, initial: T): Draft<T> {
  const key = key_of('draft', name);
  const found = localStorage.getItem(key) !== null;
  const kept = parsed(key);
  const values = reactive({ ...structuredClone(initial), ...(kept && is_kept(kept) ? kept.values as T : kept) }) as T;
  let cleared = JSON.stringify(initial);
  watch(values, () => {
    const text = JSON.stringify(values);
    if (text === cleared) localStorage.removeItem(key);
    else write_draft(key, toRaw(values));
  });
  return {
    values,
    found,
    clear: () => {
      for (const name_of of Object.keys(values)) {
        if (!(name_of in initial)) delete (values as Record<string, unknown>)[name_of];
      }
      Object.assign(values, structuredClone(initial));
      cleared = JSON.stringify(initial);
      localStorage.removeItem(key);
    },
  };
}

export interface SavedFilter {
  name: string;
  values: Record<string, string>;
}

export function use_saved_filters(page: string): { list: Ref<SavedFilter[]>; save: (filter: SavedFilter) => void; remove: (name: string) => void } {
  const key = key_of('filters', page);
  // Read anew at each change: other tabs keep filters too.
  const kept = (): SavedFilter[] => (parsed(key)?.list as SavedFilter[] | undefined) ?? [];
  const list = ref<SavedFilter[]>(kept());
  const put = (filters: SavedFilter[]): void => {
    list.value = filters;
    write(key, { list: filters });
  };
  return {
    list,
    save: (filter) => put([...kept().filter((one) => one.name !== filter.name), filter]),
    remove: (name) => put(kept().filter((one) => one.name !== name)),
  };
}
