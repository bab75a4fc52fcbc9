// What a browser keeps for its user: drafts of forms and named filters. Nothing of it leaves the browser; keys carry
// the account, so that two people at one desk don't meet.
import { reactive, ref, toRaw, watch, type Ref } from 'vue';
import { session } from './session';

const key_of = (kind: string, name: string): string => `mingxin.${kind}.${session.account}.${name}`;

function read<T>(key: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(key);
    return text === null ? otherwise : { ...otherwise, ...(JSON.parse(text) as T) };
  } catch {
    return otherwise;
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or closed store only costs the draft.
  }
}

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
  const values = reactive(read(key, structuredClone(initial))) as T;
  let cleared = JSON.stringify(initial);
  watch(values, () => {
    const text = JSON.stringify(values);
    if (text === cleared) localStorage.removeItem(key);
    else write(key, toRaw(values));
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
  const list = ref<SavedFilter[]>(read<{ list: SavedFilter[] }>(key, { list: [] }).list);
  const put = (filters: SavedFilter[]): void => {
    list.value = filters;
    write(key, { list: filters });
  };
  return {
    list,
    save: (filter) => put([...list.value.filter((one) => one.name !== filter.name), filter]),
    remove: (name) => put(list.value.filter((one) => one.name !== name)),
  };
}
