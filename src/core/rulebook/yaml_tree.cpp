#include "rulebook/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>

namespace mingxin::rulebook {

namespace {

constexpr std::size_t kDepthLimit = 32;

/// Thrown and caught in this file only: yaml-cpp's event interface has no other way to stop.
struct TooDeep {
    int line;
};

/// Builds the tree from parser events: no intermediate node graph, and every node keeps its line.
class Builder : public YAML::EventHandler {
  public:
    explicit Builder(std::vector<YamlProblem>& problems) : problems_(problems) {}
    Tree take() { return std::move(root_); }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { add(Tree{Tree::Kind::null, line(mark)}); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        problem(mark, "不支持别名（*）");
        add(Tree{Tree::Kind::null, line(mark)});
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        refuse_extras(mark, tag, anchor);
        Tree tree{Tree::Kind::scalar, line(mark)};
        tree.text = value;
        add(std::move(tree));
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        refuse_extras(mark, tag, anchor);
        open(Tree{Tree::Kind::list, line(mark)});
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        refuse_extras(mark, tag, anchor);
        open(Tree{Tree::Kind::map, line(mark)});
    }
    void OnMapEnd() override { close(); }

  private:
    static int line(const YAML::Mark& mark) { return mark.line + 1; }
    void problem(const YAML::Mark& mark, std::string what) {
        problems_.push_back({line(mark), std::move(what)});
    }
    void refuse_extras(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
        if (anchor != 0) problem(mark, "不支持锚点（&）");
        if (!tag.empty() && tag != "?" && tag != "!") problem(mark, "不支持标签（!）");
    }
    void open(Tree tree) {
        if (open_.size() >= kDepthLimit) throw TooDeep{tree.line};
        open_.push_back({std::move(tree), false, {}});
    }
    void close() {
        Tree tree = std::move(open_.back().tree);
        open_.pop_back();
        add(std::move(tree));
    }
    /// In a map, nodes come as key, value, key, value.
    void add(Tree tree) {
        if (open_.empty()) {
            root_ = std::move(tree);
            return;
        }
        Frame& frame = open_.back();
        if (frame.tree.kind != Tree::Kind::map) {
            frame.tree.children.push_back(std::move(tree));
        } else if (!frame.have_key) {
            if (tree.kind != Tree::Kind::scalar) problems_.push_back({tree.line, "键必须是文字"});
            if (std::count(frame.tree.keys.begin(), frame.tree.keys.end(), tree.text) > 0) {
                problems_.push_back({tree.line, "键 " + tree.text + " 重复"});
            }
            frame.key = std::move(tree.text);
            frame.have_key = true;
        } else {
            frame.tree.keys.push_back(std::move(frame.key));
            frame.tree.children.push_back(std::move(tree));
            frame.have_key = false;
        }
    }

    struct Frame {
        Tree tree;
        bool have_key = false;
        std::string key;
    };
    std::vector<YamlProblem>& problems_;
    std::vector<Frame> open_;
    Tree root_;
};

}  // namespace

const Tree* Tree::find(std::string_view key) const {
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (keys[i] == key) return &children[i];
    }
    return nullptr;
}

std::string_view Tree::text_of(std::string_view key) const {
    const Tree* found = find(key);
    return found != nullptr ? std::string_view(found->text) : std::string_view();
}

Tree read_yaml(const std::string& content, std::vector<YamlProblem>& problems) {
    Builder builder(problems);
    try {
        std::istringstream stream(content);
        YAML::Parser parser(stream);
        if (!parser.HandleNextDocument(builder)) problems.push_back({1, "文件是空的"});
        Builder rest(problems);
        if (parser.HandleNextDocument(rest)) problems.push_back({1, "一个文件只能有一个YAML文档"});
    } catch (const YAML::Exception& error) {
        problems.push_back({std::max(error.mark.line + 1, 1), "不是正确的YAML：" + error.msg});
    } catch (const TooDeep& deep) {
        problems.push_back({deep.line, "嵌套过深"});
    }
    return builder.take();
}

}  // namespace mingxin::rulebook
