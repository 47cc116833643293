/* effect.c - what the recorded events of loans show (loan.h): counts by grade, and days from application to money with and without the platform. */
#include "apps/rural/loan.h"

#include "store/store.h"

#include <stdlib.h>
#include <string.h>

enum { DAYS_MAX = 1000000 };

/* A row a loan: what became of it.  $1 organisation, $2 region and what follows it, $3 $4 days of the application. */
#define LOANS                                                                                                                        \
    "WITH e AS (SELECT organisation, reference, count(*) AS events,"                                                                 \
    " max(CASE WHEN event = 'refused' THEN 1 ELSE 0 END) AS refused, max(CASE WHEN event = 'granted' THEN 1 ELSE 0 END) AS granted," \
    " max(CASE WHEN event = 'lent' THEN 1 ELSE 0 END) AS lent, sum(CASE WHEN event = 'lent' THEN fen ELSE 0 END) AS fen,"            \
    " min(CASE WHEN event = 'lent' THEN day END) AS lent_day, max(coalesce(overdue_days, 0)) AS overdue"                             \
    " FROM rural_loan_event GROUP BY organisation, reference),"                                                                      \
    " l AS (SELECT coalesce(r.grade, '') AS grade, r.applied_day, r.organisation, r.household, e.* FROM rural_loan r JOIN e"         \
    " ON e.organisation = r.organisation AND e.reference = r.reference WHERE ($1 IS NULL OR r.organisation = $1)"                    \
    " AND r.village LIKE $2 AND r.applied_day >= $3 AND r.applied_day <= $4) "

#define ASSISTED                                                                                                       \
    "CASE WHEN EXISTS (SELECT 1 FROM rural_used u WHERE u.organisation = l.organisation AND u.household = l.household" \
    " AND u.at >= (l.applied_day - $5) * 86400000 AND u.at < (l.lent_day + 1) * 86400000) THEN 1 ELSE 0 END"

struct effect {
    struct ll_txn *tx;
    const struct ll_effect_query *q;
    struct ll_arena *arena;
    char like[32];
};

static int begin(struct effect *k, const char *sql, struct ll_stmt **ret, struct ll_err *err)
{
    int rc = ll_sql(k->tx, sql, ret, err);

    if (rc < 0)
        return rc;
    ll_bind_z(*ret, 1, k->q->organisation);
    ll_bind_z(*ret, 2, k->like);
    ll_bind_int(*ret, 3, k->q->from_day);
    ll_bind_int(*ret, 4, k->q->to_day);
    return LL_OK;
}

static int put_grades(struct effect *k, struct ll_json *j, struct ll_err *err)
{
    static const char *const names[] = {"applied",  "refused", "granted",    "lent",
                                        "lent_fen", "overdue", "overdue_90", "events"};
    int64_t loans = 0, events = 0;
    struct ll_stmt *s = NULL;
    int rc = begin(
        k,
        LOANS
        "SELECT grade, count(*), sum(refused), sum(granted), sum(lent), sum(fen),"
        " sum(CASE WHEN overdue > 0 THEN 1 ELSE 0 END), sum(CASE WHEN overdue >= 90 THEN 1 ELSE 0 END), sum(events)"
        " FROM l GROUP BY grade ORDER BY grade",
        &s, err);

    ll_json_key(j, "grades");
    ll_json_arr(j);
    while (rc >= 0 && (rc = ll_step(s, err)) > 0) {
        struct ll_str grade = ll_col_text(s, 0);
        ll_json_obj(j);
        ll_json_key(j, "grade");
        if (grade.n)
            ll_json_str(j, grade);
        else
            ll_json_null(j);
        for (int i = 0; i < (int)LL_COUNT(names); i++)
            ll_json_ki(j, names[i], ll_col_int(s, i + 1));
        loans += ll_col_int(s, 1);
        events += ll_col_int(s, 8);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
    ll_json_ki(j, "loans", loans);
    ll_json_ki(j, "events", events);
    ll_stmt_done(s);
    return rc < 0 ? rc : LL_OK;
}

/* Ascending; the list is cut at DAYS_MAX, which is said by "n". */
static void put_days(struct ll_json *j, const char *name, const int64_t *days, size_t n)
{
    size_t half = n / 2;
    int64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += days[i];
    ll_json_key(j, name);
    ll_json_obj(j);
    ll_json_ki(j, "n", (int64_t)n);
    if (n >= LL_EFFECT_LEAST) {
        int64_t twice = days[half] + (n % 2 ? days[half] : days[half - 1]);
        ll_json_kn(j, "median", (double)twice / 2);
        ll_json_kn(j, "mean", (double)sum / (double)n);
    } else {
        ll_json_kz(j, "median", NULL);
        ll_json_kz(j, "mean", NULL);
    }
    ll_json_end_obj(j);
}

static int put_all_days(struct effect *k, struct ll_json *j, struct ll_err *err)
{
    int64_t *days = NULL;
    struct ll_stmt *s = NULL;
    size_t n = 0, others = 0, room = 0;
    int rc = begin(k,
                   LOANS "SELECT " ASSISTED
                         " AS assisted, l.lent_day - l.applied_day AS days FROM l WHERE l.lent = 1"
                         " ORDER BY assisted, days",
                   &s, err);

    if (rc == LL_OK)
        ll_bind_int(s, 5, LL_ASSISTED_DAYS);
    while (rc >= 0 && n < DAYS_MAX && (rc = ll_step(s, err)) > 0) {
        if (n == room) {
            int64_t *more = ll_arena_array(k->arena, room = room ? 2 * room : 1024, sizeof *more);
            if (!more) {
                rc = ll_no_memory(err);
                break;
            }
            if (n)
                memcpy(more, days, n * sizeof *more);
            days = more;
        }
        others += ll_col_int(s, 0) == 0;
        days[n++] = ll_col_int(s, 1);
    }
    ll_stmt_done(s);
    if (rc < 0)
        return rc;
    ll_json_key(j, "days");
    ll_json_obj(j);
    put_days(j, "assisted", days ? days + others : NULL, n - others);
    put_days(j, "other", days, others);
    ll_json_end_obj(j);
    return LL_OK;
}

int ll_effect_put(struct ll_txn *tx, const struct ll_effect_query *q, struct ll_arena *arena,
                  struct ll_json *j, struct ll_err *err)
{
    struct effect k = {.tx = tx, .q = q, .arena = arena};
    size_t n = strspn(q->within, "0123456789");
    int rc;

    if (q->within[n] || n > 12)
        return ll_fail(err, LL_USAGE, "区划代码应为数字", "the code of a region is digits");
    memcpy(k.like, q->within, n);
    k.like[n] = '%';
    if ((rc = put_grades(&k, j, err)) == LL_OK)
        rc = put_all_days(&k, j, err);
    return rc;
}
