// Pages of a list by key, as the API gives them: each asks for what lies behind the last row.
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { tell_refusal } from '../notices';

export interface Paged<Row> {
  rows: ShallowRef<Row[]>;
  loading: Ref<boolean>;
  more: Ref<boolean>;
  failed: Ref<boolean>;
  next: () => Promise<void>;
  restart: () => Promise<void>;
}

export function use_paged<Row>(page_size: number, load: (after: Row | undefined, limit: number) => Promise<Row[]>): Paged<Row> {
  const rows = shallowRef<Row[]>([]), loading = ref(false), more = ref(true), failed = ref(false);
  let round = 0;
  async function next(): Promise<void> {
    if (loading.value || !more.value) return;
    const mine = round;
    loading.value = true;
    failed.value = false;
    try {
      const page = await load(rows.value.at(-1), page_size);
      if (mine !== round) return;
      rows.value = [...rows.value, ...page];
      more.value = page.length === page_size;
    } catch (error) {
      if (mine !== round) return;
      more.value = false;
      failed.value = true;
      tell_refusal(error);
    } finally {
      if (mine === round) loading.value = false;
    }
  }
  async function restart(): Promise<void> {
    round += 1;
    rows.value = [];
    loading.value = false;
    more.value = true;
    await next();
  }
  return { rows, loading, more, failed, next, restart };
}
