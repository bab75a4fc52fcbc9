// A list as every page has one: pages by key, filters and the order in the address, so that a list can be sent on and
// come back to. The table over it is ListTable.
import { onScopeDispose, reactive, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { onBeforeRouteLeave, useRoute, useRouter } from 'vue-router';
import { refusal_text } from '../notices';

export interface Ask<Filters> {
  filters: Filters;
  /** Column, with "-" in front from the largest down; empty: as the API gives them. */
  sort: string;
  /** Where the page before ended; undefined for the first. */
  after: string | number | undefined;
  limit: number;
  signal: AbortSignal;
}
export interface ListPage<Row> {
  rows: Row[];
  /** Where the next page begins; undefined: there is none. */
  next: string | number | undefined;
  /** How many there are altogether, where the API counts them; at least as many with total_more. */
  total?: number;
  total_more?: boolean;
}
export interface ListSetup<Row, Filters> {
  /** Saved filters are kept under it. */
  name: string;
  /** Each filter with its empty value. One that is called q has a search box. */
  filters: Filters;
  /** Columns that can be sorted by. */
  sorts?: readonly string[];
  /** The order without a choice. */
  sort?: string;
  /** Rows a page. */
  page?: number;
  /** Where a text in the search box leads by itself, instead of being looked for. */
  leads?: (text: string) => string | undefined;
  load: (ask: Ask<Filters>) => Promise<ListPage<Row>>;
}
export interface List<Row, Filters> {
  readonly name: string;
  readonly empty: Filters;
  readonly sorts: readonly string[];
  /** The order without a choice; empty: as the API gives them. */
  readonly usual: string;
  filters: Filters;
  sort: Ref<string>;
  rows: ShallowRef<Row[]>;
  total: Ref<number | undefined>;
  total_more: Ref<boolean>;
  loading: Ref<boolean>;
  more: Ref<boolean>;
  wrong: Ref<{ title: string; text: string } | undefined>;
  next: () => Promise<void>;
  restart: () => Promise<void>;
  /** What is typed counts now. */
  submit: () => void;
  use: (values: Record<string, string>) => void;
}

const kPage = 100, kTyping_ms = 250;

/** In the address only what differs from the empty values. */
function address_of(filters: Record<string, string>, empty: Record<string, string>, sort: string, usual: string): Record<string, string> {
  const query = Object.fromEntries(Object.entries(filters).filter(([key, value]) => value !== empty[key]));
  return sort === usual ? query : { ...query, sort };
}

export function use_list<Row, Filters extends Record<string, string>>(setup: ListSetup<Row, Filters>): List<Row, Filters> {
  const route = useRoute(), router = useRouter(), path = route.path;
  const empty = { ...setup.filters }, usual = setup.sort ?? '', sorts = setup.sorts ?? [];
  const filters = reactive({ ...empty }) as Filters;
  const sort = ref(usual);
  const rows = shallowRef<Row[]>([]), loading = ref(false), more = ref(true), total = ref<number>(), total_more = ref(false);
  const wrong = ref<{ title: string; text: string }>();
  let after: string | number | undefined, abort = new AbortController(), timer = 0;

  /** Takes the choices out of the address; true when they differ from the present ones. */
  function read_address(): boolean {
    const before = JSON.stringify([filters, sort.value]);
    for (const key of Object.keys(empty)) (filters as Record<string, string>)[key] = String(route.query[key] ?? empty[key]);
    const wanted = String(route.query.sort ?? usual);
    sort.value = wanted === usual || sorts.includes(wanted.replace(/^-/, '')) ? wanted : usual;
    return before !== JSON.stringify([filters, sort.value]);
  }
  async function next(): Promise<void> {
    if (loading.value || !more.value) return;
    const mine = abort;
    loading.value = true;
    wrong.value = undefined;
    try {
      const page = await setup.load({ filters: { ...filters }, sort: sort.value, after, limit: setup.page ?? kPage, signal: mine.signal });
      if (mine !== abort) return;
      rows.value = after === undefined ? [...page.rows] : rows.value.concat(page.rows); // a new array: the table is told by it
      if (after === undefined || page.total !== undefined) {
        total.value = page.total;
        total_more.value = page.total_more ?? false;
      }
      after = page.next;
      more.value = page.next !== undefined;
    } catch (error) {
      if (mine !== abort) return;
      if (after === undefined) rows.value = [];
      more.value = false;
      wrong.value = refusal_text(error);
    } finally {
      if (mine === abort) loading.value = false;
    }
  }
  async function restart(): Promise<void> {
    window.clearTimeout(timer);
    abort.abort();
    abort = new AbortController();
    after = undefined; // the old rows stand until the new ones are there
    loading.value = false;
    more.value = true;
    await next();
  }
  function changed(): void {
    window.clearTimeout(timer);
    if (route.path !== path) return;
    const query = address_of(filters, empty, sort.value, usual);
    void router.replace({ path, query });
    void restart();
  }
  function led(): boolean {
    const to = setup.leads?.(filters.q ?? '');
    if (to) void router.push(to);
    return to !== undefined;
  }
  function submit(): void {
    window.clearTimeout(timer);
    if (!led()) changed();
  }
  function use(values: Record<string, string>): void {
    const { sort: wanted, ...others } = values;
    Object.assign(filters, empty, others);
    sort.value = wanted ?? usual;
  }

  read_address();
  // Typing waits a moment; what is chosen counts at once.
  watch([() => ({ ...filters }), sort], ([now, order], [before, order_before]) => {
    window.clearTimeout(timer);
    if (JSON.stringify(now) === JSON.stringify(before) && order === order_before) return;
    if (now.q === before.q) changed();
    else if (!led()) timer = window.setTimeout(changed, kTyping_ms);
  });
  // Back, forward, or a link to the same list with other filters.
  watch(() => route.query, () => {
    if (route.path === path && !same_query()) read_address();
  });
  const same_query = (): boolean => JSON.stringify(address_of(filters, empty, sort.value, usual)) === JSON.stringify(route.query);
  // A page that is still being fetched is already the one wanted.
  onBeforeRouteLeave(() => window.clearTimeout(timer));
  onScopeDispose(() => {
    window.clearTimeout(timer);
    abort.abort();
  });
  void next();
  return { name: setup.name, empty, sorts, usual, filters, sort, rows, total, total_more, loading, more, wrong, next, restart, submit, use };
}

// --- as the API has it

const kLeast_characters = 2;
/** What is given of the filters; a text to look for has two characters at least, or is a number. */
export function given<Filters extends Record<string, string>>(filters: Filters): Partial<Filters> {
  return Object.fromEntries(Object.entries(filters).map(([key, value]) => [key, value.trim()])
    .filter(([key, value]) => value !== '' && (key !== 'q' || [...value!].length >= kLeast_characters || /^\d+$/.test(value!)))) as Partial<Filters>;
}

/** Page and order in the words of the API; up: the column sorted by begins with the oldest, or with A. */
export function paging(ask: { after: string | number | undefined; limit: number; sort: string }): { limit: number; page?: string; order: string } {
  return { limit: ask.limit, page: ask.after === undefined ? undefined : String(ask.after), order: order_of(ask.sort) };
}
export const order_of = (sort: string): string => (sort.startsWith('-') || !sort ? 'newest' : 'oldest');

/** A reply of the API as a page of a list. */
export function page_of<Row>(rows: Row[], reply: { next?: string; count: number; count_more: boolean }): ListPage<Row> {
  return { rows, next: reply.next, total: reply.count, total_more: reply.count_more };
}

/** Rows that the API gives all at once, filtered and sorted here; the same for the page as others. */
export function local_pages<Row>(all: Row[], matches: (row: Row) => boolean, sort: string, value_of: (row: Row, column: string) => string | number): ListPage<Row> {
  const rows = all.filter(matches), column = sort.replace(/^-/, ''), way = sort.startsWith('-') ? -1 : 1;
  if (column) {
    const compare = new Intl.Collator('zh-CN', { numeric: true }).compare;
    rows.sort((one, other) => {
      const a = value_of(one, column), b = value_of(other, column);
      return way * (typeof a === 'number' && typeof b === 'number' ? a - b : compare(String(a), String(b)));
    });
  }
  return { rows, next: undefined, total: rows.length };
}
