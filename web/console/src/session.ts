// Who is signed in, and how the page is to be read.
import { computed, reactive, ref } from 'vue';
import { on_session_end, set_form_token } from './api/call';
import { session_show, type SessionShowReply } from './api/client';

const nobody: SessionShowReply = {
  signed_in: false, account: '', display: '', role: '', role_title: '', unit: '', unit_name: '', permissions: [], form_token: '',
};

export const session = reactive<SessionShowReply>({ ...nobody });
export const can = (permission: string): boolean => session.permissions.includes(permission);
/** Signed in, but nothing is allowed: the first password is still to be changed. */
export const must_change_password = computed(() => session.signed_in && session.permissions.length === 0);

/** Who is here could not be asked: the line is broken, or the platform doesn't answer. */
export const unreachable = ref(false);
const kOpening_ms = 10_000;

export async function load_session(): Promise<void> {
  const abort = new AbortController(), timer = window.setTimeout(() => abort.abort(), kOpening_ms);
  try {
    Object.assign(session, await session_show({ signal: abort.signal }));
    set_form_token(session.form_token);
    unreachable.value = false;
  } catch {
    unreachable.value = true;
  } finally {
    window.clearTimeout(timer);
  }
}

/** Where the tab keeps what it told; it goes with whoever leaves, also what is told on the way out. */
export const kNoticesKey = 'mingxin.notices';
function forget_when_left(): void {
  addEventListener('pagehide', () => sessionStorage.removeItem(kNoticesKey), { once: true });
}

export function sign_in_address(path: string): string {
  return `/sign-in?next=${encodeURIComponent(path)}`;
}

/** A form of its own: the reply is a redirect with the cookie taken away. */
export function sign_out(): void {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = '/sign-out';
  const token = document.createElement('input');
  token.type = 'hidden';
  token.name = 'csrf';
  token.value = session.form_token;
  form.append(token);
  document.body.append(form);
  forget_when_left();
  form.submit();
}

// --- a session that ends while somebody works

export const ended = ref(false);
let waiting: ((again: boolean) => void)[] = [];

on_session_end(() => {
  if (!session.signed_in) return Promise.resolve(false);
  ended.value = true;
  return new Promise((resolve) => waiting.push(resolve));
});

/** After signing in in another tab: what was under way goes on, but never in the name of somebody else. */
export async function resume(): Promise<boolean> {
  const found = await session_show();
  if (!found.signed_in) return false;
  if (found.account !== session.account) {
    location.reload();
    return true;
  }
  Object.assign(session, found);
  set_form_token(found.form_token);
  ended.value = false;
  for (const resolve of waiting.splice(0)) resolve(true);
  return true;
}

export function give_up(): void {
  ended.value = false;
  forget_when_left();
  for (const resolve of waiting.splice(0)) resolve(false);
  location.assign(sign_in_address(location.pathname + location.search));
}

// --- reading mode

export const elder = ref(false);

function set_elder(on: boolean): void {
  elder.value = on;
  document.documentElement.classList.toggle('elder', on);
}

/** The public site remembers it in a cookie of its own, so that both are read alike. */
export function choose_elder(on: boolean): void {
  set_elder(on);
  void fetch(`/?reading=${on ? 'elder' : 'normal'}`, { redirect: 'manual' }).catch(() => undefined);
}

/** The server wrote it into the shell. */
export function restore_reading(): void {
  set_elder(document.documentElement.classList.contains('elder'));
}
