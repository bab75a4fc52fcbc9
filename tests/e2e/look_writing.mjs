// What look_writing_*.test.mjs look at: the pages of content management, with an article in each state.
import { new_article, new_column, new_name, person } from './content.mjs';

const kSummary = '市民在现场查询和核验信用报告，志愿者讲解信用修复怎样办。';
const body_of = (picture) => `11月20日，明信节在琴台广场举行，**四百多位市民**到场。

## 现场能办什么

- 查询企业的公示信息
- 核验信用报告
- 了解信用修复

![志愿者向市民讲解怎样查询信用报告](picture:${picture})

### 办理时间

| 事项 | 时间 |
|---|---|
| 查询 | 当场办 |
| 修复 | 10个工作日 |

> 守信的人，应当走得更远。

1. 带上营业执照
2. 到政务服务大厅
`;

let made;
async function make() {
  const office = await person('office'), picture = await office.add_picture('志愿者向市民讲解怎样查询信用报告', 90);
  const column = await new_column('office', '信用动态', { on_home: true });
  const text = (title, more = {}) => ({ column, title, summary: kSummary, body: body_of(picture.digest), source: '鲁山县信用建设办公室', facts: [{ name: '地点', value: '琴台广场' }], ...more });
  const draft = await new_article('office', text(`写到一半的文章 ${new_name('t')}`));
  const waiting = await new_article('office', text(`明信节在琴台广场举行 ${new_name('t')}`, { release_at: '2030-01-01T09:00' }), true);
  const shown = await new_article('office', text('信用修复可以在网上申请'), true);
  await (await person('reviewer')).post(`/articles/${shown}/pass`, { version: 1, note: '已核对。' });
  await (await person('releaser')).post(`/articles/${shown}/release`, { version: 1, note: '可以公开。' });
  const office_again = await office.get(`/api/v1/content/articles/${shown}`);
  const saved = await office.post('/articles', { article: shown, revision: office_again.working.revision, ...text('信用修复可以在网上申请', { change_note: '更正办理时间。' }), body: body_of(picture.digest).replace('10个工作日', '7个工作日') });
  await office.post(`/articles/${shown}/submit`, { revision: saved.revision, note: '只改了办理时间。' });
  return { column, draft, waiting, shown };
}

export async function looks() {
  made ??= await make();
  return [
    ['office', [['articles', '/content'], ['columns', '/content/columns'], ['pictures', '/content/pictures'], ['guide', '/content/guide'],
      ['edit', `/content/edit?article=${made.draft}`]]],
    ['reviewer', [['review', `/content/articles/${made.waiting}`], ['review-again', `/content/articles/${made.shown}`], ['versions', `/content/versions/${made.shown}`]]],
  ];
}
