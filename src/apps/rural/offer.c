/* offer.c - see offer.h. */
#include "apps/rural/offer.h"

#include "base/clock.h"
#include "share/admin.h"
#include "store/rows.h"

#include <string.h>

static int note(struct ll_txn *tx, const struct ll_actor *by, enum ll_admin_act act, const char *id,
                const char *detail, struct ll_err *err)
{
    const struct ll_admin_note n = {.act = act, .object = ll_str(id), .detail = ll_str(detail)};

    return ll_admin_note(tx, by, &n, err);
}

static bool has_grade(const struct ll_rural_card *card, const char *grade)
{
    for (size_t i = 0; i < card->n_grades; i++)
        if (strcmp(card->grades[i].name, grade) == 0)
            return true;
    return false;
}

int ll_offer_add(struct ll_txn *tx, const struct ll_rural_card *card, const struct ll_actor *by,
                 const struct ll_offer *o, char id[LL_RURAL_ID], struct ll_err *err)
{
    int rc;

    if (!has_grade(card, o->grade))
        return ll_fail(err, LL_INVALID, "评级规则没有等级“%s”", "the rating has no grade '%s'", o->grade);
    if (o->until_day < o->from_day)
        return ll_fail(err, LL_INVALID, "截止日期早于开始日期", "the last day is before the first");
    if ((rc = ll_rural_new_id(id, err)) < 0 ||
        (rc = ll_exec(
             tx, err,
             "INSERT INTO rural_offer (id, organisation, grade, product, rate_bp, limit_yuan, term_months, note, from_day, until_day,"
             " made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
             "zzzziiiziizi", id, by->organisation, o->grade, o->product, o->rate_bp, o->limit_yuan,
             o->term_months, o->note, o->from_day, o->until_day, by->account ? by->account : by->client,
             ll_now_ms())) < 0)
        return rc;
    return note(tx, by, LL_ADMIN_OFFER_MADE, id, o->product, err);
}

int ll_offer_end(struct ll_txn *tx, const struct ll_actor *by, const char *id, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int rc = ll_sql(tx, "SELECT ended_at FROM rural_offer WHERE id = $1 AND organisation = $2", &s, err);

    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, id);
    ll_bind_z(s, 2, by->organisation);
    rc = ll_step(s, err);
    if (rc == 0)
        rc = ll_fail(err, LL_NOTFOUND, "本机构没有优惠 %s", "your organisation has no offer %s", id);
    else if (rc > 0 && ll_col_int(s, 0))
        rc = ll_fail(err, LL_CONFLICT, "优惠 %s 已经终止", "offer %s has ended", id);
    ll_stmt_done(s);
    if (rc < 0 || (rc = ll_exec(tx, err, "UPDATE rural_offer SET ended_at = $2 WHERE id = $1", "zi", id,
                                ll_now_ms())) < 0)
        return rc;
    return note(tx, by, LL_ADMIN_OFFER_ENDED, id, "", err);
}

static const struct ll_row_column columns[] = {
    LL_ROW(TEXT, ll_offer, id),        LL_ROW(TEXT, ll_offer, organisation), LL_ROW(TEXT, ll_offer, grade),
    LL_ROW(TEXT, ll_offer, product),   LL_ROW(TEXT, ll_offer, note),         LL_ROW(INT, ll_offer, rate_bp),
    LL_ROW(INT, ll_offer, limit_yuan), LL_ROW(INT, ll_offer, term_months),   LL_ROW(INT, ll_offer, from_day),
    LL_ROW(INT, ll_offer, until_day),  LL_ROW(INT, ll_offer, ended_at)};
static const struct ll_row_form rows = {columns, LL_COUNT(columns), sizeof(struct ll_offer), NULL};

int ll_offer_list(struct ll_txn *tx, const char *grade, const char *organisation, struct ll_arena *arena,
                  struct ll_offer **ret, size_t *ret_n, struct ll_err *err)
{
    const struct ll_row_arg args[] = {LL_ARG_Z(grade), LL_ARG_Z(organisation), LL_ARG_I(ll_today())};
    const struct ll_row_page p = {
        .sql =
            "SELECT id, organisation, grade, product, note, rate_bp, limit_yuan, term_months, from_day, until_day, ended_at"
            " FROM rural_offer WHERE ($1 IS NULL OR grade = $1) AND ($2 IS NULL OR organisation = $2) AND ended_at IS NULL"
            " AND from_day <= $3 AND until_day >= $3 ORDER BY rate_bp, limit_yuan DESC, id LIMIT $4 OFFSET $5",
        .args = args,
        .n_args = LL_COUNT(args),
        .limit = LL_OFFERS_MAX};
    void *list = NULL;
    int rc = ll_row_list(tx, &rows, &p, arena, &list, ret_n, NULL, err);

    *ret = list;
    return rc;
}

static void put_day(struct ll_json *j, const char *name, int64_t day)
{
    char text[LL_TIME_TEXT];

    ll_time_text(day * INT64_C(86400000), text);
    ll_json_ks(j, name, (struct ll_str){text, 10});
}

void ll_offers_put(struct ll_json *j, const struct ll_catalog *cat, const struct ll_offer *list, size_t n)
{
    enum { BASIS_POINTS = 100 };

    ll_json_key(j, "offers");
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++) {
        const struct ll_organisation *o = ll_catalog_organisation(cat, ll_str(list[i].organisation));
        ll_json_obj(j);
        ll_json_kz(j, "id", list[i].id);
        ll_json_kz(j, "organisation", list[i].organisation);
        ll_json_kz(j, "organisation_name", o ? o->name : list[i].organisation);
        ll_json_kz(j, "grade", list[i].grade);
        ll_json_kz(j, "product", list[i].product);
        ll_json_kn(j, "rate_percent", list[i].rate_bp / (double)BASIS_POINTS);
        ll_json_ki(j, "limit_yuan", list[i].limit_yuan);
        ll_json_ki(j, "term_months", list[i].term_months);
        ll_json_kz(j, "note", list[i].note);
        put_day(j, "from", list[i].from_day);
        put_day(j, "until", list[i].until_day);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}
