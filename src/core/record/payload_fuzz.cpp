// Rows and batches as the journal keeps them, of any bytes: refused or read; what was read encodes to what
// reads the same again.
#include <cstdlib>

#include "record/record.h"

using namespace mingxin;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::shared_ptr<const rulebook::Rulebook> rules = [] {
        auto loaded = rulebook::Rulebook::load("rules");
        if (!loaded.ok()) std::abort();  // run from the root of the sources
        return *loaded;
    }();
    if (size == 0) return 0;
    std::string_view payload(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto outcome = static_cast<record::Outcome>(1 + data[0] % 5);
    if (const auto entry = record::decode(outcome, payload, *rules); entry.ok()) {
        std::string once, twice;
        record::encode(*entry, once);
        const auto again = record::decode(outcome, once, *rules);
        if (!again.ok()) std::abort();
        record::encode(*again, twice);
        if (once != twice) std::abort();
    }
    record::values_part(payload);
    journal::Event event;
    event.kind = record::kBatchKind;
    event.payload = payload;
    if (const auto batch = record::decode_batch(event); batch.ok()) {
        event.payload = record::encode_batch(*batch);
        if (!record::decode_batch(event).ok()) std::abort();
    }
    return 0;
}
