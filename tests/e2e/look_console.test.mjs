// Every page of the staff console in every dress: accessible by WCAG 2.1 AA, no wider than the window; a picture of each.
import { look_at_pages } from './console.mjs';
import { town } from './harness.mjs';

const looks = [
  ['clerk', [['today', '/'], ['upload', '/upload'], ['batches', '/batches'], ['batch', `/batches/${town.clean_batch}`], ['doubtful', '/doubtful'],
    ['subjects', `/subjects?q=${encodeURIComponent('同舟')}`], ['subject', `/subjects/${town.main.code}`], ['record', `/records/${town.penalty_record}`],
    ['records', '/records'], ['corrections', '/corrections'], ['record-versions', `/records/${town.penalty_record}/versions`], ['check', '/check'], ['journal', '/journal'], ['missing', '/nothing']]],
  ['office', [['today-office', '/'], ['reports', '/reports'], ['units', '/units'], ['events', '/events'], ['verify', '/verify'], ['doubtful-office', '/doubtful'], ['judgements', '/judgements'], ['screen', '/screen']]],
  ['head', [['catalogue', '/catalogue'], ['quality', '/quality'], ['figure', '/quality/figure?scheme=assessment.double&indicator=assess.timely&period=' + town.today.slice(0, 7)], ['assessments', '/assessments'], ['edition', `/catalogue/${town.edition}`]]],
  ['keeper', [['accounts', '/accounts'], ['system', '/system']]],
];
look_at_pages('every page', () => looks);
