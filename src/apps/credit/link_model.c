/* link_model.c - see link_model.h. */
#include "apps/credit/link_model.h"

#include "crypto/strictjson.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#define X(name, word, measure, sign, takes, zh, en) {word, measure, sign, LL_LINK_TAKES_##takes, zh, en},
const struct ll_link_kind_info ll_link_kinds[LL_LINK_KIND_COUNT] = {LL_LINK_KINDS(X)};
#undef X
#define X(name, word, sql) sql,
const char *const ll_link_clean_sql[LL_LINK_CLEAN_COUNT] = {LL_LINK_CLEANS(X)};
#undef X
#define X(name, word, sql) word,
static const char *const clean_words[] = {LL_LINK_CLEANS(X)};
#undef X

enum { NAME_MAX_BYTES = 64, TEXT_MAX_BYTES = 200 };

/* The first fault is kept; what follows is not looked at. */
struct reader {
    struct ll_link_model *m;
    struct ll_arena *arena;
    struct ll_err *err;
    int rc;
};

static void fault(struct reader *r, const char *where, size_t i, const char *zh, const char *en)
{
    const char *in_zh = ll_arena_printf(r->arena, "关联模型 %s 第 %zu 项：%s", where, i + 1, zh ? zh : "?");
    const char *in_en = ll_arena_printf(r->arena, "linkage model, %s, item %zu: %s", where, i + 1,
                                        en ? en : "?");

    if (r->rc == LL_OK)
        r->rc = in_zh && in_en ? ll_fail_texts(r->err, LL_INVALID, in_zh, in_en) : ll_no_memory(r->err);
}

/* ---- values of one object ---- */

static const char *text(struct reader *r, json_t *o, const char *key, const char *where, size_t i, bool must)
{
    json_t *v = json_object_get(o, key);

    if (!v && !must)
        return NULL;
    if (!json_is_string(v) || !json_string_length(v) || json_string_length(v) > TEXT_MAX_BYTES) {
        fault(r, where, i, ll_arena_printf(r->arena, "%s 应为 1 到 %d 字节的文字", key, TEXT_MAX_BYTES),
              ll_arena_printf(r->arena, "%s must be a text of 1 to %d bytes", key, TEXT_MAX_BYTES));
        return "";
    }
    const char *copy = ll_arena_dup(r->arena, (struct ll_str){json_string_value(v), json_string_length(v)});
    if (!copy)
        r->rc = ll_no_memory(r->err);
    return copy;
}

static double number(struct reader *r, json_t *o, const char *key, double min, double max, double fallback,
                     const char *where, size_t i)
{
    json_t *v = json_object_get(o, key);
    double x = json_number_value(v);

    if (!v)
        return fallback;
    if (!json_is_number(v) || !(x >= min && x <= max)) {
        fault(r, where, i, ll_arena_printf(r->arena, "%s 应为 %g 到 %g 之间的数", key, min, max),
              ll_arena_printf(r->arena, "%s must be a number from %g to %g", key, min, max));
        return fallback;
    }
    return x;
}

static bool flag(struct reader *r, json_t *o, const char *key, bool fallback, const char *where, size_t i)
{
    json_t *v = json_object_get(o, key);

    if (v && !json_is_boolean(v))
        fault(r, where, i, ll_arena_printf(r->arena, "%s 应为 true 或 false", key),
              ll_arena_printf(r->arena, "%s must be true or false", key));
    return v ? json_is_true(v) : fallback;
}

static void titles(struct reader *r, json_t *o, const char *name, const char **zh, const char **en,
                   const char *where, size_t i)
{
    json_t *t = json_object_get(o, "title");

    *zh = *en = name;
    if (!t)
        return;
    *zh = text(r, t, "zh", where, i, true);
    *en = text(r, t, "en", where, i, true);
}

/* Only names of the list: a misspelt word is not a word left out. */
static void only(struct reader *r, json_t *o, const char *names, const char *where, size_t i)
{
    const char *key;
    json_t *v;

    if (!json_is_object(o)) {
        fault(r, where, i, "应为对象", "must be an object");
        return;
    }
    json_object_foreach(o, key, v)
    {
        const char *word = ll_arena_printf(r->arena, " %s ", key);
        if (!word || !strstr(names, word))
            fault(r, where, i, ll_arena_printf(r->arena, "不认识 %s，可用：%s", key, names),
                  ll_arena_printf(r->arena, "%s is not known; there are:%s", key, names));
    }
}

static json_t *list(struct reader *r, json_t *o, const char *key, size_t most, bool must, const char *where,
                    size_t i)
{
    json_t *v = json_object_get(o, key);

    if (!v && !must)
        return NULL;
    if (!json_is_array(v) || json_array_size(v) < (must ? 1 : 0) || json_array_size(v) > most) {
        fault(r, where, i, ll_arena_printf(r->arena, "%s 应为 1 到 %zu 项的数组", key, most),
              ll_arena_printf(r->arena, "%s must be an array of 1 to %zu items", key, most));
        return NULL;
    }
    return v;
}

/* ---- fields ---- */

static size_t field_of(struct reader *r, const char *name, const char *where, size_t i)
{
    for (size_t f = 0; f < r->m->n_fields; f++)
        if (name && strcmp(r->m->fields[f].name, name) == 0)
            return f;
    fault(r, where, i, ll_arena_printf(r->arena, "没有字段 %s，请先写在 fields 里", name ? name : "?"),
          ll_arena_printf(r->arena, "there is no field %s; add it to fields", name ? name : "?"));
    return 0;
}

static void read_from(struct reader *r, json_t *o, struct ll_link_field *f, size_t i)
{
    json_t *v = json_object_get(o, "from");

    if (!json_is_array(v)) {
        f->from[f->n_from++] = v ? text(r, o, "from", "fields", i, true) : f->name;
        return;
    }
    if (json_array_size(v) < 1 || json_array_size(v) > LL_LINK_FROMS) {
        fault(r, "fields", i, "from 应为 1 到 4 个列名", "from must name 1 to 4 columns");
        return;
    }
    for (size_t k = 0; k < json_array_size(v); k++) {
        const char *column = json_string_value(json_array_get(v, k));
        if (!column || !*column)
            fault(r, "fields", i, "from 里应都是列名", "from must hold names of columns");
        else if (!(f->from[f->n_from++] = ll_arena_dup(r->arena, ll_str(column))))
            r->rc = ll_no_memory(r->err);
    }
}

static void read_field(struct reader *r, json_t *o, size_t i)
{
    struct ll_link_field *f = &r->m->fields[i];

    only(r, o, " name from clean sensitive ", "fields", i);
    f->name = text(r, o, "name", "fields", i, true);
    if (r->rc < 0)
        return;
    read_from(r, o, f, i);
    const char *word = text(r, o, "clean", "fields", i, false);
    for (f->clean = 0; word && f->clean < LL_LINK_CLEAN_COUNT && strcmp(clean_words[f->clean], word) != 0;)
        f->clean++;
    if (f->clean == LL_LINK_CLEAN_COUNT) {
        f->clean = LL_LINK_CLEAN_TEXT;
        fault(r, "fields", i, "clean 应为 text、letters、tight、digits、company、date、number 之一",
              "clean must be one of text, letters, tight, digits, company, date, number");
    }
    f->sensitive = flag(r, o, "sensitive", false, "fields", i);
    for (size_t k = 0; k < i; k++)
        if (r->rc == LL_OK && strcmp(r->m->fields[k].name, f->name) == 0)
            fault(r, "fields", i, "字段重名", "another field has this name");
}

static void read_id(struct reader *r, json_t *o, size_t i)
{
    struct ll_link_id *id = &r->m->ids[i];

    only(r, o, " from scheme ", "identifiers", i);
    id->from = text(r, o, "from", "identifiers", i, true);
    const char *scheme = text(r, o, "scheme", "identifiers", i, true);
    if (r->rc == LL_OK && (!ll_scheme_parse(ll_str(scheme), &id->scheme) || id->scheme == LL_ID_SUBJECT_ID))
        fault(r, "identifiers", i, "scheme 应为 uscc、org_code、reg_no、resident_id 之一",
              "scheme must be one of uscc, org_code, reg_no, resident_id");
}

/* ---- comparisons ---- */

static bool numeric(enum ll_link_kind k)
{
    return ll_link_kinds[k].takes != LL_LINK_TAKES_TEXT;
}

static void check_level(struct reader *r, const struct ll_link_level *l, size_t i)
{
    const struct ll_link_kind_info *k = &ll_link_kinds[l->kind];

    if (l->kind == LL_LINK_SWAPPED && l->n_fields != 2)
        fault(r, "comparisons", i, "swapped 要两个字段", "swapped wants two fields");
    if (l->tf && (l->kind != LL_LINK_EXACT || l->n_fields != 1))
        fault(r, "comparisons", i, "tf 只用于一个字段的 exact", "tf goes with exact of one field");
    if ((k->sign || l->kind == LL_LINK_PREFIX) && !(l->at >= 0))
        fault(r, "comparisons", i, "缺少 at", "at is missing");
    if (k->sign > 0 && l->at > 1)
        fault(r, "comparisons", i, "相似度 at 应在 0 到 1 之间", "at of a likeness must be from 0 to 1");
    for (size_t f = 0; numeric(l->kind) && f < l->n_fields; f++) {
        struct ll_link_field *field = &r->m->fields[l->fields[f]];
        if (field->numeric && field->takes != k->takes)
            fault(r, "comparisons", i, "同一字段不能既作日期又作数值",
                  "a field cannot be both a date and a number");
        field->numeric = true;
        field->takes = k->takes;
    }
}

static void read_level(struct reader *r, json_t *o, struct ll_link_level *l, size_t i)
{
    only(r, o, " kind fields at tf ", "comparisons", i);
    const char *word = text(r, o, "kind", "comparisons", i, true);
    json_t *fields = list(r, o, "fields", LL_LINK_FROMS, true, "comparisons", i);

    if (r->rc < 0)
        return;
    while (l->kind < LL_LINK_KIND_COUNT && strcmp(ll_link_kinds[l->kind].word, word) != 0)
        l->kind++;
    if (l->kind == LL_LINK_KIND_COUNT) {
        l->kind = LL_LINK_EXACT;
        fault(r, "comparisons", i, ll_arena_printf(r->arena, "不认识的比较 %s", word),
              ll_arena_printf(r->arena, "there is no kind %s", word));
    }
    for (size_t f = 0; f < json_array_size(fields); f++)
        l->fields[l->n_fields++] = field_of(r, json_string_value(json_array_get(fields, f)), "comparisons",
                                            i);
    l->at = number(r, o, "at", 0, 1e9, -1, "comparisons", i);
    l->tf = flag(r, o, "tf", false, "comparisons", i);
    check_level(r, l, i);
    if (l->tf && r->rc == LL_OK)
        r->m->fields[l->fields[0]].tf = true;
}

static void read_comparison(struct reader *r, json_t *o, size_t i)
{
    struct ll_link_comparison *c = &r->m->comparisons[i];

    only(r, o, " name title levels ", "comparisons", i);
    c->name = text(r, o, "name", "comparisons", i, true);
    json_t *levels = list(r, o, "levels", LL_LINK_LEVELS, true, "comparisons", i);
    if (r->rc < 0)
        return;
    titles(r, o, c->name, &c->zh, &c->en, "comparisons", i);
    for (size_t l = 0; l < json_array_size(levels) && r->rc == LL_OK; l++)
        read_level(r, json_array_get(levels, l), &c->levels[c->n++], i);
}

/* ---- blocking ---- */

static void read_key(struct reader *r, json_t *o, struct ll_link_key *k, size_t i)
{
    if (json_is_string(o)) {
        k->field = field_of(r, json_string_value(o), "blocking", i);
        return;
    }
    only(r, o, " field from length ", "blocking", i);
    const char *name = text(r, o, "field", "blocking", i, true);
    if (r->rc < 0)
        return;
    k->field = field_of(r, name, "blocking", i);
    k->length = (unsigned)number(r, o, "length", 0, 64, 0, "blocking", i);
    k->from = (int)number(r, o, "from", -64, 64, k->length ? 1 : 0, "blocking", i);
}

static void read_rule(struct reader *r, json_t *o, size_t i)
{
    struct ll_link_rule *rule = &r->m->rules[i];

    only(r, o, " name keys train use ", "blocking", i);
    json_t *keys = list(r, o, "keys", LL_LINK_KEYS, true, "blocking", i);
    if (r->rc < 0)
        return;
    for (size_t k = 0; k < json_array_size(keys) && r->rc == LL_OK; k++)
        read_key(r, json_array_get(keys, k), &rule->keys[rule->n++], i);
    rule->train = flag(r, o, "train", false, "blocking", i);
    rule->use = flag(r, o, "use", true, "blocking", i);
    rule->name = text(r, o, "name", "blocking", i, false);
}

bool ll_link_rule_touches(const struct ll_link_rule *rule, const struct ll_link_comparison *c)
{
    for (size_t k = 0; k < rule->n; k++)
        for (size_t l = 0; l < c->n; l++)
            for (size_t f = 0; f < c->levels[l].n_fields; f++)
                if (c->levels[l].fields[f] == rule->keys[k].field)
                    return true;
    return false;
}

static void check_training(struct reader *r)
{
    bool used = false;

    for (size_t i = 0; i < r->m->n_rules; i++)
        used |= r->m->rules[i].use;
    if (!used)
        fault(r, "blocking", 0, "没有一条规则用于关联（use）", "no rule makes pairs (use)");
    for (size_t c = 0; c < r->m->n_comparisons; c++) {
        bool seen = false;
        for (size_t i = 0; i < r->m->n_rules; i++)
            seen |= r->m->rules[i].train && !ll_link_rule_touches(&r->m->rules[i], &r->m->comparisons[c]);
        if (!seen)
            fault(
                r, "comparisons", c,
                "没有一条训练规则（train）不涉及它的字段，无法估计它的权重：请在 blocking 里加一条",
                "every training rule looks at its fields, so its weights cannot be estimated: add one to blocking");
    }
}

/* ---- the whole ---- */

static void each(struct reader *r, json_t *root, const char *key, size_t most, bool must, size_t *n,
                 void (*read)(struct reader *, json_t *, size_t))
{
    json_t *l = list(r, root, key, most, must, key, 0);

    for (size_t i = 0; i < json_array_size(l) && r->rc == LL_OK; i++) {
        read(r, json_array_get(l, i), i);
        *n = i + 1;
    }
}

static void read_numbers(struct reader *r, json_t *root)
{
    struct ll_link_model *m = r->m;
    json_t *t = json_object_get(root, "thresholds"), *train = json_object_get(root, "training");

    if (t)
        only(r, t, " match review ", "thresholds", 0);
    if (train)
        only(r, train, " random_pairs pairs_per_rule seed ", "training", 0);
    m->match = number(r, t, "match", 0, 1, 0.95, "thresholds", 0);
    m->review = number(r, t, "review", 1e-9, 1, 0.5 < m->match ? 0.5 : m->match, "thresholds", 0);
    if (m->review > m->match)
        fault(r, "thresholds", 0, "review 不能高于 match", "review may not be above match");
    m->cohesion = number(r, root, "cohesion", 0, 1, 0.25, "cohesion", 0);
    m->cluster_max = (size_t)number(r, root, "cluster_max", 2, 1e6, 100, "cluster_max", 0);
    m->block_cap = (int64_t)number(r, root, "block_cap", 1, 1e12, 4e6, "block_cap", 0);
    m->random_pairs = (int64_t)number(r, train, "random_pairs", 1e3, 1e9, 4e6, "training", 0);
    m->pairs_per_rule = (int64_t)number(r, train, "pairs_per_rule", 1e3, 1e9, 4e6, "training", 0);
    m->seed = (int64_t)number(r, train, "seed", 0, 1e9, 1, "training", 0);
}

static void read_model(struct reader *r, json_t *root)
{
    struct ll_link_model *m = r->m;

    only(
        r, root,
        " name title mode resolve id fields identifiers comparisons blocking block_cap thresholds cohesion cluster_max training ",
        "model", 0);
    m->name = text(r, root, "name", "model", 0, true);
    m->id = text(r, root, "id", "model", 0, false);
    const char *mode = text(r, root, "mode", "model", 0, true);
    const char *resolve = text(r, root, "resolve", "model", 0, false);
    if (r->rc < 0)
        return;
    titles(r, root, m->name, &m->zh, &m->en, "model", 0);
    m->dedupe = strcmp(mode, "dedupe") == 0;
    if (!m->dedupe && strcmp(mode, "link") != 0)
        fault(r, "model", 0, "mode 应为 link 或 dedupe", "mode must be link or dedupe");
    m->one_to_one = resolve ? strcmp(resolve, "one_to_one") == 0 : !m->dedupe;
    if (resolve && !m->one_to_one && strcmp(resolve, "cluster") != 0)
        fault(r, "model", 0, "resolve 应为 one_to_one 或 cluster", "resolve must be one_to_one or cluster");
    if (m->dedupe && m->one_to_one)
        fault(r, "model", 0, "去重只能用 cluster", "a table against itself can only make clusters");
    each(r, root, "fields", LL_LINK_FIELDS, true, &m->n_fields, read_field);
    each(r, root, "identifiers", LL_LINK_IDS, false, &m->n_ids, read_id);
    each(r, root, "comparisons", LL_LINK_COMPARISONS, true, &m->n_comparisons, read_comparison);
    each(r, root, "blocking", LL_LINK_RULES, true, &m->n_rules, read_rule);
    read_numbers(r, root);
    if (r->rc == LL_OK)
        check_training(r);
}

int ll_link_model_parse(struct ll_str json, struct ll_arena *arena, struct ll_link_model **ret,
                        struct ll_err *err)
{
    struct reader r = {ll_arena_alloc(arena, sizeof *r.m), arena, err, LL_OK};
    json_t *root = NULL;
    int rc;

    if (!r.m)
        return ll_no_memory(err);
    if ((rc = ll_json_load(json, LL_LINK_MODEL_MAX, "linkage model", &root, err)) < 0)
        return rc;
    read_model(&r, root);
    json_decref(root);
    if (r.rc == LL_OK)
        *ret = r.m;
    return r.rc;
}

/* ---- titles ---- */

void ll_link_rule_title(struct ll_buf *out, const struct ll_link_model *m, const struct ll_link_rule *r)
{
    if (r->name) {
        ll_buf_z(out, r->name);
        return;
    }
    for (size_t k = 0; k < r->n; k++) {
        const struct ll_link_key *key = &r->keys[k];
        ll_buf_printf(out, "%s%s", k ? " + " : "", m->fields[key->field].name);
        if (key->from && key->length)
            ll_buf_printf(out, " (%d, %u)", key->from, key->length);
        else if (key->from)
            ll_buf_printf(out, " (%d...)", key->from);
    }
}

/* The format comes from tbl/link_kinds.h and has at most one %g. */
static void put_kind(struct ll_buf *out, const char *format, double at)
{
    const char *g = strstr(format, "%g");

    if (!g) {
        ll_buf_z(out, format);
        return;
    }
    ll_buf_add(out, format, (size_t)(g - format));
    ll_buf_printf(out, "%g%s", at, g + 2);
}

void ll_link_level_title(struct ll_buf *out, const struct ll_link_model *m,
                         const struct ll_link_comparison *c, int level, enum ll_lang lang)
{
    bool zh = lang == LL_ZH;

    if (level < 0 || level > (int)c->n) {
        ll_buf_z(out, zh ? "一方为空，不作判断" : "empty on one side, says nothing");
        return;
    }
    if (level == 0) {
        ll_buf_z(out, zh ? "不一致" : "different");
        return;
    }
    const struct ll_link_level *l = &c->levels[c->n - (size_t)level];
    const struct ll_link_kind_info *k = &ll_link_kinds[l->kind];
    put_kind(out, zh ? k->zh : k->en, l->at);
    for (size_t f = 0; f < l->n_fields && (l->n_fields > 1 || c->n > 1); f++)
        ll_buf_printf(out, "%s%s", f ? ", " : zh ? "：" : ": ", m->fields[l->fields[f]].name);
}
