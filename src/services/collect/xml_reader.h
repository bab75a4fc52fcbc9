// Streams one XML part of a workbook through Expat with bounds: no DTD (hence no entities), bounded depth and
// token size. Not thread-safe.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "collect/zip_archive.h"

namespace mingxin::collect {

/// Pairs of attribute name and value, ended by nullptr.
using XmlAttributes = const char* const*;
/// The value of an attribute by its name without prefix; empty when absent.
std::string_view xml_attribute(XmlAttributes attributes, std::string_view name);

class XmlReader {
  public:
    /// Names come without a namespace prefix; texts in pieces, as UTF-8.
    class Handler {
      public:
        virtual ~Handler() = default;
        virtual void start(std::string_view name, XmlAttributes attributes) = 0;
        virtual void end(std::string_view name) = 0;
        virtual void text(std::string_view piece) = 0;
    };

    XmlReader(ZipStream stream, Handler& handler);
    ~XmlReader();
    XmlReader(const XmlReader&) = delete;

    /// Runs until the end of the part or until the handler pauses. Faults: what the handler refused,
    /// forbidden_xml, damaged_workbook, and the stream's.
    Result<void> run();
    bool finished() const;
    // Called from within the handler.
    void pause();
    void refuse(tl::unexpected<Error> error);

    double progress() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace mingxin::collect
