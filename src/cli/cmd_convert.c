/* cmd_convert.c - convert: what a converter of the standard makes of a value, to try out before writing a mapping. */
#include "cli/out.h"

#include "base/clock.h"
#include "standard/convert.h"

#include <string.h>

enum { VALUE_MAX = 1 << 20, AMOUNT_SCALE = 4 };

typedef enum ll_cv (*text_converter)(struct ll_str raw, struct ll_buf *scratch, struct ll_str *out);

static const struct {
    const char *name;
    text_converter convert;
} text_converters[] = {
    {"text", ll_cv_text},   {"narrow", ll_cv_narrow},   {"company", ll_cv_company},
    {"phone", ll_cv_phone}, {"address", ll_cv_address},
};

static enum ll_cv convert_text(const char *to, struct ll_str raw, struct ll_buf *out)
{
    struct ll_buf scratch = LL_BUF_INIT(VALUE_MAX);
    struct ll_str made = {0};
    enum ll_cv cv = LL_CV_BAD;

    for (size_t i = 0; i < LL_COUNT(text_converters); i++)
        if (strcmp(to, text_converters[i].name) == 0)
            cv = text_converters[i].convert(raw, &scratch, &made);
    if (cv == LL_CV_OK)
        ll_buf_str(out, made);
    ll_buf_free(&scratch);
    return cv;
}

static enum ll_cv convert_date(struct ll_str raw, struct ll_buf *out)
{
    char text[16];
    int32_t days;
    enum ll_cv cv = ll_cv_date(raw, &days);

    if (cv == LL_CV_OK)
        ll_buf_add(out, text, ll_date_text(days, text));
    return cv;
}

static enum ll_cv convert_datetime(struct ll_str raw, struct ll_buf *out)
{
    char text[LL_TIME_TEXT];
    int64_t us;
    enum ll_cv cv = ll_cv_datetime(raw, &us);

    if (cv != LL_CV_OK)
        return cv;
    ll_time_text(us / 1000, text);
    text[strlen(text) - 1] = 0; /* a local time has no zone, so no Z */
    ll_buf_z(out, text);
    return cv;
}

static void put_decimal(ll_i128 value, unsigned scale, struct ll_buf *out)
{
    char text[48];

    ll_buf_add(out, text, ll_decimal_text(value, scale, text));
}

static enum ll_cv convert_amount(const struct ll_cli *c, struct ll_str raw, struct ll_buf *out)
{
    const char *unit = c->opts[LL_OPT_convert_unit];
    char currency[4];
    ll_i128 value;
    enum ll_cv cv = ll_cv_amount(raw, unit ? ll_str(unit) : LL_STR("元"), AMOUNT_SCALE, &value, currency);

    if (cv == LL_CV_OK) {
        put_decimal(value, AMOUNT_SCALE, out);
        ll_buf_printf(out, " %s", currency);
    }
    return cv;
}

static enum ll_cv convert_boolean(struct ll_str raw, struct ll_buf *out)
{
    bool value;
    enum ll_cv cv = ll_cv_boolean(raw, &value);

    if (cv == LL_CV_OK)
        ll_buf_z(out, value ? "true" : "false");
    return cv;
}

static enum ll_cv convert_integer(struct ll_str raw, struct ll_buf *out)
{
    int64_t value;
    enum ll_cv cv = ll_cv_integer(raw, &value);

    if (cv == LL_CV_OK)
        ll_buf_printf(out, "%lld", (long long)value);
    return cv;
}

static enum ll_cv convert(const struct ll_cli *c, struct ll_str raw, struct ll_buf *out)
{
    static const struct {
        const char *name;
        enum ll_cv (*convert)(struct ll_str raw, struct ll_buf *out);
    } typed[] = {{"date", convert_date},
                 {"datetime", convert_datetime},
                 {"boolean", convert_boolean},
                 {"integer", convert_integer}};
    const char *to = c->args[0];

    for (size_t i = 0; i < LL_COUNT(typed); i++)
        if (strcmp(to, typed[i].name) == 0)
            return typed[i].convert(raw, out);
    return strcmp(to, "amount") == 0 ? convert_amount(c, raw, out) : convert_text(to, raw, out);
}

int ll_cmd_convert(struct ll_cli *c, struct ll_err *err)
{
    static const struct ll_column columns[] = {{"value", "原值", "value", LL_LEFT},
                                               {"result", "结果", "result", LL_LEFT},
                                               {"outcome", "说明", "outcome", LL_LEFT}};
    static const char *const words[] = {"ok", "empty", "bad"}, *const titles[] = {"", "视为空", "无法识别"};
    struct ll_grid *grid = ll_grid_new(c, columns, LL_COUNT(columns));
    struct ll_buf made = LL_BUF_INIT(VALUE_MAX);
    size_t bad = 0;

    for (size_t i = 1; i < c->n_args; i++) {
        ll_buf_clear(&made);
        enum ll_cv cv = convert(c, ll_str(c->args[i]), &made);
        bad += cv == LL_CV_BAD;
        ll_grid_z(grid, c->args[i]);
        ll_grid_str(grid, cv == LL_CV_OK ? ll_buf_view(&made) : (struct ll_str){0});
        ll_grid_word(grid, words[cv], ll_say(c, titles[cv], cv == LL_CV_OK ? "" : words[cv]));
    }
    ll_buf_free(&made);
    int rc = ll_grid_end(grid, err);
    if (rc == LL_OK && bad)
        return ll_fail(err, LL_INVALID, "%zu 个值无法识别", "%zu values could not be read", bad);
    return rc;
}
