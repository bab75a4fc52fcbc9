// One way to the API: the session cookie goes by itself, changes carry the form token, a refusal becomes a Refusal. A busy
// server is waited for, as long as it asks; reading is tried again when the line breaks, changing is not, but for what
// bears a key that makes a second sending harmless.
import { ref } from 'vue';
import { language } from '../messages';

/** What the API answers when it refuses: always with a remedy. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly remedy: string,
    readonly incident = '',
  ) {
    super(title);
  }
}

export interface CallOptions {
  signal?: AbortSignal;
  /** Part of the body that was sent, 0 to 1. */
  progress?: (part: number) => void;
}

interface Shape {
  method: string;
  path: string;
  /** Names of the inputs that go there. */
  query: string[];
  body: string[];
  form: boolean;
  blob: boolean;
}

let form_token = '';
export function set_form_token(token: string): void {
  form_token = token;
}

/** Called when the session has ended; resolves true when there is one again. */
let sign_in_again: () => Promise<boolean> = () => Promise.resolve(false);
export function on_session_end(handler: () => Promise<boolean>): void {
  sign_in_again = handler;
}

/** Seconds that a call waits until the server takes it; 0: none waits. For the shell to show. */
export const held_up_s = ref(0);
const kTries = 6, kMostWait_s = 30, kLineTries = 2, kLineWait_s = 1, kLongest_ms = 90_000;

function wait(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => { window.clearTimeout(timer); reject(new DOMException('aborted', 'AbortError')); };
    const timer = window.setTimeout(() => { signal?.removeEventListener('abort', stop); resolve(); }, seconds * 1000);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

type Values = Record<string, unknown>;

function address(shape: Shape, input: Values): string {
  const path = shape.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(input[name])));
  const query = new URLSearchParams();
  for (const name of shape.query) {
    const value = input[name];
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

function body_of(shape: Shape, input: Values): FormData | string | undefined {
  if (shape.method === 'GET') return undefined;
  const given = shape.body.filter((name) => input[name] !== undefined);
  if (!shape.form) {
    return shape.body.length ? JSON.stringify(Object.fromEntries(given.map((name) => [name, input[name]]))) : undefined;
  }
  const form = new FormData();
  for (const name of given) {
    const value = input[name];
    form.append(name, value instanceof Blob ? value : String(value));
  }
  return form;
}

interface Raw {
  status: number;
  body: Blob;
  retry_after_s: number;
}

/** XMLHttpRequest rather than fetch: only it tells how much of an upload was sent. */
function send(shape: Shape, input: Values, options: CallOptions): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(shape.method, address(shape, input));
    request.responseType = 'blob';
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Accept-Language', language.value === 'en' ? 'en' : 'zh-CN');
    if (!shape.form && !shape.blob) request.timeout = kLongest_ms;
    const body = body_of(shape, input);
    if (shape.method !== 'GET') request.setRequestHeader('X-CSRF-Token', form_token);
    if (typeof body === 'string') request.setRequestHeader('Content-Type', 'application/json');
    if (options.progress) {
      request.upload.onprogress = (event) => options.progress?.(event.total ? event.loaded / event.total : 0);
    }
    request.onload = () => resolve({ status: request.status, body: request.response as Blob, retry_after_s: Number(request.getResponseHeader('Retry-After')) || 0 });
    request.onerror = () => reject(new Refusal(0, 'offline', '', '', ''));
    request.ontimeout = () => reject(new Refusal(0, 'timeout', '', '', ''));
    request.onabort = () => reject(new DOMException('aborted', 'AbortError'));
    if (options.signal?.aborted) {
      reject(new DOMException('aborted', 'AbortError'));
      return;
    }
    options.signal?.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}

async function refusal_of(raw: Raw): Promise<Refusal> {
  try {
    const told = JSON.parse(await raw.body.text()) as Record<string, string>;
    return new Refusal(raw.status, told.code ?? '', told.title ?? '', told.detail ?? '', told.remedy ?? '', told.incident);
  } catch {
    return new Refusal(raw.status, String(raw.status), '', '', '');
  }
}

/** Reading is asked again after a broken line: a short outage is not worth telling. */
async function send_surely(shape: Shape, input: Values, options: CallOptions): Promise<Raw> {
  const harmless = shape.method === 'GET' || shape.body.includes('idempotency_key');
  for (let tried = 0; ; tried++) {
    try {
      return await send(shape, input, options);
    } catch (error) {
      if (!(error instanceof Refusal) || !harmless || tried >= kLineTries) throw error;
      await wait(kLineWait_s * (tried + 1), options.signal);
    }
  }
}

/** 429 and 503 say that nothing was done, and when to come again. */
async function send_patiently(shape: Shape, input: Values, options: CallOptions): Promise<Raw> {
  let raw = await send_surely(shape, input, options);
  for (let tried = 1; tried < kTries && (raw.status === 429 || raw.status === 503) && raw.retry_after_s <= kMostWait_s; tried++) {
    const wait_s = Math.max(raw.retry_after_s, 1) + Math.random() / 2;
    held_up_s.value = Math.ceil(wait_s);
    try {
      await wait(wait_s, options.signal);
    } finally {
      held_up_s.value = 0;
    }
    raw = await send_surely(shape, input, options);
  }
  return raw;
}

export async function call<Reply>(shape: Shape, input: Values, options: CallOptions): Promise<Reply> {
  let raw = await send_patiently(shape, input, options);
  if (raw.status === 401 && (await sign_in_again())) raw = await send_patiently(shape, input, options);
  if (raw.status < 200 || raw.status > 299) throw await refusal_of(raw);
  if (shape.blob) return raw.body as Reply;
  return JSON.parse(await raw.body.text()) as Reply;
}
