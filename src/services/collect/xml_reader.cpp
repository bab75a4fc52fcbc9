#include "collect/xml_reader.h"

#include <expat.h>

#include "base/check.h"

namespace mingxin::collect {
namespace {

constexpr int block_bytes = 64 * 1024;
constexpr int most_depth = 64;
constexpr XML_Index most_token_bytes = 4 << 20;  // a tag or comment; Expat keeps it whole in memory

std::string_view local_name(const char* name) {
    std::string_view view(name);
    auto colon = view.find(':');
    return colon == view.npos ? view : view.substr(colon + 1);
}

}  // namespace

struct XmlReader::Impl {
    ZipStream stream;
    Handler& handler;
    XML_Parser parser;
    std::optional<Error> refusal;
    bool paused = false, finished = false, last_fed = false;
    int depth = 0;
    XML_Index fed = 0;

    Impl(ZipStream s, Handler& h) : stream(std::move(s)), handler(h), parser(XML_ParserCreate(nullptr)) {
        CHECK(parser != nullptr);
        XML_SetUserData(parser, this);
        XML_SetElementHandler(parser, on_start, on_end);
        XML_SetCharacterDataHandler(parser, on_text);
        XML_SetStartDoctypeDeclHandler(parser, on_doctype);
    }
    ~Impl() { XML_ParserFree(parser); }

    static Impl& of(void* self) { return *static_cast<Impl*>(self); }
    static void on_start(void* self, const char* name, const char** attributes) {
        Impl& x = of(self);
        if (x.refusal) return;
        if (++x.depth > most_depth)
            return x.refuse(fail(Fault::damaged_workbook, "部件 " + x.stream.name() + " 嵌套过深"));
        x.handler.start(local_name(name), attributes);
    }
    static void on_end(void* self, const char* name) {
        Impl& x = of(self);
        --x.depth;
        if (!x.refusal) x.handler.end(local_name(name));
    }
    static void on_text(void* self, const char* piece, int length) {
        Impl& x = of(self);
        if (!x.refusal) x.handler.text({piece, static_cast<std::size_t>(length)});
    }
    static void on_doctype(void* self, const char*, const char*, const char*, int) {
        of(self).refuse(fail(Fault::forbidden_xml, "部件 " + of(self).stream.name()));
    }

    void refuse(tl::unexpected<Error> error) {
        if (refusal) return;
        refusal = std::move(error.value());
        XML_StopParser(parser, XML_FALSE);
    }

    Result<void> judge(XML_Status status) {
        if (refusal) return fail(*refusal);
        if (status == XML_STATUS_ERROR) {
            return fail(Fault::damaged_workbook, "部件 " + stream.name() + " 的内容不正确",
                        XML_ErrorString(XML_GetErrorCode(parser)));
        }
        if (status == XML_STATUS_OK && !finished) {
            XML_Index at = XML_GetCurrentByteIndex(parser);
            if (at >= 0 && fed - at > most_token_bytes) {
                return fail(Fault::damaged_workbook, "部件 " + stream.name() + " 中有过长的标记");
            }
        }
        return {};
    }
};

XmlReader::XmlReader(ZipStream stream, Handler& handler)
    : impl_(std::make_unique<Impl>(std::move(stream), handler)) {}
XmlReader::~XmlReader() = default;

Result<void> XmlReader::run() {
    Impl& x = *impl_;
    if (x.refusal) return fail(*x.refusal);
    if (x.finished) return {};
    if (x.paused) {
        x.paused = false;
        XML_Status status = XML_ResumeParser(x.parser);
        if (x.last_fed && status == XML_STATUS_OK) x.finished = true;
        TRY(x.judge(status));
    }
    while (!x.paused && !x.finished) {
        void* block = XML_GetBuffer(x.parser, block_bytes);
        CHECK(block != nullptr);
        auto got = TRY(x.stream.read(static_cast<char*>(block), block_bytes));
        x.fed += static_cast<XML_Index>(got);
        x.last_fed = got == 0;
        XML_Status status = XML_ParseBuffer(x.parser, static_cast<int>(got), x.last_fed);
        if (x.last_fed && status == XML_STATUS_OK) x.finished = true;
        TRY(x.judge(status));
    }
    return {};
}

bool XmlReader::finished() const {
    return impl_->finished;
}

void XmlReader::pause() {
    impl_->paused = true;
    XML_StopParser(impl_->parser, XML_TRUE);
}

void XmlReader::refuse(tl::unexpected<Error> error) {
    impl_->refuse(std::move(error));
}

double XmlReader::progress() const {
    return impl_->stream.progress();
}

std::string_view xml_attribute(XmlAttributes attributes, std::string_view name) {
    for (; *attributes != nullptr; attributes += 2) {
        if (local_name(attributes[0]) == name) return attributes[1];
    }
    return {};
}

}  // namespace mingxin::collect
