/* handle_journal.c - the journal as outsiders read it: the files of C2SP tlog-tiles under /journal/, and proofs; and as those look
 * through it who oversee the platform. */
#include "http/app.h"
#include "http/look.h"
#include "http/request.h"
#include "routes.gen.h"

#include "journal/policy.h"
#include "journal/tile.h"
#include "share/entries.h"

#include <inttypes.h>

enum { DAY_MS = 86400000, DAY_TEXT = 10 };

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

/* --- looking through it ------------------------------------------------------------------------------------------------- */

static int entries_of(struct ll_app *app, struct ll_entries *ret, struct ll_err *err)
{
    ret->st = ll_data_store(app->data);
    ret->ledger = ll_gateway_ledger(app->gateway);
    return journal_of(app, &ret->journal, err);
}

/* A day is meant to its end. */
static int64_t end_of(const struct ll_arg *to)
{
    return !to->given ? INT64_MAX : to->s.n == DAY_TEXT ? to->i + DAY_MS - 1 : to->i;
}

/* What asks for contents is for those who may see them, and they are seen to (look.h). */
static int read_query(const struct ll_request *rq, struct ll_entries_query *q, struct ll_err *err)
{
    const struct ll_permission *contents = ll_permission_find("journal.contents");
    const struct ll_arg *type = ll_arg(rq, LL_P_JOURNAL_LIST_TYPE),
                        *organisation = ll_arg(rq, LL_P_JOURNAL_LIST_ORGANISATION),
                        *subject = ll_arg(rq, LL_P_JOURNAL_LIST_SUBJECT),
                        *from = ll_arg(rq, LL_P_JOURNAL_LIST_FROM),
                        *before = ll_arg(rq, LL_P_JOURNAL_LIST_BEFORE);

    *q = (struct ll_entries_query){.contents = ll_may(&rq->actor, contents),
                                   .typed = type->given,
                                   .subject = subject->given ? subject->s.p : NULL,
                                   .from_ms = from->given ? from->i : INT64_MIN + DAY_MS,
                                   .to_ms = end_of(ll_arg(rq, LL_P_JOURNAL_LIST_TO)),
                                   .before = before->given ? before->i : INT64_MAX,
                                   .limit = (size_t)ll_arg(rq, LL_P_JOURNAL_LIST_LIMIT)->i};
    if (type->given && !ll_entry_type_find(type->s, &q->type))
        return ll_fail(err, LL_USAGE, "没有“%s”类条目", "there are no entries of type '%s'", type->s.p);
    if (organisation->given)
        q->organisation = organisation->s;
    return q->organisation.n || q->subject ? ll_may_or_fail(&rq->actor, contents, err) : LL_OK;
}

int ll_h_journal_list(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_entries_query q;
    struct ll_entries of;
    int rc = read_query(rq, &q, err);

    if (rc < 0 || (rc = entries_of(app, &of, err)) < 0 ||
        (rc = ll_entries_put(&of, &q, &rq->json, err)) < 0 || !q.contents)
        return rc;
    rq->looked_into = q.subject;
    rq->looked_at = q.organisation.n ? q.organisation.p : NULL;
    return ll_look_entry(rq, err);
}

int ll_h_journal_contents(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    struct ll_entries of;
    int rc = entries_of(app, &of, err);

    rq->looked_entry = &ll_arg(rq, LL_P_JOURNAL_CONTENTS_INDEX)->i;
    return rc < 0 ? rc : ll_entry_contents_put(&of, (uint64_t)*rq->looked_entry, &rq->json, err);
}

int ll_h_journal_policy(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    char path[LL_PATH];
    int rc = ll_data_path(app->data, path, err, "journal/policy");

    rq->type = "text/plain; charset=utf-8";
    return rc < 0 ? rc : ll_fs_read(path, LL_POLICY_MAX * 4, &rq->out, err);
}
