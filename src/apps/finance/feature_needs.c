/* feature_needs.c - what an indicator rests on: other indicators, and items of resources. */
#include "apps/finance/feature_impl.h"

#include <string.h>

static bool word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool mentions(const char *expression, const char *name)
{
    size_t n = strlen(name);

    for (const char *p = expression; (p = strstr(p, name)); p += n)
        if ((p == expression || !word_char(p[-1])) && !word_char(p[n]))
            return true;
    return false;
}

bool ll_feature_mentions(const struct ll_feature *f, const char *name)
{
    return mentions(f->value, name) || mentions(f->where, name);
}

void ll_features_close(const struct ll_feature_set *set, bool *uses)
{
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < set->n; i++) {
            if (!uses[i] || set->features[i].combine != LL_COMBINE_OF)
                continue;
            for (size_t k = 0; k < set->n; k++)
                if (!uses[k] && ll_feature_mentions(&set->features[i], set->features[k].name))
                    more = uses[k] = true;
        }
    }
}

size_t ll_features_items(const struct ll_feature_set *set, const bool *uses, size_t group, struct ll_str *ret)
{
    const struct ll_resource *r = set->groups[group];
    size_t n = 0;

    for (size_t k = 0; k < r->n_items; k++) {
        bool wanted = false;
        for (size_t i = 0; i < set->n && !wanted; i++) {
            const struct ll_feature *f = &set->features[i];
            wanted = uses[i] && f->group == group &&
                     (f->date == &r->items[k] || ll_feature_mentions(f, r->items[k].name));
        }
        if (wanted)
            ret[n++] = ll_str(r->items[k].name);
    }
    return n;
}
