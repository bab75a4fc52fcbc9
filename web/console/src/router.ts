import { nextTick } from 'vue';
import { createRouter, createWebHistory, type RouteRecordRaw, type RouterScrollBehavior } from 'vue-router';
import { t } from './messages';
import { tell_offline } from './notices';
import { pages } from './pages';
import { can } from './session';

const views: Record<string, () => Promise<unknown>> = {
  today: () => import('./pages/TodayPage.vue'),
  upload: () => import('./pages/UploadPage.vue'),
  batches: () => import('./pages/BatchesPage.vue'),
  doubtful: () => import('./pages/DoubtfulPage.vue'),
  subjects: () => import('./pages/SubjectsPage.vue'),
  records: () => import('./pages/RecordsPage.vue'),
  corrections: () => import('./pages/CorrectionsPage.vue'),
  check: () => import('./pages/CheckPage.vue'),
  reports: () => import('./pages/ReportsPage.vue'),
  quality: () => import('./pages/QualityPage.vue'),
  assessments: () => import('./pages/AssessmentsPage.vue'),
  articles: () => import('./pages/ArticlesPage.vue'),
  columns: () => import('./pages/ColumnsPage.vue'),
  pictures: () => import('./pages/PicturesPage.vue'),
  units: () => import('./pages/UnitsPage.vue'),
  accounts: () => import('./pages/AccountsPage.vue'),
  catalogue: () => import('./pages/CataloguePage.vue'),
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
  { path: '/judgements', name: 'judgements', component: () => import('./pages/JudgementsPage.vue'), meta: { permission: 'collect_view' } },
  { path: '/subjects/:code', name: 'subject', component: () => import('./pages/SubjectPage.vue'), props: true },
  { path: '/records/:id', name: 'record', component: () => import('./pages/RecordPage.vue'), props: true },
  { path: '/records/:id/versions', name: 'record_versions', component: () => import('./pages/RecordVersionsPage.vue'), props: true, meta: { permission: 'collect_view' } },
  { path: '/catalogue/:digest([0-9a-f]{64})', name: 'edition', component: () => import('./pages/EditionPage.vue'), props: true, meta: { permission: 'rules_view' } },
  { path: '/quality/figure', name: 'figure', component: () => import('./pages/FigurePage.vue'), meta: { permission: 'assess_view' } },
  { path: '/assessments/:id(\\d+)', name: 'assessment', component: () => import('./pages/AssessmentPage.vue'), props: true, meta: { permission: 'assess_view' } },
  ...content_routes,
  { path: '/:rest(.*)*', name: 'missing', component: () => import('./pages/MissingPage.vue') },
];

/** A place on the page stands below the bar at the top; another filter of the same list does not scroll. */
const scrollBehavior: RouterScrollBehavior = (to, from, saved) => {
  if (saved) return saved;
  if (to.hash) return { el: to.hash, top: parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0 };
  return to.path === from.path ? false : { top: 0 };
};
export const router = createRouter({ history: createWebHistory('/console/'), routes, scrollBehavior });

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

const kReloaded = 'mingxin.reloaded', kReload_ms = 30_000;
/** Pages are loaded when they are wanted. After a new version is installed the files of the old one are gone: then the wanted
    page is opened anew. A broken line is told, for the browser has nothing better to show. */
router.onError(async (error: unknown, to) => {
  if (!(error instanceof TypeError) && !/preload CSS/.test(String(error))) return console.error(error);
  const reached = await fetch('/console/', { method: 'HEAD', cache: 'no-store' }).then((reply) => reply.ok, () => false);
  if (!reached || Date.now() - Number(sessionStorage.getItem(kReloaded)) < kReload_ms) return tell_offline();
  sessionStorage.setItem(kReloaded, String(Date.now()));
  const wanted = router.resolve(to.fullPath).href;
  if (wanted === location.pathname + location.search + location.hash) location.reload();
  else location.assign(wanted);
});
