// Dates, times and numbers for people. The API tells times in UTC; they are shown in China's time.
import { language } from './messages';

const kZone = 'Asia/Shanghai';

function parts(instant: string): Record<string, string> {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: kZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  });
  return Object.fromEntries(format.formatToParts(new Date(instant)).map((part) => [part.type, part.value]));
}

/** YYYY-MM-DD in China. */
export function day_of(instant: string): string {
  const { year, month, day } = parts(instant);
  return `${year}-${month}-${day}`;
}

export const today = (): string => day_of(new Date().toISOString());

/** Of YYYY-MM-DD, as it is written in the language of the console. */
export function date_text(day: string | undefined): string {
  if (!day) return '';
  const [year, month, date] = day.slice(0, 10).split('-').map(Number);
  if (!year || !month || !date) return day;
  return new Intl.DateTimeFormat(language.value === 'en' ? 'en-GB' : 'zh-CN', {
    timeZone: 'UTC', year: 'numeric', month: 'long', day: 'numeric',
  }).format(Date.UTC(year, month - 1, date));
}

/** 14:05 for today, otherwise 11-24 14:05, or with the year. */
export function time_text(instant: string): string {
  const { year, month, day, hour, minute } = parts(instant);
  const now = today();
  if (`${year}-${month}-${day}` === now) return `${hour}:${minute}`;
  return `${year === now.slice(0, 4) ? '' : `${year}-`}${month}-${day} ${hour}:${minute}`;
}

/** 14:05, in China's time. */
export function minute_text(instant: string): string {
  const { hour, minute } = parts(instant);
  return `${hour}:${minute}`;
}

export const count_text = (value: number): string => value.toLocaleString('en-US');

/** For axes: in ten thousands in Chinese, in thousands in English. */
export const compact_text = (value: number): string => new Intl.NumberFormat(language.value === 'en' ? 'en' : 'zh-CN', { notation: 'compact' }).format(value);

export function bytes_text(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes, unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** 9141 0423 MA3X … in groups of four, for reading aloud and comparing. */
export const grouped = (digest: string): string => digest.replace(/(.{4})(?=.)/g, '$1 ');

/** The account of "role:account", as the journal names who did something. */
export const account_of = (who: string): string => who.split(':').at(-1) ?? who;
