/* handle_journal.c - the journal as outsiders read it: the files of C2SP tlog-tiles under /journal/, and proofs. */
#include "http/app.h"
#include "http/request.h"
#include "routes.gen.h"

#include "journal/journal.h"
#include "journal/tile.h"
#include "share/journaling.h"

#include <inttypes.h>

static int journal_of(struct ll_app *app, struct ll_journal **ret, struct ll_err *err)
{
    if (!app->journaling)
        return ll_fail(err, LL_BUSY, "日志由另一个进程持有", "another process has the journal");
    *ret = ll_journaling_journal(app->journaling);
    return LL_OK;
}

/* The route's path below /journal/ with its parameters put in. */
static bool file_path(const struct ll_request *rq, char out[LL_TILE_PATH + 8])
{
    const char *p = rq->route->path + sizeof "/journal/" - 1;
    size_t at = 0, arg = 0;

    while (*p && at < LL_TILE_PATH + 7) {
        if (*p != '{') {
            out[at++] = *p++;
            continue;
        }
        struct ll_str value = ll_arg(rq, arg++)->s;
        if (value.n >= LL_TILE_PATH + 8 - at)
            return false;
        for (size_t i = 0; i < value.n; i++)
            out[at++] = value.p[i];
        while (*p && *p++ != '}')
            ;
    }
    out[at] = 0;
    return *p == 0;
}

int ll_h_journal_file(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_journal *j = NULL;
    char path[LL_TILE_PATH + 8];
    int rc = journal_of(app, &j, err);

    if (rc < 0)
        return rc;
    if (!file_path(rq, path))
        return ll_fail(err, LL_NOTFOUND, "日志没有这个文件", "the journal has no such file");
    return ll_journal_file(j, ll_str(path), &rq->out, &rq->type, &rq->immutable, err);
}

int ll_h_journal_proof(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_journal *j = NULL;
    int rc = journal_of(app, &j, err);

    rq->type = "text/plain; charset=utf-8";
    return rc < 0 ? rc
                  : ll_journal_proof(j, (uint64_t)ll_arg(rq, LL_P_JOURNAL_PROOF_INDEX)->i, &rq->out, err);
}

/* The entry as it was hashed, to the byte: what a proof is about. */
int ll_h_journal_entry(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_journal *j = NULL;
    int rc = journal_of(app, &j, err);

    return rc < 0
               ? rc
               : ll_journal_entry(j, (uint64_t)ll_arg(rq, LL_P_JOURNAL_ENTRY_INDEX)->i, &rq->out, NULL, err);
}
