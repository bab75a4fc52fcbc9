// Keys. A letter means something only outside of fields; "g" waits a second for the letter of a page.
import { onBeforeUnmount, reactive } from 'vue';
import type { MessageId } from './messages';

export interface Shortcut {
  keys: string; // "ctrl+k", "?", "g b", "n"
  text: MessageId;
  run: () => void;
}

const active = reactive<Shortcut[]>([]);
export const shortcuts: readonly Shortcut[] = active;
const kSequence_ms = 1000;
let first = '', first_at = 0;

function is_field(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function pressed(event: KeyboardEvent): string {
  const control = event.ctrlKey || event.metaKey ? 'ctrl+' : '';
  return control + (event.key.length === 1 ? event.key.toLowerCase() : event.key);
}

/** The newest one wins: a page's before the shell's. */
function on_key(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  const key = pressed(event);
  if (!key.startsWith('ctrl+') && is_field(event.target)) return;
  // A modal dialog keeps the keys to itself, but for those with Ctrl.
  if (!key.startsWith('ctrl+') && document.querySelector('.el-overlay:not([style*="none"]) [role="dialog"]')) return;
  const sequence = performance.now() - first_at < kSequence_ms ? `${first} ${key}` : '';
  const find = (keys: string): Shortcut | undefined => [...active].reverse().find((one) => one.keys === keys);
  const found = (sequence && find(sequence)) || find(key);
  first = found ? '' : key;
  first_at = performance.now();
  if (!found) return;
  event.preventDefault();
  found.run();
}

export function listen_for_keys(): void {
  document.addEventListener('keydown', on_key);
}

/** In setup, where the shell comes before its page however soon the page is there. */
export function use_shortcuts(list: Shortcut[]): void {
  active.push(...list);
  onBeforeUnmount(() => {
    for (const one of list) active.splice(active.findIndex((other) => other.keys === one.keys && other.text === one.text), 1);
  });
}
