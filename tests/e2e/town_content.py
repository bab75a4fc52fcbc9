"""What the town publishes: columns of each kind and articles that three people had in their hands, written through the API."""
import json
import time
import zlib

COLUMNS = {"site-news": ("信用动态", "articles", {"on_home": True, "name_en": "News"}), "site-calendar": ("宣传活动", "campaigns", {}),
           "site-agencies": ("信用服务机构", "agencies", {}), "site-list": ("权力清单", "lists", {}),
           "site-records": ("双公示专栏", "records", {"items": ["permit", "penalty"]}), "site-empty": ("空栏目", "topics", {})}
LIST = "|+ 权力事项 |\n| 事项 | 时限 |\n|---|---|\n| 信息公示 | 7个工作日 |\n| 异议处理 | %s个工作日 |"
MANY = 21  # more than a page of a list


class Desk:
    """Calls in the names of those who signed in; waits where it is asked to."""

    def __init__(self, server, sessions):
        self.server, self.sessions, self.tokens = server, sessions, {}

    def ask(self, who, method, path, body=None, kind="application/json"):
        headers = {"Cookie": "mx_session=" + self.sessions[who], "Accept": "application/json"}
        if method == "POST":
            headers.update({"Content-Type": kind, "X-CSRF-Token": self.token(who)})
        for _ in range(120):
            status, _, said = self.server.ask(method, path, body, headers)
            if status != 429:
                break
            time.sleep(1)
        assert status == 200, (path, status, said)
        return json.loads(said)

    def token(self, who):
        if who not in self.tokens:
            self.tokens[who] = ""
            self.tokens[who] = self.ask(who, "GET", "/api/v1/session")["form_token"]
        return self.tokens[who]

    def call(self, who, path, **body):
        return self.ask(who, "POST", "/api/v1/content" + path, json.dumps(body))

    def publish(self, article=None, **text):
        """Through all three hands; its number."""
        draft = self.call("office", "/articles", revision=0, **({"article": article} if article else {}), **text)
        here = "/articles/%d/" % draft["id"]
        done = self.call("office", here + "submit", revision=draft["revision"])
        self.call("reviewer", here + "pass", version=done["version"], note="已核对")
        self.call("releaser", here + "release", version=done["version"], note="同意发布")
        return draft["id"]

    def picture(self, alt):
        """A small picture of stripes; its digest."""
        rows = b"".join(b"\0" + bytes((x + y) % 64 * 3 + 40 for x in range(320)) for y in range(180))

        def chunk(kind, content):
            return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")
        file = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", (320).to_bytes(4, "big") + (180).to_bytes(4, "big") + b"\x08\0\0\0\0") +
                chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
        body = ('--b\r\nContent-Disposition: form-data; name="alt"\r\n\r\n%s\r\n--b\r\nContent-Disposition: form-data; name="file"; '
                'filename="p.png"\r\n\r\n' % alt).encode() + file + b"\r\n--b--\r\n"
        return self.ask("office", "POST", "/api/v1/content/pictures", body, "multipart/form-data; boundary=b")["digest"]


def write(server, sessions, code):
    """Columns and articles; what the tests have to know of them."""
    desk = Desk(server, sessions)
    for position, (slug, (name, kind, more)) in enumerate(COLUMNS.items()):
        desk.call("office", "/columns", slug=slug, revision=0, name=name, kind=kind, about=name + "栏目。", position=position, **more)
    picture = desk.picture("宣传活动现场")
    text = {"summary": "摘要写明要点。", "source": "信用鲁山", "unit": "县信用办"}
    facts = {}
    for number in range(1, MANY):
        desk.publish(column="site-news", title="第%d期工作简报" % number, body="本期内容。", **text)
    facts["pictured"] = desk.publish(
        column="site-news", title="诚信宣传周启动", cover=picture, facts=[{"name": "地点", "value": "县文化广场"}], **text,
        body="活动在广场举行。\n\n## 做法\n\n- 发放手册\n- 现场咨询\n\n> 诚信是立业之本。\n\n![活动现场](picture:%s)\n\n更多见[办事指南](/guides)。" % picture)
    facts["corrected"] = desk.publish(column="site-list", title="信用管理权力清单", body=LIST % 10, **text)
    time.sleep(0.01)  # a version that nobody could see is told to nobody
    desk.publish(facts["corrected"], column="site-list", title="信用管理权力清单", body=LIST % 7, change_note="按条例更正异议处理时限", **text)
    facts["agency"] = desk.publish(column="site-agencies", title="澜禾信用咨询服务", subject_code=code, body="提供信用管理咨询。", **text)
    desk.publish(column="site-calendar", title="诚信宣传进社区", event_from="2026-06-12", event_to="2026-06-16", yearly=True, body="设点宣传。", **text)
    facts["withdrawn"] = desk.publish(column="site-list", title="写错了的通知", body="内容有误。", **text)
    time.sleep(0.01)
    desk.call("releaser", "/articles/%d/withdraw" % facts["withdrawn"], reason="时间写错，另行发布")
    return facts
