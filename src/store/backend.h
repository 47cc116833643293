/* backend.h - what a driver of the control database provides.  Only store.c and the drivers include this. */
#ifndef LL_STORE_BACKEND_H
#define LL_STORE_BACKEND_H

#include "store/store.h"

#define LL_STORE_MAGIC 0x4c4c5354u
#define LL_TXN_MAGIC 0x4c4c5458u
#define LL_STMT_MAGIC 0x4c4c534du

struct ll_store_backend {
    const char *scheme;
    int (*open)(struct ll_store **ret, const struct ll_store_opts *o, struct ll_err *err);
    void (*close)(struct ll_store *st);
    /* The newest schema step applied, and one more with its number, inside a write transaction. */
    int (*schema_version)(struct ll_txn *tx, int *ret, struct ll_err *err);
    int (*schema_step)(struct ll_txn *tx, int step, const char *script, struct ll_err *err);
    void (*stamp)(struct ll_store *st, struct ll_store_stamp *ret);
    int (*begin)(struct ll_store *st, bool write, struct ll_txn **ret, struct ll_err *err);
    int (*commit)(struct ll_txn *tx, struct ll_err *err);
    void (*end)(struct ll_txn *tx);
    int64_t (*changes)(struct ll_txn *tx);
    int (*sql)(struct ll_txn *tx, const char *sql, struct ll_stmt **ret, struct ll_err *err);
    void (*bind_int)(struct ll_stmt *s, int at, int64_t v);
    void (*bind_text)(struct ll_stmt *s, int at, struct ll_str v); /* v.p NULL: NULL */
    int (*step)(struct ll_stmt *s, struct ll_err *err);
    int64_t (*col_int)(struct ll_stmt *s, int at);
    struct ll_str (*col_text)(struct ll_stmt *s, int at);
    bool (*col_null)(struct ll_stmt *s, int at);
    void (*done)(struct ll_stmt *s);
};

/* A driver's own structs begin with these. */
struct ll_store {
    unsigned magic;
    const struct ll_store_backend *be;
};
struct ll_txn {
    unsigned magic;
    const struct ll_store_backend *be;
};
struct ll_stmt {
    unsigned magic;
    const struct ll_store_backend *be;
};

extern const struct ll_store_backend ll_store_sqlite;

#endif
