// Must not compile with WRITE defined, and must without: ctest tries both.
#include "store/store.h"

mingxin::Result<void> attempt(mingxin::store::ReadTx& tx) {
    const mingxin::store::Sql sql{"attempt", "DELETE FROM subject"};
#ifdef WRITE
    TRY(tx.execute(sql));
#else
    TRY(tx.query(sql));
#endif
    return {};
}
