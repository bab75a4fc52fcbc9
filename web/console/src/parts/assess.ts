// What the pages of the quality board share: periods, figures as text, the titles of indicators.
import type { AssessBoardReply } from '../api/client';
import { today } from '../format';
import { language, t } from '../messages';

export type Indicator = AssessBoardReply['indicators'][number];
export type Result = AssessBoardReply['county'];
export type Figure = Result['figures'][number];

export interface Choice { value: string; title: string }
const pad = (month: number): string => String(month).padStart(2, '0');

/** The last months, and the last quarters, the present one first. */
export function months(count = 24): Choice[] {
  const [year, month] = today().split('-').map(Number) as [number, number];
  return Array.from({ length: count }, (_, back) => {
    const number = year * 12 + month - 1 - back, own = Math.floor(number / 12);
    return { value: `${own}-${pad((number % 12) + 1)}`, title: t('quality.month', { year: own, month: (number % 12) + 1 }) };
  });
}
export function quarters(count = 8): Choice[] {
  const [year, month] = today().split('-').map(Number) as [number, number];
  return Array.from({ length: count }, (_, back) => {
    const number = year * 4 + Math.floor((month - 1) / 3) - back, own = Math.floor(number / 4);
    return { value: `${own}-Q${(number % 4) + 1}`, title: t('quality.quarter', { year: own, quarter: (number % 4) + 1 }) };
  });
}
export function period_text(period: string): string {
  const quarter = /^(\d{4})-Q(\d)$/.exec(period), month = /^(\d{4})-(\d\d)$/.exec(period);
  if (quarter) return t('quality.quarter', { year: quarter[1]!, quarter: quarter[2]! });
  return month ? t('quality.month', { year: month[1]!, month: Number(month[2]) }) : period;
}
/** Hundredths as they are read: 87.34. */
export const hundredths = (value: number): string => (value / 100).toFixed(2);
export const title_of = (one: { title: string; title_en: string }): string => (language.value === 'en' ? one.title_en : one.title);
export function figure_text(indicator: Indicator, figure: Figure): string {
  if (indicator.days) return figure.numerator >= 9999 ? '—' : t('quality.days', { days: figure.numerator });
  return figure.rate === undefined ? '—' : `${hundredths(figure.rate)}%`;
}
/** Whether the target is missed; nothing to be measured misses nothing. */
export function is_missed(indicator: Indicator, figure: Figure): boolean {
  const value = indicator.days ? figure.numerator : figure.rate;
  if (value === undefined) return false;
  return indicator.higher_is_better ? value < indicator.target : value > indicator.target;
}
export const grade_text = (result: Result): string => (language.value === 'en' ? result.grade_title_en : result.grade_title) ?? '—';
