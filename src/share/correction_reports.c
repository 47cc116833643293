/* correction_reports.c - marks documents about subjects stale when what they were made from is corrected or withdrawn (correction.h, promise 5). */
#include "share/correction_impl.h"

#include <stdlib.h>
#include <string.h>

/* Documents that may be concerned: not stale yet, made from the resource, while what was corrected was still handed out. */
#define CONCERNED                                                                                             \
    " FROM report r JOIN report_source o ON o.report = r.number AND o.resource = $1 WHERE r.stale_at IS NULL" \
    " AND r.issued_at >= $2 AND r.issued_at <= $3"

struct names {
    char (*list)[LL_PSEUDONYM_TEXT];
    size_t n, room;
};

static int by_subject(const void *key, const void *entry)
{
    return strcmp(key, ((const struct ll_changed *)entry)->subject);
}

static bool keep(struct names *k, const char *subject)
{
    if (k->n == k->room) {
        size_t room = k->room ? k->room * 2 : 64;
        char(*more)[LL_PSEUDONYM_TEXT] = realloc(k->list, room * sizeof *more);
        if (!more)
            return false;
        k->list = more;
        k->room = room;
    }
    memcpy(k->list[k->n++], subject, LL_PSEUDONYM_TEXT);
    return true;
}

/* Subjects of such documents that are among what changed. */
static int find(struct ll_txn *tx, const struct ll_notice *notice, const struct ll_changed_list *changed,
                struct names *found, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int more = 0,
        rc = ll_sql(
            tx,
            "SELECT DISTINCT s.subject FROM report_subject s WHERE s.report IN (SELECT r.number" CONCERNED
            ")",
            &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, notice->resource);
    ll_bind_int(s, 2, notice->got_after);
    ll_bind_int(s, 3, notice->got_before);
    while (rc == LL_OK && (more = ll_step(s, err)) > 0) {
        struct ll_str name = ll_col_text(s, 0);
        char subject[LL_PSEUDONYM_TEXT] = "";
        if (name.n >= sizeof subject)
            continue;
        memcpy(subject, name.p, name.n);
        if (bsearch(subject, changed->list, changed->n, sizeof *changed->list, by_subject) &&
            !keep(found, subject))
            rc = ll_no_memory(err);
    }
    ll_stmt_done(s);
    return rc < 0 ? rc : more;
}

int ll_correction_reports(struct ll_txn *tx, const struct ll_notice *notice,
                          const struct ll_changed_list *changed, struct ll_err *err)
{
    struct names found = {NULL, 0, 0};
    int rc;

    if (notice->whole || changed->over)
        return ll_exec(tx, err,
                       "UPDATE report SET stale_at = $4 WHERE number IN (SELECT r.number" CONCERNED ")",
                       "ziii", notice->resource, notice->got_after, notice->got_before, notice->at);
    rc = find(tx, notice, changed, &found, err);
    for (size_t i = 0; i < found.n && rc == LL_OK; i++)
        rc = ll_exec(
            tx, err,
            "UPDATE report SET stale_at = $4 WHERE number IN (SELECT report FROM report_subject WHERE subject"
            " = $5) AND number IN (SELECT r.number" CONCERNED ")",
            "ziiiz", notice->resource, notice->got_after, notice->got_before, notice->at, found.list[i]);
    free(found.list);
    return rc;
}
