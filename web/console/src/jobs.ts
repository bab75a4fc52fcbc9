// Files on their way: sent, read, checked, stored. A job outlives the page it began on, a reload, and the tab.
import { reactive } from 'vue';
import { Refusal } from './api/call';
import { batch_submit, job_cancel, job_show } from './api/client';
import { t, t_told } from './messages';
import { refusal_text, tell, tell_refusal } from './notices';
import { session } from './session';

export type State = 'sending' | 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
export interface Job {
  key: string;
  id: string; // empty while the file is being sent
  file: string;
  item: string;
  state: State;
  part: number; // 0 to 1
  rows: number;
  stage: string;
  batch: number;
  notes: string[];
  message: string;
  followed: boolean; // the page that handed it in goes on to its batch
  began: number; // ms since 1970
}

const kPoll_ms = 600, kMostPoll_ms = 10_000, kKept_ms = 86_400_000, kMostKept = 20;
const stored_key = (): string => `mingxin.jobs.${session.account}`;

export const jobs = reactive<Job[]>([]);
const aborts = new Map<string, AbortController>();

const forgotten = new Set<string>();
function stored(): Job[] {
  try {
    return JSON.parse(localStorage.getItem(stored_key()) ?? '[]') as Job[];
  } catch {
    return [];
  }
}
/** What other tabs keep stays; what has not reached the platform yet can't be gone on with. */
function keep(): void {
  const own = new Set(jobs.map((job) => job.key));
  const others = stored().filter((job) => !own.has(job.key) && !forgotten.has(job.key));
  try {
    localStorage.setItem(stored_key(), JSON.stringify([...jobs.filter((job) => job.id !== ''), ...others].slice(0, kMostKept)));
  } catch {
    // A full or closed store: the job goes on, and its batch is found among the batches.
  }
}

export const is_running = (job: Job): boolean => job.state === 'waiting' || job.state === 'running' || job.state === 'sending';
export const stage_text = (stage: string): string => t_told('job.stage', stage);
// A file that is still being sent would be lost with the page.
addEventListener('beforeunload', (event) => { if (jobs.some((job) => job.state === 'sending')) event.preventDefault(); });

/** Where the job is in sight anyway, nothing is laid over the page. */
function ended(job: Job): void {
  keep();
  const in_sight = location.pathname.endsWith('/upload') || job.followed;
  if (job.state === 'done') tell('good', t('job.done_title', { file: job.file }), t('job.done_text', { rows: job.rows }), `/batches/${job.batch}`, !in_sight);
  if (job.state === 'failed') tell('bad', t('job.failed_title', { file: job.file }), job.message, '/upload', !location.pathname.endsWith('/upload'));
}

/** A broken line and a busy or ailing server say nothing about the job. */
const goes_on = (error: unknown): boolean => error instanceof Refusal && (error.status === 0 || error.status === 429 || error.status >= 500);

async function follow(job: Job): Promise<void> {
  let wait_ms = kPoll_ms;
  while (is_running(job)) {
    await new Promise((resolve) => setTimeout(resolve, wait_ms));
    try {
      const told = await job_show({ id: job.id });
      wait_ms = kPoll_ms;
      if (!is_running(job)) return;
      job.state = told.state as State;
      job.part = Number(told.part);
      job.rows = told.rows;
      job.stage = told.stage;
      job.batch = told.batch ?? 0;
      job.notes = told.notes ?? [];
      job.message = told.message ?? '';
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) return; // it is found again by whoever signs in
      if (goes_on(error)) {
        wait_ms = Math.min(2 * wait_ms, kMostPoll_ms);
        continue;
      }
      job.state = 'failed';
      job.message = refusal_text(error).text;
    }
  }
  ended(job);
}

/** Unguessable; randomUUID is there only under TLS. */
function new_key(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Sends a file and follows it. Resolves with the batch; 0 when it failed or was cancelled. */
export async function submit(file: File, item: string, followed = false): Promise<number> {
  jobs.unshift({ key: new_key(), id: '', file: file.name, item, state: 'sending', part: 0, rows: 0, stage: '', batch: 0, notes: [], message: '', followed, began: Date.now() });
  const job = jobs[0]!;
  const abort = new AbortController();
  aborts.set(job.key, abort);
  try {
    // The key makes a repeated sending of the same piece harmless.
    const reply = await batch_submit({ item, file, idempotency_key: job.key }, { signal: abort.signal, progress: (part) => (job.part = part) });
    job.id = reply.job;
    job.state = 'waiting';
    job.part = 0;
    keep();
    await follow(job);
  } catch (error) {
    if (abort.signal.aborted) {
      job.state = 'cancelled';
    } else {
      job.state = 'failed';
      job.message = Object.values(refusal_text(error)).join(' ');
      ended(job);
    }
  } finally {
    aborts.delete(job.key);
  }
  return job.batch;
}

export async function cancel(job: Job): Promise<void> {
  if (job.state === 'sending') {
    aborts.get(job.key)?.abort();
    return;
  }
  try {
    await job_cancel({ id: job.id });
  } catch (error) {
    tell_refusal(error);
  }
}

export function forget(job: Job): void {
  forgotten.add(job.key);
  jobs.splice(jobs.indexOf(job), 1);
  keep();
}

export function restore_jobs(): void {
  jobs.push(...stored().filter((job) => is_running(job) || Date.now() - job.began < kKept_ms));
  for (const job of jobs) if (is_running(job)) void follow(job);
}
