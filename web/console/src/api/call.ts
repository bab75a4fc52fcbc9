// One way to the API: the session cookie goes by itself, changes carry the form token, a refusal becomes a Refusal.

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
}

/** XMLHttpRequest rather than fetch: only it tells how much of an upload was sent. */
function send(shape: Shape, input: Values, options: CallOptions): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(shape.method, address(shape, input));
    request.responseType = 'blob';
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Accept-Language', 'zh-CN');
    const body = body_of(shape, input);
    if (shape.method !== 'GET') request.setRequestHeader('X-CSRF-Token', form_token);
    if (typeof body === 'string') request.setRequestHeader('Content-Type', 'application/json');
    if (options.progress) {
      request.upload.onprogress = (event) => options.progress?.(event.total ? event.loaded / event.total : 0);
    }
    request.onload = () => resolve({ status: request.status, body: request.response as Blob });
    request.onerror = () => reject(new Refusal(0, 'offline', '', '', ''));
    request.onabort = () => reject(new DOMException('aborted', 'AbortError'));
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

export async function call<Reply>(shape: Shape, input: Values, options: CallOptions): Promise<Reply> {
  let raw = await send(shape, input, options);
  if (raw.status === 401 && (await sign_in_again())) raw = await send(shape, input, options);
  if (raw.status < 200 || raw.status > 299) throw await refusal_of(raw);
  if (shape.blob) return raw.body as Reply;
  return JSON.parse(await raw.body.text()) as Reply;
}
