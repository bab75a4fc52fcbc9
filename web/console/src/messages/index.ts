// The texts of the console, keyed by id: zh.ts is complete by definition, en.ts has the same keys by type.
import { ref } from 'vue';
import { zh } from './zh';

export type MessageId = keyof typeof zh;
export type Language = 'zh' | 'en';
type Messages = Record<MessageId, string>;

const kStored = 'mingxin.language';
export const language = ref<Language>('zh');
const texts = ref<Messages>(zh);

/** English is loaded only when asked for. */
export async function set_language(wanted: Language): Promise<void> {
  texts.value = wanted === 'en' ? (await import('./en')).en : zh;
  language.value = wanted;
  document.documentElement.lang = wanted === 'en' ? 'en' : 'zh-CN';
  localStorage.setItem(kStored, wanted);
}

export async function restore_language(): Promise<void> {
  if (localStorage.getItem(kStored) === 'en') await set_language('en');
}

/** The text of an id; {name} is replaced by the value of that name. */
export function t(id: MessageId, values: Record<string, string | number> = {}): string {
  return texts.value[id].replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** The text of an id that is put together from a code; the code itself when there is none. */
export function t_code(prefix: string, code: string): string {
  const id = `${prefix}.${code}` as MessageId;
  return id in texts.value ? texts.value[id] : code;
}

/** The API tells some things in Chinese words only (a stage of the work): the same in the language of the console. */
export function t_told(prefix: string, told: string): string {
  const id = (Object.keys(zh) as MessageId[]).find((one) => one.startsWith(`${prefix}.`) && zh[one] === told);
  return id ? texts.value[id] : told;
}
