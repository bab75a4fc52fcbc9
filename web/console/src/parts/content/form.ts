// The state behind the editor: the stored draft, the text being written, what this device keeps of it, and saving.
import { computed, onBeforeUnmount, reactive, ref, watch } from 'vue';
import { Refusal } from '../../api/call';
import { article_save, article_show, column_list } from '../../api/client';
import { refusal_text, tell_refusal } from '../../notices';
import { open_draft, type DeviceDraft } from './draft';
import { blank_text, input_of, same_text, text_of, type Article, type ArticleText, type Column } from './words';

const kKeep_ms = 200;
const kChanged = 'MX3004'; // somebody saved in between

const copy_of = (text: ArticleText): ArticleText => JSON.parse(JSON.stringify(text)) as ArticleText;

export interface Conflict { theirs: ArticleText; by: string; saved: string; revision: number }

export function use_article_form(first_id: number, first_column: string, numbered: (id: number) => void) {
  const text = reactive<ArticleText>(blank_text());
  const columns = ref<Column[]>([]), article = ref<Article>(), id = ref(first_id), revision = ref(0);
  const loaded = ref(false), saving = ref(false), saved_at = ref(''), kept_at = ref(''), keep_failed = ref(false);
  const recovered = ref(''), conflict = ref<Conflict>(), elsewhere = ref(false);
  const wrong = ref<{ title: string; text: string }>(); // why there is nothing to write on
  const stored = ref<ArticleText>(blank_text());
  let draft: DeviceDraft | undefined, timer: ReturnType<typeof setTimeout> | undefined, gone = false;

  const snapshot = (): ArticleText => copy_of(text);
  const dirty = computed(() => !same_text(text, stored.value));
  const kind = computed(() => columns.value.find((one) => one.slug === text.column)?.kind ?? article.value?.column_kind ?? 'articles');
  const may_edit = computed(() => !article.value || article.value.may.edit);

  function keep(): void {
    clearTimeout(timer);
    timer = undefined;
    if (!draft || !loaded.value) return;
    if (!dirty.value && !conflict.value) {
      draft.drop();
      kept_at.value = '';
      return;
    }
    const time = new Date().toISOString();
    keep_failed.value = !draft.keep({ text: snapshot(), revision: revision.value, time });
    if (!keep_failed.value) kept_at.value = time;
  }
  const keep_now = (): void => { if (timer) keep(); };

  async function load(): Promise<void> {
    wrong.value = undefined;
    try {
      const [all, shown] = await Promise.all([column_list(), id.value ? article_show({ id: id.value }) : undefined]);
      columns.value = all.columns;
      article.value = shown;
      const writable = all.columns.filter((one) => one.state === 'active' && one.kind !== 'records');
      stored.value = shown ? text_of(shown.working.text) : blank_text(writable.find((one) => one.slug === first_column)?.slug ?? writable[0]?.slug);
      revision.value = shown?.working.revision ?? 0;
      saved_at.value = shown?.working.saved ?? '';
      Object.assign(text, copy_of(stored.value));
      const opened = await open_draft(id.value ? String(id.value) : 'new');
      if (gone) return opened.draft.close();
      draft = opened.draft;
      watch(opened.draft.elsewhere, (now) => { elsewhere.value = now; }, { immediate: true });
      if (opened.found) recover(opened.found.text, opened.found.revision, opened.found.time);
      loaded.value = true;
    } catch (error) {
      wrong.value = refusal_text(error);
    }
  }

  function recover(found: ArticleText, of_revision: number, time: string): void {
    Object.assign(text, { ...blank_text(), ...found });
    if (!dirty.value) return draft?.drop();
    recovered.value = kept_at.value = time;
    if (of_revision !== revision.value && article.value) conflict.value = theirs_of(article.value);
  }
  const theirs_of = (shown: Article): Conflict => ({ theirs: text_of(shown.working.text), by: shown.working.saved_by ?? '', saved: shown.working.saved ?? '', revision: shown.working.revision });

  /** True when the text is stored. A refusal is told, and the text stays here. */
  async function save(): Promise<boolean> {
    if (saving.value || conflict.value) return false;
    keep();
    saving.value = true;
    const sent = snapshot();
    try {
      const reply = await article_save({ ...input_of(sent, kind.value), article: id.value || undefined, revision: revision.value });
      revision.value = reply.revision;
      saved_at.value = reply.saved;
      stored.value = sent;
      recovered.value = '';
      if (!id.value) {
        id.value = reply.id;
        draft?.rename(String(reply.id));
        numbered(reply.id);
      }
      keep();
      return true;
    } catch (error) {
      if (error instanceof Refusal && error.code === kChanged && id.value) await meet();
      else tell_refusal(error);
      return false;
    } finally {
      saving.value = false;
    }
  }

  /** What was saved in between, to be laid beside one's own. */
  async function meet(): Promise<void> {
    try {
      article.value = await article_show({ id: id.value });
      conflict.value = theirs_of(article.value);
    } catch (error) {
      tell_refusal(error);
    }
  }
  function merged(result: ArticleText): void {
    if (!conflict.value) return;
    revision.value = conflict.value.revision;
    stored.value = conflict.value.theirs;
    conflict.value = undefined;
    Object.assign(text, copy_of(result));
    keep();
  }
  /** Back to what is stored. */
  function forget(): void {
    Object.assign(text, copy_of(stored.value));
    conflict.value = undefined;
    recovered.value = '';
    keep();
  }

  watch(text, () => {
    if (!loaded.value) return;
    clearTimeout(timer);
    timer = setTimeout(keep, kKeep_ms);
  }, { deep: true });
  addEventListener('pagehide', keep_now);
  document.addEventListener('visibilitychange', keep_now);
  onBeforeUnmount(() => {
    gone = true;
    keep_now();
    removeEventListener('pagehide', keep_now);
    document.removeEventListener('visibilitychange', keep_now);
    draft?.close();
  });
  void load();
  return { text, columns, article, id, revision, loaded, wrong, load, saving, saved_at, kept_at, keep_failed, recovered, conflict, elsewhere, dirty, kind, may_edit, save, merged, forget, snapshot };
}
