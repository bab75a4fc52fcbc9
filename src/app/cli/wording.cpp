#include "cli/wording.h"

#include <CLI/CLI.hpp>
#include <charconv>

namespace mingxin::cli {

namespace {

constexpr std::size_t kLeftColumn = 28;

// In columns of a terminal: an ideograph takes two.
std::size_t width(std::string_view text) {
    std::size_t columns = 0;
    for (unsigned char c : text) {
        if (c < 0x80) ++columns;
        if (c >= 0xC0) columns += 2;
    }
    return columns;
}

std::string two_columns(std::string left, const std::string& right) {
    left.insert(0, "  ");
    left.append(width(left) < kLeftColumn ? kLeftColumn - width(left) : 1, ' ');
    return left + right + "\n";
}

std::string call_of(const CLI::App* app) {
    const CLI::App* parent = app->get_parent();
    return (parent ? call_of(parent) + " " : std::string()) + app->get_name();
}

std::string usage_of(const CLI::App* app) {
    std::string out = call_of(app) + " [选项]";
    for (const CLI::Option* option : app->get_options()) {
        if (!option->get_positional()) continue;
        std::string name = option->get_name(true);
        if (option->get_items_expected_max() > 1) name += "...";
        out += option->get_required() ? " " + name : " [" + name + "]";
    }
    if (!app->get_subcommands([](const CLI::App*) { return true; }).empty()) out += " 命令";
    return out;
}

class Help : public CLI::Formatter {
  public:
    std::string make_usage(const CLI::App* app, std::string) const override {
        return "用法：" + usage_of(app) + "\n";
    }
    std::string make_group(std::string, bool positional,
                           std::vector<const CLI::Option*> options) const override {
        std::string out = positional ? "\n参数：\n" : "\n选项：\n";
        for (const CLI::Option* option : options) out += make_option(option, positional);
        return out;
    }
    std::string make_option(const CLI::Option* option, bool positional) const override {
        std::string left = positional ? option->get_name(true) : option->get_name(false, true);
        if (!positional && option->get_items_expected_max() > 0) left += " 值";
        std::string right = option->get_description();
        if (option->get_required()) right += "（必填）";
        if (!option->get_default_str().empty()) right += "（缺省 " + option->get_default_str() + "）";
        return two_columns(std::move(left), right);
    }
    std::string make_subcommand(const CLI::App* command) const override {
        return two_columns(command->get_name(), command->get_description());
    }
    std::string make_subcommands(const CLI::App* app, CLI::AppFormatMode) const override {
        std::string out;
        for (const CLI::App* command : app->get_subcommands([](const CLI::App*) { return true; })) {
            out += make_subcommand(command);
        }
        return out.empty() ? out : "\n命令（" + call_of(app) + " 命令 --help 显示各自的说明）：\n" + out;
    }
};

/// The command that was meant, as far as the call got.
const CLI::App* meant(const CLI::App& app) {
    const CLI::App* command = &app;
    for (auto given = command->get_subcommands(); !given.empty(); given = command->get_subcommands()) {
        command = given.front();
    }
    return command;
}

std::string list_zh(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : "、") + word;
    return out;
}

std::string quoted(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += "“" + word + "”";
    return out;
}

std::vector<std::string> commands_of(const CLI::App* app) {
    std::vector<std::string> names;
    for (const CLI::App* command : app->get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(command->get_name());
    }
    return names;
}

// What is too much in the call and what it lacks; empty when something else is wrong.
std::vector<std::string> surplus_and_missing(const CLI::App& app) {
    const CLI::App* command = meant(app);
    std::vector<std::string> said, options, words;
    for (const std::string& word : app.remaining(true))
        (word.starts_with('-') ? options : words).push_back(word);
    const std::vector<std::string> commands = commands_of(command);
    if (!options.empty()) said.push_back("不认识选项" + quoted(options));
    if (!words.empty() && commands.empty())
        said.push_back("多出了" + quoted(words) + "，含空格的内容请加引号");
    if (!commands.empty()) {
        said.push_back((words.empty() ? "没有写命令" : "没有命令“" + words.front() + "”") + "，现有 " +
                       list_zh(commands));
    }
    std::vector<std::string> missing;
    for (const CLI::Option* option : command->get_options()) {
        if (option->get_required() && option->count() == 0) {
            missing.push_back(option->get_name() + "（" + option->get_description() + "）");
        }
    }
    if (!missing.empty()) said.push_back("缺少 " + list_zh(missing));
    return said;
}

}  // namespace

void set_wording(CLI::App& app) {
    app.formatter(std::make_shared<Help>());
    app.set_help_flag("-h,--help", "显示说明");
}

void check_number(CLI::Option& option, std::int64_t least, std::int64_t most) {
    const std::string wanted = most == INT64_MAX
                                   ? "应为不小于" + std::to_string(least) + "的整数"
                                   : "应为" + std::to_string(least) + "至" + std::to_string(most) + "的整数";
    option.check(CLI::Validator(
        [=](std::string& text) {
            std::int64_t value = 0;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
            const bool whole = error == std::errc{} && end == text.data() + text.size();
            if (whole && value >= least && value <= most) return std::string();
            return wanted + "，所写为“" + text + "”";
        },
        "", "number"));
}

void check_word(CLI::Option& option, std::vector<std::string> words) {
    option.check(CLI::Validator(
        [words = std::move(words)](std::string& text) {
            for (const std::string& word : words) {
                if (text == word) return std::string();
            }
            return "应为 " + list_zh(words) + " 之一，所写为“" + text + "”";
        },
        "", "word"));
}

Error call_error(const CLI::App& app, const CLI::ParseError& thrown) {
    const auto kind = static_cast<CLI::ExitCodes>(thrown.get_exit_code());
    const std::string text = thrown.what();
    const std::string option = text.substr(0, text.find(':'));
    std::string said;
    if (kind == CLI::ExitCodes::RequiredError || kind == CLI::ExitCodes::ExtrasError) {
        for (const std::string& one : surplus_and_missing(app)) said += (said.empty() ? "" : "；") + one;
    } else if (kind == CLI::ExitCodes::ValidationError) {
        // Our own validators speak Chinese; the library puts the option before.
        said = option + text.substr(std::min(text.size(), option.size() + 1));
    } else if (kind == CLI::ExitCodes::ArgumentMismatch) {
        said = option.starts_with('-') ? option + " 后面缺少它的值" : "选项的值多了或少了";
    } else {
        said = "选项的写法不正确";
    }
    return Error{Fault::bad_argument, said, text};
}

std::string usage_zh(const CLI::App& app) {
    const CLI::App* command = meant(app);
    return "用法：" + usage_of(command) + "（说明：" + call_of(command) + " --help）";
}

}  // namespace mingxin::cli
