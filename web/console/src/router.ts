import { nextTick } from 'vue';
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import { t } from './messages';
import { pages } from './pages';
import { can } from './session';

const views: Record<string, () => Promise<unknown>> = {
  today: () => import('./pages/TodayPage.vue'),
  upload: () => import('./pages/UploadPage.vue'),
  batches: () => import('./pages/BatchesPage.vue'),
  doubtful: () => import('./pages/DoubtfulPage.vue'),
  subjects: () => import('./pages/SubjectsPage.vue'),
  records: () => import('./pages/RecordsPage.vue'),
  check: () => import('./pages/CheckPage.vue'),
  reports: () => import('./pages/ReportsPage.vue'),
  articles: () => import('./pages/ArticlesPage.vue'),
  columns: () => import('./pages/ColumnsPage.vue'),
  pictures: () => import('./pages/PicturesPage.vue'),
  units: () => import('./pages/UnitsPage.vue'),
  accounts: () => import('./pages/AccountsPage.vue'),
  journal: () => import('./pages/JournalPage.vue'),
  events: () => import('./pages/EventsPage.vue'),
  verify: () => import('./pages/VerifyPage.vue'),
  screen: () => import('./pages/ScreenPage.vue'),
  system: () => import('./pages/SystemPage.vue'),
};

const content_routes: RouteRecordRaw[] = [
  { path: '/content/edit', name: 'article_edit', component: () => import('./pages/EditPage.vue'), meta: { permission: 'content_edit' } },
  { path: '/content/articles/:id(\\d+)', name: 'article', component: () => import('./pages/ArticlePage.vue'), props: true, meta: { permission: 'content_view' } },
  { path: '/content/versions/:id(\\d+)', name: 'article_versions', component: () => import('./pages/VersionsPage.vue'), props: true, meta: { permission: 'content_view' } },
  { path: '/content/guide', name: 'writing_guide', component: () => import('./pages/WritingGuidePage.vue'), meta: { permission: 'content_view' } },
];

const routes: RouteRecordRaw[] = [
  ...pages.map((page) => ({ path: page.path, name: page.name, component: views[page.name] as never, meta: { page } })),
  { path: '/batches/:id(\\d+)', name: 'batch', component: () => import('./pages/BatchPage.vue'), props: true },
  { path: '/subjects/:code', name: 'subject', component: () => import('./pages/SubjectPage.vue'), props: true },
  { path: '/records/:id', name: 'record', component: () => import('./pages/RecordPage.vue'), props: true },
  ...content_routes,
  { path: '/:rest(.*)*', name: 'missing', component: () => import('./pages/MissingPage.vue') },
];

export const router = createRouter({ history: createWebHistory('/console/'), routes, scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 } });

/** What an account may not do is not there for it; the API refuses it anyway. */
router.beforeEach((to) => {
  const permission = pages.find((one) => one.name === to.name)?.permission ?? (to.meta.permission as string | undefined);
  return !permission || can(permission) || { name: 'missing', params: { rest: to.path.slice(1).split('/') }, replace: true };
});

/** The heading of the page that is shown goes into the title, and the keyboard to the page. */
router.afterEach(async (to, from) => {
  await nextTick();
  const page = pages.find((one) => one.name === to.name);
  const site = document.querySelector<HTMLMetaElement>('meta[name=site-name]')?.content ?? '';
  document.title = `${page ? t(page.title) : t('app.name')} · ${site}`;
  if (from.name && to.path !== from.path) document.getElementById('main')?.focus({ preventScroll: true });
});
