// What the public reads: columns, articles with their corrections, the calendar, agencies beside their own record.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sound, task, town, visit } from './harness.mjs';

const { main, content } = town;

for (const script of [true, false]) {
  const way = script ? '' : ', without script';

  task(['site.columns', 'site.column', 'site.article'], `an article is found from the home page on and read${way}`, async (visitor) => {
    await visitor.go('/');
    await visitor.saysAll('诚信宣传周启动');
    await visitor.leads(visitor.main().getByRole('link', { name: '全部栏目' }).click());
    await visitor.leads(visitor.main().getByRole('link', { name: '信用动态' }).click());
    await visitor.leads(visitor.main().getByRole('link', { name: '诚信宣传周启动' }).click());
    assert.equal(await visitor.page.getByRole('heading', { level: 1 }).innerText(), '诚信宣传周启动');
    await visitor.saysAll('县文化广场', '信用鲁山', '县信用办', '发放手册', '诚信是立业之本', '活动现场');
    const picture = visitor.main().getByRole('img', { name: '活动现场', exact: true });
    await picture.scrollIntoViewIfNeeded();
    if (script) await visitor.page.waitForFunction((image) => image.complete && image.naturalWidth === 320, await picture.elementHandle());
    await visitor.leads(visitor.main().getByRole('link', { name: '办事指南' }).click());
  }, { script });
}

task(['site.column'], 'all articles of a column are read page by page', async (visitor) => {
  await visitor.go('/columns/site-news');
  const titles = new Set();
  for (let pages = 0; pages < 5; pages++) {
    for (const [title] of (await visitor.says()).matchAll(/第\d+期工作简报/g)) titles.add(title);
    if (!await visitor.link('下一页').count()) break;
    await visitor.leads(visitor.link('下一页').click());
  }
  assert.equal(titles.size, 20);
  await visitor.leads(visitor.link('回到第一页').click());
  await visitor.saysAll('诚信宣传周启动');
});

task(['site.article'], 'a correction tells what was changed, and why', async (visitor) => {
  await visitor.go(`/articles/${content.corrected}`);
  await visitor.saysAll('更正说明', '按条例更正异议处理时限', '7个工作日');
  const lines = visitor.main().getByText('改了哪些内容');
  await lines.click();
  await visitor.main().getByText('10个工作日').waitFor();
});

test('what was withdrawn tells since when and why, and nothing of its text', async () => {
  await visit({}, async (visitor) => {
    await visitor.go(`/articles/${content.withdrawn}`, 410);
    await visitor.saysAll('这篇文章已撤回', '时间写错，另行发布');
    assert.ok(!(await visitor.page.content()).includes('写错了的通知'), 'the page tells the title');
    await sound(visitor);
    await visitor.leads(visitor.main().getByRole('link', { name: '看这个栏目的其他文章' }).click());
    assert.ok(!(await visitor.says()).includes('写错了的通知'));
    await visitor.go('/articles/999999', 404);
  });
});

task(['site.column'], 'the calendar shows what is kept every year beside what the county does', async (visitor) => {
  await visitor.go('/columns/site-calendar');
  await visitor.saysAll('国际消费者权益日', '信用记录关爱日', '全国质量月', '国家宪法日', '诚信宣传进社区', /6月12日/);
});

task(['site.column', 'site.article'], 'an agency stands beside its own public record', async (visitor) => {
  await visitor.go('/columns/site-agencies');
  await visitor.saysAll('澜禾信用咨询服务', main.name, '公示中的处罚');
  await visitor.leads(visitor.main().getByRole('link', { name: '澜禾信用咨询服务' }).click());
  await visitor.saysAll('本平台公示的信息', main.name);
  await visitor.leads(visitor.main().getByRole('link', { name: main.name }).click());
  assert.match(visitor.page.url(), new RegExp(`/subjects/${main.code}$`));
});

task(['site.column'], 'a column bound to catalogue items shows their newest public records', async (visitor) => {
  await visitor.go('/columns/site-records');
  await visitor.saysAll('行政许可', '行政处罚', main.name);
  for (const hidden of town.hidden) assert.ok(!(await visitor.says()).includes(hidden), `the column tells ${hidden}`);
});

test('programs find the articles: feed, sitemap, structured data, canonical address', async () => {
  await visit({}, async (visitor) => {
    await visitor.go(`/articles/${content.pictured}`);
    const read = async (address) => (await visitor.page.request.get(town.base + address)).text();
    const feed = await read('/columns/site-news/feed');
    assert.match(feed, /<title>诚信宣传周启动<\/title>/);
    assert.ok(!(await read('/columns/site-list/feed')).includes('写错了的通知'));
    const map = await read('/sitemap/0');
    assert.ok(map.includes(`/articles/${content.pictured}<`));
    assert.ok(!map.includes(`/articles/${content.withdrawn}<`));
    const data = JSON.parse(await visitor.page.locator('script[type="application/ld+json"]').textContent());
    assert.equal(data.headline, '诚信宣传周启动');
    assert.match(await visitor.page.locator('link[rel=canonical]').getAttribute('href'), new RegExp(`/articles/${content.pictured}$`));
  });
});
