/* config.c - see config.h.  A setting is a row that says where its field lies in struct ll_settings; nothing here knows a setting by name. */
#include "base/config.h"

#include "base/fs.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAGIC = 0x6c6c6366, FILE_MAX = 1 << 20, NAME_MAX_ = 48 };

static const struct ll_setting rows[] = {
#define X(name, type, min, max, fallback, unit, flags, zh, en)                                               \
    {#name, LL_SET_##type, min, max, fallback, unit, LL_SET_##flags, zh, en},
    LL_SETTINGS(X)
#undef X
};

static const size_t offsets[] = {
#define X(name, ...) offsetof(struct ll_settings, name),
    LL_SETTINGS(X)
#undef X
};

struct ll_config {
    unsigned magic;
    struct ll_settings values;
    enum ll_origin from[LL_COUNT(rows)];
    char *owned[LL_COUNT(rows)]; /* text values; the struct's fields point here */
};

static const struct {
    const char *name;
    unsigned shift;
} byte_units[] = {{"TiB", 40}, {"GiB", 30}, {"MiB", 20}, {"KiB", 10}, {"", 0}};

size_t ll_setting_count(void)
{
    return LL_COUNT(rows);
}

const struct ll_setting *ll_setting_at(size_t i)
{
    LL_ASSERT(i < LL_COUNT(rows));
    return &rows[i];
}

const char *ll_set_type_name(enum ll_set_type t)
{
    static const char *const names[] = {"number", "size", "text", "choice"};

    return names[t];
}

const char *ll_origin_title(enum ll_origin from, enum ll_lang lang)
{
    static const char *const titles[][2] = {
        {"默认", "default"}, {"配置文件", "file"}, {"环境变量", "environment"}, {"命令行", "command line"}};

    return titles[from][lang == LL_EN];
}

static void *field(struct ll_config *c, size_t i)
{
    return (char *)&c->values + offsets[i];
}

static bool find_row(struct ll_str name, size_t *ret)
{
    for (size_t i = 0; i < LL_COUNT(rows); i++)
        if (ll_str_is(name, rows[i].name)) {
            *ret = i;
            return true;
        }
    return false;
}

static bool parse_bytes(struct ll_str v, uint64_t *ret)
{
    int64_t n;

    for (size_t i = 0; i < LL_COUNT(byte_units); i++) {
        struct ll_str unit = ll_str(byte_units[i].name);
        if (!ll_str_ends(v, unit))
            continue;
        struct ll_str digits = ll_str_trim((struct ll_str){v.p, v.n - unit.n});
        if (!ll_str_i64(digits, 0, INT64_MAX >> byte_units[i].shift, &n))
            return false;
        *ret = (uint64_t)n << byte_units[i].shift;
        return true;
    }
    return false;
}

static void show_bytes(struct ll_buf *out, uint64_t v)
{
    for (size_t i = 0; i < LL_COUNT(byte_units); i++) {
        uint64_t unit = 1ull << byte_units[i].shift;
        if (v % unit == 0 && (v >= unit || unit == 1)) {
            ll_buf_printf(out, "%llu%s", (unsigned long long)(v / unit), byte_units[i].name);
            return;
        }
    }
}

static int set_number(struct ll_config *c, size_t i, struct ll_str v, struct ll_err *err)
{
    const struct ll_setting *row = &rows[i];
    struct ll_buf min = LL_BUF_INIT(64), max = LL_BUF_INIT(64);
    bool bytes = row->type == LL_SET_BYTES;
    uint64_t n = 0;
    int64_t plain = 0;
    bool fits = bytes ? parse_bytes(v, &n) : ll_str_i64(v, 0, INT64_MAX, &plain);
    int rc = LL_OK;

    if (!bytes)
        n = (uint64_t)plain;
    if (fits && n >= row->min && n <= row->max) {
        *(uint64_t *)field(c, i) = n;
        return LL_OK;
    }
    if (bytes) {
        show_bytes(&min, row->min);
        show_bytes(&max, row->max);
        rc = ll_fail(err, LL_INVALID, "设置项 %s 的值“%.*s”不对：应为 %s 到 %s 的大小，例如 %s",
                     "setting %s: '%.*s' is not a size from %s to %s, such as %s", row->name, LL_STR_ARG(v),
                     min.p, max.p, row->fallback);
    } else {
        rc = ll_fail(err, LL_INVALID, "设置项 %s 的值“%.*s”不对：应为 %llu 到 %llu 的整数",
                     "setting %s: '%.*s' is not a whole number from %llu to %llu", row->name, LL_STR_ARG(v),
                     (unsigned long long)row->min, (unsigned long long)row->max);
    }
    ll_buf_free(&min);
    ll_buf_free(&max);
    return rc;
}

static int set_text(struct ll_config *c, size_t i, struct ll_str v, struct ll_err *err)
{
    const struct ll_setting *row = &rows[i];

    if (v.n < row->min || v.n > row->max || memchr(v.p, 0, v.n) != NULL || ll_utf8_bad(v) != v.n)
        return ll_fail(err, LL_INVALID, "设置项 %s 的值不对：应为 %llu 到 %llu 字节的 UTF-8 文本",
                       "setting %s: the value must be %llu to %llu bytes of UTF-8 text", row->name,
                       (unsigned long long)row->min, (unsigned long long)row->max);
    char *copy = strndup(v.p, v.n);
    if (!copy)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    free(c->owned[i]);
    c->owned[i] = copy;
    *(const char **)field(c, i) = copy;
    return LL_OK;
}

static int set_choice(struct ll_config *c, size_t i, struct ll_str v, struct ll_err *err)
{
    struct ll_str rest = ll_str(rows[i].unit), word;

    for (unsigned at = 0; rest.n; at++) {
        ll_str_cut(rest, '|', &word, &rest);
        if (ll_str_eq(word, v)) {
            *(unsigned *)field(c, i) = at;
            return LL_OK;
        }
    }
    return ll_fail(err, LL_INVALID, "设置项 %s 的值“%.*s”不对：应为 %s 之一",
                   "setting %s: '%.*s' is none of %s", rows[i].name, LL_STR_ARG(v), rows[i].unit);
}

static int set_row(struct ll_config *c, size_t i, struct ll_str v, struct ll_err *err)
{
    static int (*const setters[])(struct ll_config *, size_t, struct ll_str, struct ll_err *) = {
        [LL_SET_UINT] = set_number,
        [LL_SET_BYTES] = set_number,
        [LL_SET_TEXT] = set_text,
        [LL_SET_CHOICE] = set_choice,
    };

    return setters[rows[i].type](c, i, v, err);
}

int ll_config_new(struct ll_config **ret, struct ll_err *err)
{
    struct ll_config *c = calloc(1, sizeof *c);

    if (!c)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    c->magic = MAGIC;
    for (size_t i = 0; i < LL_COUNT(rows); i++) {
        int rc = set_row(c, i, ll_str(rows[i].fallback), err);
        if (rc < 0) {
            ll_config_free(c);
            return rc;
        }
    }
    *ret = c;
    return LL_OK;
}

struct ll_config *ll_config_free(struct ll_config *c)
{
    if (!c)
        return NULL;
    LL_CHECK(c, MAGIC);
    for (size_t i = 0; i < LL_COUNT(rows); i++)
        free(c->owned[i]);
    c->magic = 0;
    free(c);
    return NULL;
}

int ll_config_set(struct ll_config *c, struct ll_str name, struct ll_str value, enum ll_origin from,
                  struct ll_err *err)
{
    size_t i;

    LL_CHECK(c, MAGIC);
    if (!find_row(name, &i))
        return ll_fail(err, LL_INVALID, "没有名为“%.*s”的设置项；luling settings 列出全部",
                       "there is no setting '%.*s'; luling settings lists all", LL_STR_ARG(name));
    if (from == LL_FROM_FILE && (rows[i].flags & LL_SET_NOFILE))
        return ll_fail(err, LL_INVALID, "设置项 %s 不能写在配置文件里：配置文件要靠它才能找到",
                       "setting %s may not stand in the file: the file is found with it", rows[i].name);
    if (from < c->from[i]) {
        struct ll_config probe = {.magic = MAGIC}; /* outranked, but a mistake in it is still told */
        int rc = set_row(&probe, i, value, err);
        free(probe.owned[i]);
        return rc;
    }
    int rc = set_row(c, i, value, err);
    if (rc == LL_OK)
        c->from[i] = from;
    return rc;
}

int ll_config_assign(struct ll_config *c, const char *assignment, struct ll_err *err)
{
    struct ll_str name, value;

    if (!ll_str_cut(ll_str(assignment), '=', &name, &value))
        return ll_fail(err, LL_USAGE, "“%s”不是 名称=值 的形式", "'%s' is not of the form name=value",
                       assignment);
    return ll_config_set(c, ll_str_trim(name), ll_str_trim(value), LL_FROM_ARGS, err);
}

static int file_line(struct ll_config *c, struct ll_str line, struct ll_err *err)
{
    struct ll_str name, value;

    line = ll_str_trim(line);
    if (line.n == 0 || line.p[0] == '#')
        return LL_OK;
    if (!ll_str_cut(line, '=', &name, &value))
        return ll_fail(err, LL_INVALID, "不是“名称 = 值”的形式", "not of the form name = value");
    return ll_config_set(c, ll_str_trim(name), ll_str_trim(value), LL_FROM_FILE, err);
}

int ll_config_file(struct ll_config *c, const char *path, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(FILE_MAX);
    struct ll_str line, rest;
    int rc = ll_fs_exists(path)
                 ? ll_fs_read(path, FILE_MAX, &text, err)
                 : ll_fail(err, LL_NOTFOUND, "没有配置文件 %s", "there is no settings file %s", path);

    rest = ll_buf_view(&text);
    if (ll_str_starts(rest, LL_STR("\xef\xbb\xbf"))) /* Windows editors put one */
        rest = (struct ll_str){rest.p + 3, rest.n - 3};
    for (unsigned number = 1; rc == LL_OK && rest.n; number++) {
        ll_str_cut(rest, '\n', &line, &rest);
        if ((rc = file_line(c, line, err)) < 0) {
            char where[LL_PATH + 32];
            snprintf(where, sizeof where, "%s:%u", path, number);
            rc = ll_fail_in(err, where, where);
        }
    }
    ll_buf_free(&text);
    return rc;
}

int ll_config_env(struct ll_config *c, struct ll_err *err)
{
    for (size_t i = 0; i < LL_COUNT(rows); i++) {
        char name[NAME_MAX_];
        int n = snprintf(name, sizeof name, "LULING_%s", rows[i].name);
        for (int k = 0; k < n; k++)
            name[k] = (char)toupper((unsigned char)name[k]);
        const char *value = getenv(name);
        if (!value || !value[0])
            continue;
        int rc = ll_config_set(c, ll_str(rows[i].name), ll_str(value), LL_FROM_ENV, err);
        if (rc < 0)
            return ll_fail_in(err, name, name);
    }
    return LL_OK;
}

const struct ll_settings *ll_config_values(const struct ll_config *c)
{
    LL_CHECK(c, MAGIC);
    return &c->values;
}

static void show_choice(struct ll_buf *out, const char *choices, unsigned at)
{
    struct ll_str rest = ll_str(choices), word = {0};

    for (unsigned i = 0; i <= at; i++)
        ll_str_cut(rest, '|', &word, &rest);
    ll_buf_str(out, word);
}

enum ll_origin ll_config_show(const struct ll_config *c, size_t i, struct ll_buf *out)
{
    LL_CHECK(c, MAGIC);
    LL_ASSERT(i < LL_COUNT(rows));
    const void *at = (const char *)&c->values + offsets[i];

    switch (rows[i].type) {
    case LL_SET_UINT:
        ll_buf_printf(out, "%llu", (unsigned long long)*(const uint64_t *)at);
        break;
    case LL_SET_BYTES:
        show_bytes(out, *(const uint64_t *)at);
        break;
    case LL_SET_TEXT:
        ll_buf_z(out, *(const char *const *)at);
        break;
    case LL_SET_CHOICE:
        show_choice(out, rows[i].unit, *(const unsigned *)at);
        break;
    }
    return c->from[i];
}
