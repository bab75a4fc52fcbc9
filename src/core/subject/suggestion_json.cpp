#include "subject/suggestion_json.h"

namespace mingxin::subject {

using api::FieldType;
using api::Where;

std::vector<api::Field> suggestion_fields() {
    return {{"code", FieldType::text, "统一社会信用代码", "unified social credit code", true},
            {"name", FieldType::text, "名称", "name", true},
            {"likeness", FieldType::number, "相似程度，0至1，1为名称相同", "0 to 1; 1: the same name", true},
            {"matched_name", FieldType::text, "与所给名称最相近的名称：登记名称或曾用名",
             "the nearest name: the registered or a former one", true},
            {"former", FieldType::boolean, "最相近的是否为曾用名", "whether that is a former name", true},
            {"differences",
             FieldType::list,
             "不同的字，依次列出；名称相同时为空",
             "differing characters in order; empty when the names are the same",
             true,
             Where::query,
             "",
             {{"asked", FieldType::text, "所给名称中的字，可能为空", "in the given name, may be empty", true},
              {"known", FieldType::text, "最相近的名称中的字，可能为空", "in the nearest name, may be empty",
               true}}},
            {"reason", FieldType::text, "为什么提出它，一句话", "why it is proposed, one sentence in Chinese",
             true}};
}

void write_suggestion(JsonWriter& json, const Suggestion& one) {
    json.field("code", one.subject.code).field("name", one.subject.name);
    json.key("likeness").decimal(one.likeness, 2);
    json.field("matched_name", one.name).field("former", one.former);
    json.key("differences").begin_array();
    for (const Difference& difference : one.differences) {
        json.begin_object().field("asked", difference.asked).field("known", difference.known).end_object();
    }
    json.end_array().field("reason", one.reason_zh);
}

}  // namespace mingxin::subject
