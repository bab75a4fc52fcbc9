// Columns and articles of the invented county: what its credit office would write. Persons and firms in them
// are invented; agencies are filled in by the caller, who knows the county's subjects. Pure.
#pragma once
#include <string>
#include <vector>

namespace mingxin::demo {

struct DemoColumn {
    const char *slug, *name, *name_en, *kind, *about, *about_en;
    bool on_home;
    std::vector<std::string> items;
};

struct DemoArticle {
    const char *column, *title, *summary, *body;
    std::vector<std::pair<const char*, const char*>> facts;
    const char *event_from = "", *event_to = "";  // "06-14" of the year of demonstration
    bool yearly = false;
    const char* consent = "";
    const char *correction = "", *corrected_body = "";  // a second version, and why
};

std::vector<DemoColumn> demo_columns();
/// In the order in which they were released. Bodies are in the markup of docs/content.md.
std::vector<DemoArticle> demo_articles();
/// Written but not released: for the reviewers of the demonstration.
std::vector<DemoArticle> demo_submissions();

}  // namespace mingxin::demo
