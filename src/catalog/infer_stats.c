/* infer_stats.c - see infer_stats.h. */
#include "catalog/infer_stats.h"

#include "standard/convert.h"

#include <stdlib.h>
#include <string.h>

enum { SCRATCH_MAX = 1 << 20, SHORT_NUMBER = 7, DATE_DIGITS = 8, SCALE_MAX = 6 };

int ll_stats_init(struct ll_stats *s, uint64_t most_rows, struct ll_arena *arena)
{
    *s = (struct ll_stats){.arena = arena};
    ll_index_init(&s->values, arena);
    s->hashes = ll_arena_array(arena, (size_t)most_rows, sizeof *s->hashes);
    return s->hashes ? LL_OK : LL_NOMEM;
}

double ll_stats_share(const struct ll_stats *s, uint64_t count)
{
    uint64_t there = s->rows - s->nulls;

    return there ? (double)count / (double)there : 0;
}

static bool all_digits(struct ll_str v)
{
    for (size_t i = 0; i < v.n; i++)
        if (v.p[i] < '0' || v.p[i] > '9')
            return false;
    return v.n > 0;
}

/* A short run of digits may be an Excel date, but hardly ever is meant as one. */
static bool date_like(struct ll_str v)
{
    int32_t days;

    if (all_digits(v) && v.n != DATE_DIGITS)
        return false;
    return ll_cv_date(v, &days) == LL_CV_OK;
}

static bool has_time(struct ll_str v)
{
    return memchr(v.p, ':', v.n) != NULL;
}

static bool amount_like(struct ll_str v)
{
    static const char *const marks[] = {"元", "万", "亿", "￥", "¥", "圆", "币"};
    char currency[4];
    ll_i128 value;
    bool marked = false;

    for (size_t i = 0; i < LL_COUNT(marks) && !marked; i++)
        marked = memmem(v.p, v.n, marks[i], strlen(marks[i])) != NULL;
    return marked && ll_cv_amount(v, LL_STR("元"), 2, &value, currency) == LL_CV_OK;
}

static void note_scale(struct ll_stats *s, struct ll_str v)
{
    const char *point = memchr(v.p, '.', v.n);
    size_t digits = point ? (size_t)(v.p + v.n - point - 1) : 0;

    if (digits > s->scale)
        s->scale = digits < SCALE_MAX ? (unsigned)digits : SCALE_MAX;
}

static void look(struct ll_stats *s, struct ll_str v)
{
    struct ll_buf scratch = LL_BUF_INIT(SCRATCH_MAX);
    struct ll_str out;
    int64_t i, us;
    ll_i128 d;
    bool yes;

    s->looks[LL_LOOK_DATE] += date_like(v);
    s->looks[LL_LOOK_DATETIME] += has_time(v) && ll_cv_datetime(v, &us) == LL_CV_OK;
    s->looks[LL_LOOK_INTEGER] += ll_cv_integer(v, &i) == LL_CV_OK;
    if (ll_cv_decimal(v, SCALE_MAX, &d) == LL_CV_OK) {
        s->looks[LL_LOOK_DECIMAL]++;
        note_scale(s, v);
    }
    s->looks[LL_LOOK_AMOUNT] += amount_like(v);
    s->looks[LL_LOOK_BOOLEAN] += ll_cv_boolean(v, &yes) == LL_CV_OK;
    s->looks[LL_LOOK_PHONE] += v.n >= SHORT_NUMBER && ll_cv_phone(v, &scratch, &out) == LL_CV_OK;
    s->looks[LL_LOOK_LEADING_ZERO] += v.n > 1 && v.p[0] == '0' && all_digits(v);
    ll_buf_free(&scratch);
}

static void identify(struct ll_stats *s, struct ll_str v)
{
    char canon[LL_ID_MAX];
    size_t n;
    enum ll_kind kind;

    for (int scheme = 0; scheme < LL_ID_COUNT; scheme++) {
        if (ll_id_check((enum ll_scheme)scheme, v, canon, &n) != LL_IDF_OK)
            continue;
        s->schemes[scheme]++;
        if (scheme == LL_ID_SUBJECT_ID && ll_id_kind(LL_ID_SUBJECT_ID, (struct ll_str){canon, n}, &kind))
            s->kinds[kind]++;
    }
}

static int keep(struct ll_stats *s, struct ll_str v)
{
    if (v.n > LL_STATS_VALUE_BYTES)
        return LL_OK;
    struct ll_stats_value *there = (struct ll_stats_value *)ll_index_find(&s->values, v); /* made below */
    if (there) {
        there->count++;
        return LL_OK;
    }
    if (s->values.n >= LL_STATS_VALUES)
        return LL_OK;
    struct ll_stats_value *made = ll_arena_alloc(s->arena, sizeof *made);
    char *copy = ll_arena_dup(s->arena, v);
    if (!made || !copy)
        return LL_NOMEM;
    *made = (struct ll_stats_value){{copy, v.n}, 1};
    return ll_index_add(&s->values, made->text, made) < 0 ? LL_NOMEM : LL_OK;
}

int ll_stats_add(struct ll_stats *s, struct ll_str cell)
{
    struct ll_buf scratch = LL_BUF_INIT(SCRATCH_MAX);
    struct ll_str v = cell;
    int rc = LL_OK;

    s->rows++;
    if (!cell.p || ll_cv_text(cell, &scratch, &v) != LL_CV_OK) {
        s->nulls++;
        s->hashes[s->rows - 1] = 0;
    } else {
        s->hashes[s->rows - 1] = ll_str_hash(v) | 1;
        size_t chars = ll_utf8_count(v);
        s->max_chars = chars > s->max_chars ? chars : s->max_chars;
        look(s, v);
        identify(s, v);
        rc = keep(s, v);
    }
    ll_buf_free(&scratch);
    return rc;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

int ll_stats_end(struct ll_stats *s)
{
    size_t n = (size_t)s->rows;
    uint64_t *sorted = malloc((n ? n : 1) * sizeof *sorted);

    if (!sorted)
        return LL_NOMEM;
    memcpy(sorted, s->hashes, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_value);
    for (size_t i = 0; i < n; i++)
        s->distinct += sorted[i] && (i == 0 || sorted[i] != sorted[i - 1]);
    free(sorted);
    return LL_OK;
}
