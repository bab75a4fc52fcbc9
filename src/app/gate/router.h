// Finds the endpoint of a path. Built once; then thread-safe.
#pragma once
#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.h"

namespace mingxin::gate {

class Router {
  public:
    static constexpr std::size_t kParameters = 4;
    struct Match {
        int get = -1, post = -1;                             // indexes into the endpoints; -1: none
        std::array<std::string_view, kParameters> values{};  // of {parameters}, still percent-encoded
        std::size_t value_count = 0;
        bool found() const { return get >= 0 || post >= 0; }
    };
    /// Two endpoints with the same method and path are a bug (CHECK).
    explicit Router(std::span<const api::Endpoint> endpoints);
    ~Router();
    /// path: the target up to "?". A fixed segment goes before a parameter; there is no way back.
    Match find(std::string_view path) const;

  private:
    struct Node;
    std::unique_ptr<Node> root_;
};

/// The names of the {parameters} of a path, in order.
std::vector<std::string_view> path_parameters(std::string_view path);

}  // namespace mingxin::gate
