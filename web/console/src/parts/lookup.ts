// Names for codes: catalogue items and units, asked for once.
import { reactive, ref } from 'vue';
import { item_list, unit_list, type ItemListReply } from '../api/client';
import { tell_refusal } from '../notices';
import { can, session } from '../session';

export type Item = ItemListReply['items'][number];
export const items = ref<Item[]>([]);
const units = reactive(new Map<string, string>());
let asked_items: Promise<void> | undefined, asked_units: Promise<void> | undefined;

export function load_items(): Promise<void> {
  asked_items ??= item_list().then((reply) => { items.value = reply.items; }, (error) => {
    asked_items = undefined;
    tell_refusal(error);
  });
  return asked_items;
}

export const item_title = (id: string): string => items.value.find((item) => item.id === id)?.title ?? id;

export function load_unit_names(): Promise<void> {
  if (session.unit) units.set(session.unit, session.unit_name);
  if (!can('unit_manage')) return Promise.resolve();
  asked_units ??= unit_list().then((reply) => { for (const unit of reply.units) units.set(unit.code, unit.name); }, (error) => {
    asked_units = undefined;
    tell_refusal(error);
  });
  return asked_units;
}

/** The checks of an item, or of all of them, each fault once. */
export function faults_of(item: string): { fault: string; title: string }[] {
  const all = items.value.filter((one) => !item || one.id === item).flatMap((one) => one.checks);
  return [...new Map(all.map((one) => [one.fault, one])).values()];
}

export const unit_name = (code: string): string => units.get(code) ?? code;
export const unit_names = units;
export function forget_units(): void { asked_units = undefined; }
