#include "store/connection.h"

#include "store/ddl.h"

namespace mingxin::store {

BulkLoader::Impl::Impl(Connection& connection) : connection(connection) {
    ++connection.open_loaders;
}

BulkLoader::Impl::~Impl() {
    if (!finished) {
        --connection.open_loaders;
        connection.set_failed(true);
    }
}

const std::string& Connection::insert_text(const Table& table) {
    for (const auto& [name, text] : insert_texts_) {
        if (name == table.name) {
            return text;
        }
    }
    return insert_texts_.emplace_back(table.name, insert_sql(table)).second;
}

}  // namespace mingxin::store
