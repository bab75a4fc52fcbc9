// The unsaved text of an article, kept on this device at each change. Each tab keeps its own, so that two tabs at one article
// don't overwrite each other; what a closed tab left is found by the next one. Keys carry the account.
import { ref, type Ref } from 'vue';
import { session } from '../../session';
import type { ArticleText } from './words';

export interface Kept {
  text: ArticleText;
  /** Of the stored draft that this text began from; 0 when there was none. */
  revision: number;
  time: string;
}

export interface DeviceDraft {
  /** Another tab has the same article open. */
  elsewhere: Ref<boolean>;
  /** false: the device's store is full or closed. */
  keep: (kept: Kept) => boolean;
  drop: () => void;
  /** The article has got its number. */
  rename: (article: string) => void;
  close: () => void;
}

const kTab = 'mingxin.tab', kChannel = 'mingxin.articles';
const kAnswer_ms = 150;

interface Said { kind: 'ask' | 'here'; key: string; tab: string }

function tab_of(fresh: boolean): string {
  const known = sessionStorage.getItem(kTab);
  if (known && !fresh) return known;
  const made = Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  sessionStorage.setItem(kTab, made);
  return made;
}

const prefix_of = (article: string): string => `mingxin.article.${session.account}.${article}.`;

function read(key: string): Kept | undefined {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null ?? undefined;
  } catch {
    return undefined;
  }
}

/** The newest draft that no living tab holds; this tab's own before others. */
function find(prefix: string, tab: string, living: Set<string>): { key: string; kept: Kept } | undefined {
  const found = Object.keys(localStorage).filter((key) => key.startsWith(prefix) && !living.has(key.slice(prefix.length)))
    .flatMap((key) => {
      const kept = read(key);
      return kept ? [{ key, kept }] : [];
    });
  found.sort((a, b) => b.kept.time.localeCompare(a.kept.time));
  return found.find((one) => one.key === prefix + tab) ?? found[0];
}

/** Opens the draft of an article ("new" for one without a number); found is what was left unsaved before. */
export async function open_draft(article: string): Promise<{ draft: DeviceDraft; found?: Kept }> {
  let tab = tab_of(false), prefix = prefix_of(article), silent = true;
  const elsewhere = ref(false), living = new Set<string>();
  const channel = new BroadcastChannel(kChannel);
  const say = (kind: Said['kind']): void => channel.postMessage({ kind, key: prefix, tab } satisfies Said);
  channel.onmessage = ({ data }: MessageEvent<Said>) => {
    if (data.key !== prefix) return;
    // While looking, nothing is held yet, and a tab that was duplicated still bears its original's name.
    if (data.kind === 'here') living.add(data.tab);
    else if (!silent) say('here');
    if (data.kind === 'here' || !silent) elsewhere.value = article !== 'new';
  };
  say('ask');
  await new Promise((resolve) => setTimeout(resolve, kAnswer_ms));
  if (living.has(tab)) tab = tab_of(true);
  const found = find(prefix, tab, living);
  if (found && found.key !== prefix + tab) {
    localStorage.setItem(prefix + tab, JSON.stringify(found.kept));
    localStorage.removeItem(found.key);
  }
  silent = false;
  const draft: DeviceDraft = {
    elsewhere,
    keep: (kept) => {
      try {
        localStorage.setItem(prefix + tab, JSON.stringify(kept));
        return true;
      } catch {
        return false;
      }
    },
    drop: () => localStorage.removeItem(prefix + tab),
    rename: (name) => {
      localStorage.removeItem(prefix + tab);
      prefix = prefix_of(name);
      article = name;
    },
    close: () => channel.close(),
  };
  return found ? { draft, found: found.kept } : { draft };
}
