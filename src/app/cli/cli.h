// The command line. Parses, runs one command, prints errors as code, what is wrong and the remedy.
#pragma once

namespace mingxin::cli {
/// Exit status: 0 done, 1 verify or rebuild found damage, 2 the call is wrong or was refused.
int run(int argc, char** argv);
}  // namespace mingxin::cli
