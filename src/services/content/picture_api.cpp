#include "base/file.h"
#include "content/api_parts.h"
#include "content/picture_file.h"

namespace mingxin::content {

using api::Audit;
using api::Call;
using api::Endpoint;
using api::Field;
using api::FieldType;
using api::Input;
using api::Method;
using api::Permission;
using api::Reply;
using api::Where;

namespace {

constexpr std::int64_t kMostRows = 200;

std::vector<Field> picture_fields() {
    return {{"id", FieldType::integer, "编号", "id", true},
            {"digest", FieldType::text, "摘要（SM3）", "digest (SM3)", true},
            {"type", FieldType::text, "image/png 或 image/jpeg", "media type", true},
            {"width", FieldType::integer, "宽（像素）", "width in pixels", true},
            {"height", FieldType::integer, "高（像素）", "height in pixels", true},
            {"bytes", FieldType::integer, "字节数", "bytes", true},
            {"alt", FieldType::text, "图片上有什么", "what is to be seen", true},
            {"source", FieldType::text, "来源", "where it is from", true},
            {"added", FieldType::text, "上传时间（UTC）", "uploaded (UTC)", true},
            {"by", FieldType::text, "上传人", "who uploaded it", true},
            {"shown", FieldType::boolean, "公开的文章是否使用", "whether something public holds it", true},
            {"url", FieldType::text, "在工作台中的地址", "address within the console", true}};
}

void write_picture(JsonWriter& json, const Picture& picture, const People& people) {
    json.begin_object().field("id", picture.id).field("digest", picture.digest).field("type", picture.type);
    json.field("width", picture.width).field("height", picture.height).field("bytes", picture.bytes);
    json.field("alt", picture.alt).field("source", picture.source);
    json.field("added", picture.added.to_string()).field("by", people.name(picture.added_by));
    json.field("shown", picture.shown).field("url", kConsolePictures + picture.digest).end_object();
}

Endpoint picture_add(Shared desk) {
    Endpoint endpoint(
        "picture.add", Method::post, "/api/v1/content/pictures", Permission::content_edit, Audit::metered,
        "上传图片（PNG 或 JPEG，5 MB 以内），拍摄地点等附加信息会被去掉",
        "Uploads a picture (PNG or JPEG, up to 5 MB); its metadata are taken out",
        {{"file", FieldType::file, "图片文件", "picture", true, Where::body},
         {"alt", FieldType::text, "图片上有什么，最多100字", "what is to be seen", true, Where::body,
          "宣传活动现场"},
         {"source", FieldType::text, "来源", "where it is from", false, Where::body, "县信用办"}},
        picture_fields(),
        api::WriteHandler([desk](const Call& call, const Input& in, store::Tx& tx) -> Result<Reply> {
            const auto upload = in.upload("file");
            if (!upload) return fail(Fault::field_missing, "图片文件（file）");
            auto file = read_file(upload->path, kPictureMost_bytes + 1);
            if (!file.ok()) return fail(Fault::picture_too_large, upload->file_name);
            const Picture picture = TRY(
                add_picture(tx, *desk, {call.principal, call.now}, *file, in.text("alt"), in.text("source")));
            JsonWriter json;
            write_picture(json, picture, TRY(People::read(tx)));
            return Reply::json(json.take());
        }));
    endpoint.body_limit_bytes = static_cast<std::int64_t>(kPictureMost_bytes) + (64 << 10);
    endpoint.refusals = {Fault::picture_unusable, Fault::picture_too_large, Fault::content_malformed,
                         Fault::content_rejected};
    return endpoint;
}

Endpoint picture_list() {
    Endpoint endpoint(
        "picture.list", Method::get, "/api/v1/content/pictures", Permission::content_view, Audit::metered,
        "列出图片，最近上传的在前", "Pictures, newest first",
        {{"before", FieldType::integer, "只列编号小于它的", "ids below this one", false, Where::query, "100"},
         {"limit", FieldType::integer, "最多几张（1至200）", "most pictures (1 to 200)", false, Where::query,
          "50"}},
        {{"pictures", FieldType::list, "图片", "pictures", true, Where::query, "", picture_fields()}},
        api::ReadHandler([](const Call& call, const Input& in, store::ReadTx& tx) -> Result<Reply> {
            const std::int64_t limit = in.integer("limit", 50);
            if (limit < 1 || limit > kMostRows) return fail(Fault::bad_argument, "limit 应为1至200");
            const People people = TRY(People::read(tx));
            JsonWriter json;
            json.begin_object().key("pictures").begin_array();
            for (const Picture& picture :
                 TRY(pictures(tx, in.integer("before", INT64_MAX), static_cast<int>(limit), call.now))) {
                write_picture(json, picture, people);
            }
            json.end_array().end_object();
            return Reply::json(json.take());
        }));
    endpoint.refusals = {Fault::bad_argument};
    return endpoint;
}

Endpoint picture_show() {
    Endpoint endpoint(
        "picture.show", Method::get, "/api/v1/content/pictures/{digest}", Permission::content_view,
        Audit::metered, "一张图片", "A picture",
        {{"digest", FieldType::text, "摘要", "digest", true, Where::path,
          "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"}},
        {}, api::ReadHandler([](const Call& call, const Input& in, store::ReadTx& tx) -> Result<Reply> {
            auto data = TRY(picture_data(tx, in.text("digest"), false, call.now));
            if (!data) return fail(Fault::picture_unknown, std::string(in.text("digest").substr(0, 64)));
            Reply reply;
            reply.content_type = data->type;
            reply.body = std::move(data->bytes);
            return reply;
        }));
    endpoint.reply_type = "image/*";
    endpoint.refusals = {Fault::picture_unknown};
    return endpoint;
}

}  // namespace

std::vector<Endpoint> picture_endpoints(Shared desk) {
    std::vector<Endpoint> all;
    all.push_back(picture_add(desk));
    all.push_back(picture_list());
    all.push_back(picture_show());
    return all;
}

}  // namespace mingxin::content
