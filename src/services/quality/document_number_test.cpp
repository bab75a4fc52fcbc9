#include <doctest/doctest.h>

#include "quality/quality.h"

using namespace mingxin;

// V13.unproven: forms of document numbers and of titles as met in files.
TEST_CASE("is_document_number: numbers of decisions and of licences") {
    for (const char* number :
         {"鲁市监处罚〔2026〕12号", "鲁环罚字（2018）第（033）号", "成环罚字（2018）第0126XSYSTZ号",
          "（2017）002", "一号", "鲁市监处罚〔2026〕12号之一", "鲁市监许〔2026〕12号（补）",
          "JY14104230001234", "鲁自然资罚决字2023-12", "2023年第[5]号"}) {
        CAPTURE(number);
        CHECK(quality::is_document_number(number));
    }
}

TEST_CASE("is_document_number: titles of pages and of documents are none") {
    for (const char* title : {"2017年6月行政处罚信息公开表", "2017年立案查处的环境违法行为（七）",
                              "-立案查处的环境违法行为（7月份）", "滕州市华恒工贸有限责任公司行政处罚决定书",
                              "强化督查交办问题清单（高唐县12个问题）",
                              "山东潍焦集团薛城能源有限公司违法信息", "门牌号码公示", "ABC", ""}) {
        CAPTURE(title);
        CHECK_FALSE(quality::is_document_number(title));
    }
}
