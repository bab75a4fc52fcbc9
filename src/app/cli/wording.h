// What the command line says about itself: help, and what is wrong with a call. In Chinese; the library's own
// texts are never shown. Internal to cli.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace CLI {
class App;
class Option;
class ParseError;
}  // namespace CLI

namespace mingxin::cli {

/// Labels, groups and help of the app; called before commands are added, which inherit them.
void set_wording(CLI::App& app);
/// The option takes whole numbers from least to most.
void check_number(CLI::Option& option, std::int64_t least, std::int64_t most);
/// The option takes one of these words.
void check_word(CLI::Option& option, std::vector<std::string> words);
/// Fault::bad_argument with everything that is wrong with the call, after app.parse() threw.
Error call_error(const CLI::App& app, const CLI::ParseError& thrown);
/// "用法：mingxin due [选项] DATE N（说明：mingxin due --help）" of the command that was meant.
std::string usage_zh(const CLI::App& app);

}  // namespace mingxin::cli
