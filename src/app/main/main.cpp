#include "cli/cli.h"

int main(int argc, char** argv) {
    return mingxin::cli::run(argc, argv);
}
