/* publicity_find.c - see publicity_find.h. */
#include "apps/credit/publicity_find.h"

#include "base/log.h"
#include "share/open.h"
#include "share/record.h"
#include "standard/convert.h"
#include "standard/ident.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 1 << 20, BODY_MAX = 4 << 20, RECORD_MAX = 8192, DIGITS_LEAST = 11 };

struct finding {
    const struct ll_public_finder *f;
    const struct ll_public_question *q;
    const struct ll_public_kind *kind;
    const struct ll_resource *r;
    struct ll_table *t;
    enum ll_public_by by;
    struct ll_public_found *list;
    size_t n;
    bool more;
};

/* --- reading a record ---------------------------------------------------------------------------------------------------------- */

static struct ll_str value_of(const struct ll_resource *r, struct ll_table *t, const char *item)
{
    const struct ll_item *it = *item ? ll_resource_item(r, ll_str(item)) : NULL;
    struct ll_seg_value v = it ? ll_record_value(r, (size_t)(it - r->items), t)
                               : (struct ll_seg_value){.kind = LL_SV_NULL};

    return v.kind == LL_SV_TEXT ? v.s : LL_STR("");
}

static int32_t day_of(const struct ll_resource *r, struct ll_table *t, const char *item)
{
    struct ll_str text = value_of(r, t, item);
    int32_t day;

    return text.n && ll_cv_date(text, &day) == LL_CV_OK ? day : LL_PUBLIC_NO_DAY;
}

void ll_public_facts_of(const struct ll_public_kind *kind, const struct ll_resource *r, struct ll_table *t,
                        struct ll_public_facts *ret)
{
    *ret = (struct ll_public_facts){.decided = day_of(r, t, kind->decided),
                                    .until = day_of(r, t, kind->until),
                                    .level = value_of(r, t, kind->level),
                                    .categories = value_of(r, t, kind->categories)};
}

/* --- what a person keeps ------------------------------------------------------------------------------------------------------- */

static void put_masked_name(struct ll_buf *out, struct ll_str name)
{
    size_t at = 0;

    if (ll_utf8_next(name, &at) >= 0)
        ll_buf_add(out, name.p, at);
    while (ll_utf8_next(name, &at) >= 0)
        ll_buf_c(out, '*');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The length of the identifier of a person that begins at p; 0: none does.  Of a natural person's own record any long number is taken for one. */
static size_t number_at(struct ll_str s, size_t at, bool person)
{
    char canon[LL_ID_MAX];
    size_t n = 0, k;

    if (at && is_digit(s.p[at - 1]))
        return 0;
    while (at + n < s.n && is_digit(s.p[at + n]))
        n++;
    if (n == 17 && at + n < s.n && (s.p[at + n] == 'X' || s.p[at + n] == 'x'))
        n++;
    if (n < DIGITS_LEAST)
        return 0;
    return person || ((n == 18 || n == 15) &&
                      ll_id_check(LL_ID_RESIDENT_ID, (struct ll_str){s.p + at, n}, canon, &k) == LL_IDF_OK)
               ? n
               : 0;
}

/* The text without what identifies a natural person; name: whose record it is, empty when it is nobody's. */
static void put_minimised(struct ll_buf *out, struct ll_str text, struct ll_str name)
{
    char masked[LL_ID_MAX * 4];

    for (size_t at = 0; at < text.n;) {
        struct ll_str rest = {text.p + at, text.n - at};
        size_t n = number_at(text, at, name.n > 0);
        if (n) {
            ll_buf_z(out, ll_mask((struct ll_str){rest.p, n}, masked, sizeof masked));
            at += n;
        } else if (name.n && ll_str_starts(rest, name)) {
            put_masked_name(out, name);
            at += name.n;
        } else {
            ll_buf_c(out, text.p[at++]);
        }
    }
}

/* --- an answer ----------------------------------------------------------------------------------------------------------------- */

static void put_text(struct finding *f, const struct ll_item *item, struct ll_str text, struct ll_str name,
                     struct ll_json *j)
{
    struct ll_buf clean = LL_BUF_INIT(TEXT_MAX);

    if (strcmp(item->name, f->kind->party) == 0 && name.n)
        put_masked_name(&clean, text);
    else
        put_minimised(&clean, text, name);
    ll_json_str(j, ll_buf_view(&clean));
    ll_buf_free(&clean);
}

/* The titles of a list of codes, "警告；罚款". */
static void put_codes(const struct ll_item *item, struct ll_str list, struct ll_json *j)
{
    struct ll_str code;

    ll_json_arr(j);
    while (list.n) {
        ll_str_cut(list, ';', &code, &list);
        const struct ll_code *c = ll_codeset_by_code(item->codes, code);
        ll_json_obj(j);
        ll_json_ks(j, "code", code);
        ll_json_ks(j, "title", c ? c->title : code);
        if (c && c->title_en.n)
            ll_json_ks(j, "title_en", c->title_en);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

static void put_field(struct finding *f, size_t at, struct ll_str name, struct ll_json *j)
{
    const struct ll_item *item = &f->r->items[at];
    struct ll_seg_value v = ll_record_value(f->r, at, f->t);

    ll_json_obj(j);
    ll_json_kz(j, "name", item->name);
    ll_json_kz(j, "title", item->title);
    ll_json_kz(j, "title_en", item->title_en);
    ll_json_kz(j, "unit", item->element->unit);
    ll_json_key(j, "value");
    if (v.kind == LL_SV_TEXT && item->element->type == LL_TYPE_TEXT && item->codes)
        put_codes(item, v.s, j);
    else if (v.kind == LL_SV_TEXT && item->element->type == LL_TYPE_TEXT)
        put_text(f, item, v.s, name, j);
    else
        ll_record_put_value(item, v, j);
    ll_json_end_obj(j);
}

/* Items of grade 1 that the record has; its own key and what names somebody else's record are among them. */
static int put_fields(struct finding *f, bool person, struct ll_str *ret, struct ll_err *err)
{
    struct ll_buf out = LL_BUF_INIT(BODY_MAX);
    struct ll_str name = person ? value_of(f->r, f->t, f->kind->party) : LL_STR("");
    const char *kept = ll_arena_dup(f->f->arena, name);
    struct ll_json j;

    if (!kept)
        return ll_no_memory(err);
    name.p = kept;
    ll_json_init(&j, &out);
    ll_json_arr(&j);
    for (size_t i = 0; i < f->r->n_items; i++) {
        struct ll_seg_value v = {.kind = LL_SV_NULL};
        if (ll_open_item(&f->r->items[i]))
            v = ll_record_value(f->r, i, f->t);
        if (v.kind != LL_SV_NULL && !(v.kind == LL_SV_TEXT && ll_item_is_person(&f->r->items[i], v.s)))
            put_field(f, i, name, &j);
    }
    ll_json_end_arr(&j);
    ret->p = out.failed ? NULL : ll_arena_dup(f->f->arena, ll_buf_view(&out));
    ret->n = out.n;
    ll_buf_free(&out);
    return ret->p ? LL_OK : ll_no_memory(err);
}

static int by_day(const void *a, const void *b)
{
    const struct ll_public_found *x = a, *y = b;

    return (x->decided < y->decided) - (x->decided > y->decided);
}

/* Room for one more: the oldest goes when it is full. */
static struct ll_public_found *room(struct finding *f, int32_t decided)
{
    if (f->n < LL_PUBLIC_FOUND_MAX)
        return &f->list[f->n++];
    f->more = true;
    struct ll_public_found *oldest = &f->list[0];
    for (size_t i = 1; i < f->n; i++)
        if (f->list[i].decided < oldest->decided)
            oldest = &f->list[i];
    return oldest->decided < decided ? oldest : NULL;
}

static int key_text(struct finding *f, char out[RECORD_MAX], struct ll_err *err)
{
    struct ll_buf key = LL_BUF_INIT(RECORD_MAX);
    struct ll_json j;

    ll_json_init(&j, &key);
    ll_table_put_key(f->t, &j);
    bool fits = !key.failed && key.n < RECORD_MAX;
    if (fits) {
        memcpy(out, key.p, key.n);
        out[key.n] = 0;
    }
    ll_buf_free(&key);
    return fits ? LL_OK : ll_fail(err, LL_TOOBIG, "记录的主键过长", "the key of a record is too long");
}

/* The record that the table stands on, if it is to be shown. */
static int consider(struct finding *f, struct ll_err *err)
{
    bool person = ll_str_is(value_of(f->r, f->t, f->kind->party_class), LL_PUBLIC_PERSON);
    struct ll_public_found one = {.kind = f->kind, .person = person}, *place;
    struct ll_public_facts facts;
    char record[RECORD_MAX];
    int rc;

    if (person && f->by != LL_PUBLIC_BY_NUMBER)
        return LL_OK;
    ll_public_facts_of(f->kind, f->r, f->t, &facts);
    one.decided = facts.decided;
    if ((rc = key_text(f, record, err)) < 0 ||
        (rc = ll_public_at(f->f->tx, f->f->rules, f->kind, record, &facts, f->q->day, f->f->arena, &one.show,
                           err)) < 0)
        return rc;
    if (one.show.state != LL_PUBLIC_SHOWN || !(place = room(f, one.decided)))
        return LL_OK;
    *place = one;
    return put_fields(f, person, &place->body, err);
}

/* --- looking ------------------------------------------------------------------------------------------------------------------- */

static int by_number(struct finding *f, struct ll_err *err)
{
    struct ll_str after[8] = {f->q->text};
    size_t n = ll_table_key_columns(f->t);
    int rc;

    if (n == 0)
        return LL_OK;
    if (n > LL_COUNT(after) || strcmp(f->r->key[0]->name, f->kind->number) != 0)
        return ll_fail(err, LL_INVALID, "资源 %s 的主键不以文书号开始",
                       "the key of resource %s does not begin with the document number", f->r->name);
    for (size_t i = 1; i < n; i++)
        after[i] = LL_STR("");
    if ((rc = ll_table_scan(f->t, after, err)) < 0)
        return rc;
    while ((rc = ll_table_next(f->t, err)) > 0 &&
           ll_str_eq(value_of(f->r, f->t, f->kind->number), f->q->text) && (rc = consider(f, err)) == LL_OK)
        ;
    ll_table_rewind(f->t);
    return rc < 0 ? rc : LL_OK;
}

static int by_column(struct finding *f, const char *column, bool prefix, struct ll_err *err)
{
    int rc = ll_table_scan_by(f->t, column, f->q->text, prefix, err);

    for (size_t looked = 0; rc == LL_OK && (rc = ll_table_next(f->t, err)) > 0; looked++) {
        if (looked == LL_PUBLIC_LOOKED_MAX) {
            f->more = true;
            rc = LL_OK;
            break;
        }
        rc = consider(f, err);
    }
    ll_table_rewind(f->t);
    return rc < 0 ? rc : LL_OK;
}

static int look(struct finding *f, struct ll_err *err)
{
    int rc;

    f->r = ll_catalog_resource(f->f->cat, ll_str(f->kind->resource));
    if (!f->r)
        return LL_OK; /* its pack is not there: it has no records either */
    if ((rc = ll_tables_take(f->f->tables, f->r->name, &f->t, err)) < 0)
        return rc;
    rc = f->by == LL_PUBLIC_BY_NUMBER ? by_number(f, err)
         : f->by == LL_PUBLIC_BY_CODE ? by_column(f, f->kind->party_code, false, err)
                                      : by_column(f, f->kind->party, true, err);
    ll_tables_give(f->f->tables, f->t);
    f->t = NULL;
    return rc;
}

static int look_in_all(struct finding *f, struct ll_err *err)
{
    const struct ll_public_rules *rules = f->f->rules;
    int rc = LL_OK;

    for (size_t i = 0; i < rules->n_kinds && rc == LL_OK; i++) {
        f->kind = &rules->kinds[i];
        if (!f->q->kind || f->q->kind == f->kind)
            rc = look(f, err);
    }
    return rc;
}

static int check(struct ll_public_question *q, struct ll_arena *arena, struct ll_err *err)
{
    char canon[LL_ID_MAX];
    size_t n;

    if (ll_id_check(LL_ID_RESIDENT_ID, q->text, canon, &n) == LL_IDF_OK)
        return ll_fail(err, LL_USAGE, "不能按公民身份号码查询；请用文书号",
                       "identity numbers cannot be searched for: use the document number");
    if (ll_id_check(LL_ID_USCC, q->text, canon, &n) == LL_IDF_OK) {
        q->by = q->by == LL_PUBLIC_BY_ANY ? LL_PUBLIC_BY_CODE : q->by;
        const char *kept = ll_arena_dup(arena, (struct ll_str){canon, n});
        if (!kept)
            return ll_no_memory(err);
        q->text = q->by == LL_PUBLIC_BY_CODE ? (struct ll_str){kept, n} : q->text;
    } else if (q->by == LL_PUBLIC_BY_CODE) {
        return ll_fail(err, LL_USAGE, "统一社会信用代码不正确", "this is no unified social credit code");
    }
    if (ll_utf8_count(q->text) < LL_PUBLIC_NAME_MIN)
        return ll_fail(err, LL_USAGE, "请至少输入 %d 个字", "type at least %d characters",
                       LL_PUBLIC_NAME_MIN);
    return LL_OK;
}

int ll_public_find(const struct ll_public_finder *f, const struct ll_public_question *question,
                   struct ll_public_found **ret, size_t *ret_n, bool *more, struct ll_err *err)
{
    struct ll_public_question q = *question;
    struct finding k = {.f = f, .q = &q};
    int rc;

    q.text = ll_str_trim(q.text);
    if ((rc = check(&q, f->arena, err)) < 0)
        return rc;
    if (!(k.list = ll_arena_array(f->arena, LL_PUBLIC_FOUND_MAX, sizeof *k.list)))
        return ll_no_memory(err);
    k.by = q.by == LL_PUBLIC_BY_ANY ? LL_PUBLIC_BY_NUMBER : q.by;
    rc = look_in_all(&k, err);
    if (rc == LL_OK && k.n == 0 && q.by == LL_PUBLIC_BY_ANY) {
        k.by = LL_PUBLIC_BY_NAME;
        rc = look_in_all(&k, err);
    }
    if (k.n)
        qsort(k.list, k.n, sizeof *k.list, by_day);
    *ret = k.list;
    *ret_n = k.n;
    *more = k.more;
    return rc;
}
