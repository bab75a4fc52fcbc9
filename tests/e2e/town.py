"""The small town that the browser tests look at: a platform filled with invented rows, the same ones whenever it is made;
only their dates go with the day, so that what is being shown today is shown whenever the tests run."""
import datetime
import pathlib
import shutil

import driver
import workbooks
from driver import Platform, authority_code, enterprise_code, run, run_json, uscc, write_csv

TODAY = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()  # as the platform counts days
ORGAN = "鲁山县市场监督管理局"
OFFICE = authority_code(559998)

REGISTRATION = ["主体名称", "统一社会信用代码", "主体类型", "法定代表人", "成立日期", "注册资本", "住所", "经营范围",
                "登记状态", "曾用名"]
PERMIT = ["行政相对人名称", "行政相对人类别", "统一社会信用代码", "法定代表人", "行政许可决定文书名称", "行政许可决定文书号",
          "许可类别", "许可证书名称", "许可编号", "许可内容", "许可决定日期", "有效期自", "有效期至", "许可机关", "当前状态"]
PENALTY = ["行政相对人名称", "行政相对人类别", "统一社会信用代码", "法定代表人", "行政处罚决定书文号", "违法行为类型", "违法事实",
           "处罚依据", "处罚类别", "处罚内容", "罚款金额(万元)", "暂扣或吊销证照名称及编号", "处罚决定日期", "处罚有效期", "处罚机关"]


REPRESENTATIVE = "穆见川"  # of the penalised, as their rows tell it; not for the public


class Firm:
    def __init__(self, number, name, code=None, former=None):
        self.name = name
        self.code = code or enterprise_code(4100000 + number)
        self.former = former

    def facts(self):
        return {"name": self.name, "code": self.code, "former": self.former}


MAIN = Firm(1, "鲁山县澜禾商贸有限公司")                    # permits, an ordinary and a serious penalty, one that ended
RENAMED = Firm(2, "鲁山县新桐食品有限公司", former="鲁山县旧桐饮食有限公司")
CLEAN = Firm(3, "鲁山县静川农业开发有限公司")               # nothing but its registration
BUSY = Firm(4, "鲁山县尧山云栖谷文化旅游综合开发运营管理有限责任公司昭平湖水上休闲娱乐分公司")  # a long name and 40 permits
SHOP = Firm(5, "鲁山县禾穗小吃店", code=uscc("92410423MA4D0A001"))
CORRECTED = Firm(6, "鲁山县松溪建材有限公司")             # a penalty and two permits for whoever corrects and withdraws
ALIKE = [Firm(100 + i, "鲁山县同舟%s商贸有限公司" % word)
         for i, word in enumerate("东 南 西 北 中 春 夏 秋 冬 日 月 星".split())]
FIRMS = [MAIN, RENAMED, CLEAN, BUSY, SHOP, *ALIKE]


def day(days_ago):
    return (TODAY - datetime.timedelta(days=days_ago)).isoformat()


def registration(firm, name=None, former=""):
    kind = "个体工商户" if firm is SHOP else "有限责任公司"
    return [name or firm.name, firm.code, kind, "林知远", "2016-03-18", "500万元", "河南省平顶山市鲁山县琴台街道兴源路88号",
            "日用百货、农副产品、办公用品的销售；仓储服务（不含危险化学品）。", "存续", former]


def permit(firm, number, decided, until, what="食品经营许可"):
    no = "JY1410423%07d" % number
    return [firm.name, "法人及非法人组织", firm.code, "林知远", what + "决定书", "（鲁）许字〔%d〕%d号" % (TODAY.year, number), "普通",
            what + "证", no, "预包装食品（含冷藏冷冻食品）销售，散装食品销售", decided, decided, until, ORGAN, "有效"]


def penalty(firm, number, decided, kinds, content, wan="", licence="", code=None):
    return [firm.name, "法人及非法人组织", firm.code if code is None else code, REPRESENTATIVE, "鲁市监罚〔%d〕%d号" % (TODAY.year, number),
            "销售超过保质期的食品", "当事人货架上有超过保质期的食品12袋，货值金额240元。", "《中华人民共和国食品安全法》第一百二十四条第一款第五项",
            kinds, content, wan, licence, decided, "2099-12-31", ORGAN]


def penalties():
    """Of MAIN and RENAMED: one each that is ordinary, serious, at its end, too slight to be shown."""
    return [
        penalty(MAIN, 11, day(40), "罚款", "罚款人民币捌万元整", "8"),
        penalty(MAIN, 12, day(200), "罚款、吊销许可证件", "罚款人民币壹拾万元整，吊销食品经营许可证", "10", "食品经营许可证JY14104230000099"),
        penalty(MAIN, 13, day(500), "罚款", "罚款人民币贰万元整", "2"),
        penalty(MAIN, 14, day(20), "警告", "警告"),
        penalty(RENAMED, 15, day(150), "罚款", "罚款人民币壹万元整", "1"),
    ]


def permits():
    ahead = (TODAY + datetime.timedelta(days=900)).isoformat()
    rows = [permit(MAIN, 1, day(700), ahead), permit(MAIN, 2, day(100), "长期", "户外广告设置许可"),
            permit(SHOP, 3, day(300), ahead, "小餐饮经营许可")]
    return rows + [permit(BUSY, 100 + i, day(30 + 9 * i), ahead, "建设工程规划许可") for i in range(40)]


DISPLAYS = {"reviewer": "周明", "releaser": "陈静"}  # all others bear one name
SIGNED_IN = ("clerk", "office", "keeper", "walker", "reviewer", "releaser", "head")
FAULTY = 5  # rows of the workbook below


def upload_rows(mended, first=200):
    """What a clerk hands in: five penalties, of which one has a mistyped code, one no date, one a wrong
    fine; or the same mended."""
    rows = [penalty(firm, first + i, day(10 + i), "罚款", "罚款人民币伍万元整", "5") for i, firm in enumerate(ALIKE[:FAULTY])]
    if not mended:
        code = PENALTY.index("统一社会信用代码")
        rows[1][code] = rows[1][code][:-1] + ("1" if rows[1][code][-1] != "1" else "2")
        rows[2][PENALTY.index("处罚决定日期")] = ""
        rows[3][PENALTY.index("罚款金额(万元)")] = "500"
    return rows


def after_years(date, years):
    year, month, of_month = map(int, date.split("-"))
    while True:
        try:
            return datetime.date(year + years, month, of_month).isoformat()
        except ValueError:
            of_month -= 1


def public_facts(penalty_batch):
    """What the public may see of MAIN's penalties, and what not."""
    document, decided = PENALTY.index("行政处罚决定书文号"), PENALTY.index("处罚决定日期")
    ordinary, serious, ended, slight, _ = penalties()
    return {"shown": [{"document": row[document], "decided": row[decided], "until": after_years(row[decided], years)}
                      for row, years in ((ordinary, 1), (serious, 3))],
            "hidden": [ended[document], slight[document], REPRESENTATIVE], "hidden_record": "%s-3" % penalty_batch,
            "person": resident_number("41000019800101001")}  # 410000 is no county: issued to nobody


def resident_number(first17):
    return first17 + "10X98765432"[sum(int(c) * pow(2, 17 - i, 11) for i, c in enumerate(first17)) % 11]


def make_files(folder):
    """The files that the tests hand in, by name."""
    files = {}
    for name, mended in (("faulty", False), ("mended", True)):
        files[name] = folder / (name + ".xlsx")
        files[name].write_bytes(workbooks.table([PENALTY, *upload_rows(mended)]))
    files["console"] = folder / "console.xlsx"
    files["console"].write_bytes(workbooks.table([PENALTY, *upload_rows(mended=False, first=600)]))
    for name, mended in (("walker", False), ("walker_mended", True)):
        files[name] = folder / (name + ".xlsx")
        files[name].write_bytes(workbooks.table([PENALTY, *upload_rows(mended, first=800)]))
    files["praised"] = folder / "praised.xlsx"
    files["praised"].write_bytes(workbooks.table([PENALTY, penalty(ALIKE[-1], 950, day(3), "罚款", "罚款人民币伍万元整", "5")]))
    files["desk_walker"] = folder / "desk_walker.xlsx"
    files["desk_walker"].write_bytes(workbooks.table([PENALTY, *upload_rows(mended=False, first=900)]))
    files["broken"] = folder / "broken.xlsx"
    files["broken"].write_bytes(b"this is no workbook")
    large = [["鲁山县巨量%06d号有限公司" % i, enterprise_code(5000000 + i)] for i in range(80000)]
    for n, name in enumerate(("own", "own_again")):  # headers of a department's own
        files[name] = write_csv(folder / (name + ".csv"), ["序号", "企业名", "十八位代码", "老板名字", "目前情况"],
                                [[str(i), "鲁山县自列%d号商贸有限公司" % (10 * n + i), enterprise_code(4200000 + 10 * n + i), "安文", "在业"]
                                 for i in range(1, 4)])
    files["large"] = write_csv(folder / "large.csv", REGISTRATION[:2], large)
    return {name: str(path) for name, path in files.items()}


def make(folder):
    """A platform with accounts in this folder; what the tests have to know of it, as a dict."""
    folder = pathlib.Path(folder)
    platform = Platform.init(folder / "data", unit_name=ORGAN)
    run("unit", "add", "--data", platform.data, "--code", OFFICE, "--name", "鲁山县信用建设办公室", check=True)
    counts = {}

    def collect(item, header, rows):
        number = len(counts) + 1
        counts[number] = platform.collect(write_csv(folder / ("%d.csv" % number), header, rows), item)

    collect("registration", REGISTRATION, [registration(RENAMED, RENAMED.former)])
    collect("registration", REGISTRATION, [registration(firm, former=firm.former or "") for firm in FIRMS])
    collect("permit", PERMIT, permits())
    collect("penalty", PENALTY, penalties() + [penalty(CLEAN, 16, day(30), "罚款", "罚款人民币壹万元整", "1", code="")])
    faulty = write_csv(folder / "faulty.csv", PENALTY, upload_rows(mended=False, first=300))
    faulty_batch = platform.collect(faulty, "penalty")["batch"]
    for i in range(20):  # so that lists have a second page
        collect("registration", REGISTRATION, [registration(ALIKE[i % len(ALIKE)])])
    ahead = (TODAY + datetime.timedelta(days=900)).isoformat()
    collect("registration", REGISTRATION, [registration(CORRECTED)])
    collect("penalty", PENALTY, [penalty(CORRECTED, 17, day(40), "罚款", "罚款人民币陆万元整", "6")])
    collect("permit", PERMIT, [permit(CORRECTED, 201, day(60), ahead), permit(CORRECTED, 202, day(50), ahead, "户外广告设置许可")])
    assert counts[4]["doubtful"] == 1 and sum(one["rejected"] for one in counts.values()) == 0, counts
    accounts = {}
    for name, role, unit in (("newcomer", "department_clerk", platform.unit), ("clerk", "department_clerk", platform.unit),
                             ("forgetful", "department_clerk", platform.unit), ("sleeper", "department_clerk", platform.unit),
                             ("keys", "department_clerk", platform.unit), ("late", "department_clerk", platform.unit), ("walker", "department_clerk", platform.unit),
                             ("office", "credit_office_clerk", OFFICE), ("head", "credit_office_head", OFFICE), ("keeper", "platform_operator", OFFICE),
                             ("reviewer", "content_reviewer", OFFICE), ("releaser", "content_releaser", OFFICE)):
        made = run_json("account", "add", "--data", platform.data, "--name", name, "--display", DISPLAYS.get(name, "林晓"), "--role", role, "--unit", unit)
        accounts[name] = {"first": made["first_password"], "password": "correct horse battery"}
    edition = propose(platform, folder)
    report = run_json("report", "--data", platform.data, MAIN.code, "-o", folder / "report.pdf")
    facts = {"edition": edition, "report": report["number"], "faulty_batch": faulty_batch, "clean_batch": counts[1]["batch"], "registration_record": "%s-1" % counts[2]["batch"], "permit_record": counts[3]["batch"] + "-1",
             "penalty_record": counts[4]["batch"] + "-2", "today": TODAY.isoformat(), "organ": ORGAN, "accounts": accounts, "files": make_files(folder), "alike": len(ALIKE), "praised": {"name": ALIKE[-1].name, "code": ALIKE[-1].code}, "folder": str(folder),
             "penalised": [firm.facts() for firm in ALIKE[:FAULTY]], "database": str(next(platform.data.glob("*.db"), "")), **public_facts(counts[4]["batch"])}
    facts["corrected"] = {**CORRECTED.facts(), "document": "鲁市监罚〔%d〕17号" % TODAY.year, "annulled": day(20)}
    for name in ("MAIN", "RENAMED", "CLEAN", "BUSY", "SHOP"):
        facts[name.lower()] = globals()[name].facts()
    return platform, facts


def propose(platform, folder):
    """An edition that waits for a decision: penalties of ordinary grade are shown for six months."""
    rules = folder / "rules"
    shutil.copytree(driver.ROOT / "rules", rules)
    terms = rules / "publicity.yaml"
    text = terms.read_text("utf-8")
    shorter = text.replace("max_months: {parameter: period.ordinary.max_months}", "max_months: 6", 1)
    assert shorter != text
    terms.write_text(shorter, "utf-8")
    name = rules / "edition.yaml"
    name.write_text(name.read_text("utf-8").replace("（2024年版）", "（2027年征求意见稿）", 1), "utf-8")
    return run_json("rules", "propose", "--data", platform.data, rules)["digest"]


def sign_in(server, accounts):
    """The sessions of those who signed in before, by account."""
    return {name: server.sign_in(name, accounts[name]["first"]).cookie.split("=", 1)[1] for name in SIGNED_IN}
