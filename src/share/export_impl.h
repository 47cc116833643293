/* export_impl.h - what the parts of export.h share: export.c keeps the rows of the control database, export_rows.c reads the records of a
 * grant, export_run.c makes the file, export_fetch.c opens it. */
#ifndef LL_SHARE_EXPORT_IMPL_H
#define LL_SHARE_EXPORT_IMPL_H

#include "crypto/hash.h"
#include "intake/data.h"
#include "share/consent.h"
#include "share/export.h"
#include "share/gateway_impl.h"

/* Stands where a delivery has its resource: no pack can have one of this name. */
#define LL_EXPORT_SEALED_AS "ll_exports"

int ll_export_path(const struct ll_data *d, const char *id, const char *end, char out[LL_PATH],
                   struct ll_err *err);

/* "service", "service_version" of an entry; nothing where it was asked for by the resource's name. */
void ll_export_put_service(const struct ll_export *e, struct ll_json *j);

/* One subject or one consent of an export, gathered while it is made. */
struct ll_export_list {
    char *texts; /* n of `width` bytes */
    size_t n, room, width;
};
bool ll_export_list_add(struct ll_export_list *l, const char *text);
void ll_export_list_unique(struct ll_export_list *l);
static inline const char *ll_export_list_at(const struct ll_export_list *l, size_t i)
{
    return l->texts + i * l->width;
}

/* The records that a gate lets out, as rows of text cells. */
struct ll_export_rows {
    struct ll_rows rows; /* first: writers know us by it */
    struct ll_gate *gate;
    bool lines; /* one cell a row: a line of JSON */
    /* Called before a record every now and then; < 0 ends the rows. */
    int (*tick)(void *ctx, uint64_t rows, struct ll_err *err);
    void *ctx;

    struct ll_export_list subjects, consents;
    uint64_t n; /* rows given */
    uint64_t
        left_out[LL_CONSENT_COVERS + 1]; /* by enum ll_consent_refusal; the last: nobody who could consent */
    struct ll_arena *scratch;            /* of one record */
    struct ll_buf text;
    struct ll_str *cells;
    size_t *starts;
    struct ll_txn *read; /* for consents */
    uint64_t since_tick;
    int rc; /* what the rows ended with; writers may have another word for it */
    struct ll_err err;
};

int ll_export_rows_open(struct ll_export_rows *r, struct ll_gate *gate, bool lines,
                        struct ll_err *err) LL_MUST;
void ll_export_rows_close(struct ll_export_rows *r);
/* {"consent_none": 3}; reasons without a record are not there. */
void ll_export_left_out(const struct ll_export_rows *r, struct ll_buf *out, uint64_t *ret_total);

#endif
