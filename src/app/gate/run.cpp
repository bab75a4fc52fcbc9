#include "base/json.h"
#include "gate/decode.h"
#include "gate/gate_impl.h"
#include "journal/journal.h"

namespace mingxin::gate {

void Gate::Impl::run(Exchange exchange) {
    if (exchange.session && exchange.session->needs_touch) {
        touch_session(exchange);
    }
    if (std::holds_alternative<api::WriteHandler>(exchange.endpoint->handler)) {
        run_write(std::move(exchange));
    } else if (std::holds_alternative<api::LongHandler>(exchange.endpoint->handler)) {
        run_long(std::move(exchange));
    } else if (database.engine() == store::Engine::postgresql || exchange.endpoint->lengthy) {
        auto kept = std::make_shared<Exchange>(std::move(exchange));
        if (!workers.submit([this, kept] { run_read(std::move(*kept)); })) {
            answer(*kept, fail(Fault::busy));
        }
    } else {
        run_read(std::move(exchange));
    }
}

void Gate::Impl::run_read(Exchange exchange) {
    const auto& handler = std::get<api::ReadHandler>(exchange.endpoint->handler);
    Result<api::Reply> reply = guarded([&]() -> Result<api::Reply> {
        store::ReadTx tx = TRY(database.read());
        return handler(exchange.call(), exchange.input, tx);
    });
    if (exchange.endpoint->audit == api::Audit::event && reply.ok()) {
        return finish_audited(std::make_shared<Exchange>(std::move(exchange)), std::move(reply));
    }
    answer(exchange, std::move(reply));
}

void Gate::Impl::run_write(Exchange moved) {
    auto exchange = std::make_shared<Exchange>(std::move(moved));
    auto reply = std::make_shared<Result<api::Reply>>();
    auto work = [this, exchange, reply](store::Tx& tx) -> Result<void> {
        *reply = guarded([&] {
            return std::get<api::WriteHandler>(exchange->endpoint->handler)(exchange->call(), exchange->input,
                                                                            tx);
        });
        if (!reply->ok()) {
            return fail(reply->error());
        }
        return exchange->endpoint->audit == api::Audit::event ? append_audit(tx, *exchange) : Result<void>{};
    };
    writer.submit(work, [this, exchange, reply](Result<void> written) {
        answer(*exchange, written.ok() ? std::move(*reply) : Result<api::Reply>(fail(written.error())));
    });
}

void Gate::Impl::run_long(Exchange moved) {
    auto exchange = std::make_shared<Exchange>(std::move(moved));
    bool taken = workers.submit([this, exchange] {
        Result<api::Reply> reply = guarded([&] {
            return std::get<api::LongHandler>(exchange->endpoint->handler)(exchange->call(), exchange->input);
        });
        if (exchange->endpoint->audit == api::Audit::event && reply.ok()) {
            return finish_audited(exchange, std::move(reply));
        }
        answer(*exchange, std::move(reply));
    });
    if (!taken) {
        answer(*exchange, fail(Fault::busy));
    }
}

/// The reply leaves only when its event is durable.
void Gate::Impl::finish_audited(std::shared_ptr<Exchange> exchange, Result<api::Reply> reply) {
    auto kept = std::make_shared<Result<api::Reply>>(std::move(reply));
    writer.submit([this, exchange](store::Tx& tx) { return append_audit(tx, *exchange); },
                  [this, exchange, kept](Result<void> written) {
                      answer(*exchange,
                             written.ok() ? std::move(*kept) : Result<api::Reply>(fail(written.error())));
                  });
}

Result<void> Gate::Impl::append_audit(store::Tx& tx, const Exchange& exchange) const {
    JsonWriter payload;
    payload.begin_object();
    for (const api::Field& field : exchange.endpoint->in) {
        if (field.audited && exchange.input.has(field.name)) {
            payload.field(field.name, exchange.input.text(field.name));
        }
    }
    payload.end_object();
    TRY(journal::append(tx,
                        {.kind = exchange.endpoint->id,
                         .principal = exchange.principal().name,
                         .payload = payload.take(),
                         .rulebook = options.rulebook_digest},
                        exchange.now));
    return {};
}

void Gate::Impl::touch_session(const Exchange& exchange) {
    std::string id = exchange.session->principal.session_id;
    writer.submit([id, now = exchange.now](store::Tx& tx) { return access::touch(tx, id, now); },
                  [](const Result<void>&) {});
}

}  // namespace mingxin::gate
