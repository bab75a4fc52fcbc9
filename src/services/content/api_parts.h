// What the endpoints of content share. Internal to this folder.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "content/check.h"
#include "content/content.h"
#include "content/content_json.h"
#include "content/events.h"
#include "content/markup.h"

namespace mingxin::content {

using Shared = std::shared_ptr<const Desk>;

std::vector<api::Endpoint> column_endpoints(Shared desk);
std::vector<api::Endpoint> article_endpoints(Shared desk);
std::vector<api::Endpoint> text_endpoints(Shared desk);
std::vector<api::Endpoint> review_endpoints(Shared desk);
std::vector<api::Endpoint> picture_endpoints(Shared desk);

/// Display names of accounts by principal; all accounts are read once.
class People {
  public:
    static Result<People> read(store::ReadTx& tx);
    /// The account's name where it has no other; "平台" for the operator of the command line.
    std::string name(std::string_view principal) const;
    void write(JsonWriter& json, std::string_view key, const std::vector<std::string>& principals) const;

  private:
    std::map<std::string, std::string, std::less<>> names_;
};

/// The members of a text as fields: of a body that is given, or of a reply.
std::vector<api::Field> text_fields(bool required_title);
std::vector<api::Field> finding_fields();
std::vector<api::Field> done_fields();
/// Of what text_fields() describe. Fault::content_malformed for a release time that is none.
Result<Text> read_text(const api::Input& in);

void write_done(JsonWriter& json, const Done& done);
api::Reply done_reply(const Done& done);
void write_findings(JsonWriter& json, const std::vector<Finding>& findings);

/// Frames of the pictures of a body, read at once; address: before their digests.
Result<Frames> frames_of(store::ReadTx& tx, std::string_view body, std::string address);
inline constexpr const char* kConsolePictures = "/api/v1/content/pictures/";

/// Whether this account may take the step that an article waits for, and why not.
struct Waiting {
    bool for_me = false;
    std::string why_not;  // it holds the permission, but took part already
};
Waiting waiting_for(const ArticleRow& article, const api::Principal& who);

}  // namespace mingxin::content
