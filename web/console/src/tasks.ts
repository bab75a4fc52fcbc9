// Long work that the platform does for this account: files of lists, verifying the journal. The platform keeps it, so it
// is found again in another tab, on another machine, or after a reload; here it is asked after while any of it runs.
import { computed, ref } from 'vue';
import { Refusal } from './api/call';
import { task_cancel, task_list, type TaskListReply } from './api/client';
import { t, t_code } from './messages';
import { tell, tell_refusal } from './notices';
import { ended as session_ended } from './session';

export type Task = TaskListReply['tasks'][number];

export const tasks = ref<Task[]>([]);
export const is_open = (task: Task): boolean => task.state === 'waiting' || task.state === 'running';
export const open_tasks = computed(() => tasks.value.filter(is_open));
export const task_title = (task: Task): string => t_code('task.kind', task.kind.replace(/[.-]/g, '_'));
export const file_address = (task: Task): string => `/api/v1/tasks/${encodeURIComponent(task.id)}/file`;
/** 0 to 1; undefined where nobody knows how much there is. */
export const part_of = (task: Task): number | undefined => (task.all > 0 ? Math.min(1, task.done / task.all) : undefined);

const kQuick_ms = 700, kSlow_ms = 60_000, kIdle_ms = 600_000;
/** Begun here: their files are taken as soon as they are there, and their end is told. */
const mine = new Set<string>();
const told = new Set<string>();
let timer = 0, asking: Promise<void> | undefined, touched = Date.now();
for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, () => { touched = Date.now(); }, { capture: true, passive: true });
/** Nobody is there: then nothing is asked, so that the session ends as it should. */
export const is_away = (): boolean => document.hidden || session_ended.value || Date.now() - touched > kIdle_ms;

function take(task: Task): void {
  const link = document.createElement('a');
  link.href = file_address(task);
  link.download = task.file_name ?? '';
  link.click();
}

/** The end of a task, once: a file goes to where it was asked for, everything else is told. */
function ended(task: Task): void {
  const here = mine.delete(task.id), title = task_title(task);
  if (told.has(task.id)) return;
  told.add(task.id);
  if (task.state === 'done' && task.has_file) {
    if (here) take(task);
    tell('good', t('task.file_ready', { title }), t(here ? 'task.file_taken' : 'task.file_waits', { file: task.file_name ?? '' }));
  } else if (task.state === 'done') {
    tell('good', t('task.done', { title }), '', task.kind === 'journal.verify' ? '/verify' : undefined);
  } else if (task.state === 'failed') {
    tell('bad', t('task.failed', { title }), task.message ?? '');
  }
}

/** The platform was started anew: what it was doing is not there any more. */
function lost(id: string): void {
  mine.delete(id);
  tell('bad', t('task.lost'), t('task.lost_text'));
}

async function ask(): Promise<void> {
  const before = new Set(open_tasks.value.map((task) => task.id));
  try {
    tasks.value = (await task_list()).tasks;
    for (const task of tasks.value) if (!is_open(task) && (before.has(task.id) || mine.has(task.id))) ended(task);
    for (const id of mine) if (!tasks.value.some((task) => task.id === id)) lost(id);
  } catch (error) {
    // A line that comes back is waited for; what has been refused is not asked for again and again.
    if (!(error instanceof Refusal) || error.status !== 0) mine.clear();
  }
}

function again(): void {
  if (!open_tasks.value.length && !mine.size && is_away()) timer = window.setTimeout(again, kSlow_ms);
  else void look_at_tasks();
}

/** Asks now, and goes on as long as something runs. */
export function look_at_tasks(): Promise<void> {
  window.clearTimeout(timer);
  asking ??= ask().finally(() => {
    asking = undefined;
    timer = window.setTimeout(again, open_tasks.value.length || mine.size ? kQuick_ms : kSlow_ms);
  });
  return asking;
}

/** Begins a task and follows it; its number, or undefined when it was refused, which is told. */
export async function begin(start: () => Promise<{ task: string }>): Promise<string | undefined> {
  try {
    const { task } = await start();
    mine.add(task);
    await asking;
    await look_at_tasks();
    return task;
  } catch (error) {
    tell_refusal(error);
    return undefined;
  }
}

export async function cancel_task(task: Task): Promise<void> {
  try {
    const { state } = await task_cancel({ id: task.id });
    if (state !== 'done' && state !== 'failed') told.add(task.id);
    await asking;
    await look_at_tasks();
  } catch (error) {
    tell_refusal(error);
  }
}
