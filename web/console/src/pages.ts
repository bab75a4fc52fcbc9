// The pages: path, title, who may see it, under which task it stands, its key.
import type { MessageId } from './messages';

export interface Page {
  name: string;
  path: string;
  title: MessageId;
  about: MessageId; // one line on the page itself
  group: MessageId;
  permission?: string; // none: everybody who is signed in
  key: string; // after "g"
  icon: string; // of shell/NavIcon.vue
}

export const pages: Page[] = [
  { name: 'today', path: '/', title: 'today.title', about: 'today.about', group: 'group.collect', key: 'd', icon: 'today' },
  { name: 'upload', path: '/upload', title: 'upload.title', about: 'upload.about', group: 'group.collect', permission: 'collect_submit', key: 'u', icon: 'upload' },
  { name: 'batches', path: '/batches', title: 'batches.title', about: 'batches.about', group: 'group.collect', permission: 'collect_view', key: 'b', icon: 'batches' },
  { name: 'doubtful', path: '/doubtful', title: 'doubtful.title', about: 'doubtful.about', group: 'group.collect', permission: 'collect_view', key: 'q', icon: 'doubtful' },
  { name: 'subjects', path: '/subjects', title: 'subjects.title', about: 'subjects.about', group: 'group.find', key: 's', icon: 'subjects' },
  { name: 'records', path: '/records', title: 'records.title', about: 'records.about', group: 'group.find', permission: 'collect_view', key: 'o', icon: 'records' },
  { name: 'corrections', path: '/corrections', title: 'corrections.title', about: 'corrections.about', group: 'group.find', permission: 'collect_view', key: 'x', icon: 'corrections' },
  { name: 'check', path: '/check', title: 'check.title', about: 'check.about', group: 'group.find', key: 'c', icon: 'check' },
  { name: 'reports', path: '/reports', title: 'reports.title', about: 'reports.about', group: 'group.find', key: 'r', icon: 'reports' },
  { name: 'quality', path: '/quality', title: 'quality.title', about: 'quality.about', group: 'group.assess', permission: 'assess_view', key: 'k', icon: 'quality' },
  { name: 'assessments', path: '/assessments', title: 'assessments.title', about: 'assessments.about', group: 'group.assess', permission: 'assess_view', key: 'x', icon: 'assessments' },
  { name: 'articles', path: '/content', title: 'articles.title', about: 'articles.about', group: 'group.content', permission: 'content_view', key: 'i', icon: 'articles' },
  { name: 'columns', path: '/content/columns', title: 'columns.title', about: 'columns.about', group: 'group.content', permission: 'content_view', key: 'l', icon: 'columns' },
  { name: 'pictures', path: '/content/pictures', title: 'pictures.title', about: 'pictures.about', group: 'group.content', permission: 'content_view', key: 'p', icon: 'pictures' },
  { name: 'units', path: '/units', title: 'units.title', about: 'units.about', group: 'group.manage', permission: 'unit_manage', key: 'm', icon: 'units' },
  { name: 'accounts', path: '/accounts', title: 'accounts.title', about: 'accounts.about', group: 'group.manage', permission: 'account_manage', key: 'a', icon: 'accounts' },
  { name: 'catalogue', path: '/catalogue', title: 'catalogue.title', about: 'catalogue.about', group: 'group.manage', permission: 'rules_view', key: 'h', icon: 'catalogue' },
  { name: 'journal', path: '/journal', title: 'journal.title', about: 'journal.about', group: 'group.trust', key: 'j', icon: 'journal' },
  { name: 'events', path: '/events', title: 'events.title', about: 'events.about', group: 'group.trust', permission: 'journal_verify', key: 'e', icon: 'events' },
  { name: 'verify', path: '/verify', title: 'verify.title', about: 'verify.about', group: 'group.trust', permission: 'journal_verify', key: 'v', icon: 'verify' },
  { name: 'screen', path: '/screen', title: 'screen.title', about: 'screen.about', group: 'group.trust', permission: 'collect_view', key: 'w', icon: 'screen' },
  { name: 'system', path: '/system', title: 'system.title', about: 'system.about', group: 'group.trust', permission: 'platform_operate', key: 'y', icon: 'system' },
];
