/* rescode.c - see rescode.h. */
#include "catalog/rescode.h"

#include "catalog/tbl/rescodes.h"

struct title {
    const char *digits, *text[2];
};

#define X(digits, zh, en) {digits, {zh, en}},
static const struct title classes[] = {LL_RESCODE_CLASSES(X)};
static const struct title groups[] = {LL_RESCODE_GROUPS(X)};
#undef X

enum { CLASS_LEN = 1, GROUP_LEN = 2, SECTION_LEN = 3, HEAD_LEN = 6, CODE_MAX = 64 };

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool letter_or_digit(char c)
{
    return digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static struct ll_str part(struct ll_str s, size_t from, size_t n)
{
    return (struct ll_str){s.p + from, n};
}

bool ll_rescode_parse(struct ll_str s, struct ll_rescode *ret, size_t *bad)
{
    size_t slash = HEAD_LEN, i;

    for (*bad = 0; *bad < HEAD_LEN; (*bad)++)
        if (*bad >= s.n || !digit(s.p[*bad]))
            return false;
    while (slash < s.n && letter_or_digit(s.p[slash]))
        slash++;
    *bad = slash;
    if (slash >= s.n || s.p[slash] != '/' || s.n > CODE_MAX)
        return false;
    for (i = slash + 1; i < s.n && digit(s.p[i]); i++)
        ;
    *bad = i;
    if (i < s.n || i == slash + 1)
        return false;
    *bad = 0;
    *ret = (struct ll_rescode){
        .class_ = part(s, 0, CLASS_LEN),
        .group = part(s, CLASS_LEN, GROUP_LEN),
        .section = part(s, CLASS_LEN + GROUP_LEN, SECTION_LEN),
        .detail = part(s, HEAD_LEN, slash - HEAD_LEN),
        .number = part(s, slash + 1, s.n - slash - 1),
    };
    return ll_rescode_class_title(ret, LL_ZH) != NULL;
}

static const char *title_of(const struct title *list, size_t n, struct ll_str digits, enum ll_lang lang)
{
    for (size_t i = 0; i < n; i++)
        if (ll_str_is(digits, list[i].digits))
            return list[i].text[lang];
    return NULL;
}

const char *ll_rescode_class_title(const struct ll_rescode *c, enum ll_lang lang)
{
    return title_of(classes, LL_COUNT(classes), c->class_, lang);
}

const char *ll_rescode_group_title(const struct ll_rescode *c, enum ll_lang lang)
{
    struct ll_str both = {c->class_.p, CLASS_LEN + GROUP_LEN};

    return title_of(groups, LL_COUNT(groups), both, lang);
}
