/* infer_subject.c - whom the records are about, and whom else they name. */
#include "catalog/infer_parts.h"

#include <string.h>

static const double KIND_SURE = 0.95, IDENTIFIERS_SURE = 0.9;

/* Headers that say whose identifier it is, when it is not the subject's. */
static const struct {
    const char *word, *relation;
} relations[] = {
    {"legal_rep", "legal_representative"},
    {"shareholder", "shareholder"},
    {"contact", "contact"},
    {"guarantee", "guarantor"},
    {"authority", "authority"},
};

static const char *relation_of(const struct ll_header *h)
{
    for (size_t i = 0; i < LL_COUNT(relations); i++)
        if (ll_header_has(h, relations[i].word))
            return relations[i].relation;
    return NULL;
}

/* A column of identifiers of subjects, be it that its element is checked as one or that its values happen to be. */
static bool identifies(const struct ll_inferring *in, size_t at)
{
    const struct ll_element *e = in->inf->columns[at].element;
    const struct ll_stats *s = &in->columns[at].stats;

    if (e->type == LL_TYPE_TEXT)
        return ll_stats_share(s, s->schemes[LL_ID_SUBJECT_ID]) >= IDENTIFIERS_SURE;
    return e->type == LL_TYPE_IDENTIFIER && e->check && strcmp(e->check, "org_code") != 0 &&
           strcmp(e->check, "reg_no") != 0;
}

static bool of_person(const struct ll_inferring *in, size_t at)
{
    return in->columns[at].stats.schemes[LL_ID_RESIDENT_ID] > in->columns[at].stats.schemes[LL_ID_USCC];
}

/* A credit code before a resident number: the person in a firm's record is rarely the one it is about. */
static size_t find_subject(const struct ll_inferring *in)
{
    const struct ll_inference *inf = in->inf;
    size_t best = inf->n;

    for (size_t i = 0; i < inf->n; i++) {
        if (!identifies(in, i) || relation_of(&in->columns[i].header))
            continue;
        if (best == inf->n || (!of_person(in, i) && of_person(in, best)))
            best = i;
    }
    return best;
}

static const char *kind_of(const struct ll_stats *s)
{
    uint64_t all = 0, most = 0;
    size_t which = 0;

    for (size_t i = 0; i < LL_KIND_COUNT; i++) {
        all += s->kinds[i];
        if (s->kinds[i] > most) {
            most = s->kinds[i];
            which = i;
        }
    }
    return all && (double)most / (double)all >= KIND_SURE ? ll_kind_name((enum ll_kind)which) : "any";
}

/* The first name after or before the subject that is nobody else's. */
static void mark_name(struct ll_inferring *in)
{
    for (size_t i = 0; i < in->inf->n; i++) {
        struct ll_guess *g = &in->inf->columns[i];
        const struct ll_header *h = &in->columns[i].header;
        bool name = ll_header_ends(h, "name") || ll_header_ends(h, "person_name");
        bool of_it = h->n == 1 || ll_header_has(h, "enterprise") || ll_header_has(h, "organisation") ||
                     ll_header_has(h, "subject") || ll_header_has(h, "person_name");
        if (name && of_it && g->element->type == LL_TYPE_TEXT && !relation_of(h)) {
            g->role = LL_ROLE_SUBJECT_NAME;
            return;
        }
    }
}

void ll_infer_subject(struct ll_inferring *in)
{
    struct ll_inference *inf = in->inf;
    size_t subject = find_subject(in);

    inf->subject_kind = "none";
    for (size_t i = 0; i < inf->n; i++) {
        struct ll_guess *g = &inf->columns[i];
        if (!identifies(in, i) || i == subject)
            continue;
        const char *relation = relation_of(&in->columns[i].header);
        g->role = LL_ROLE_RELATED;
        g->relation = relation ? relation : "related_party";
    }
    if (subject == inf->n)
        return;
    inf->columns[subject].role = LL_ROLE_SUBJECT;
    inf->subject_kind = kind_of(&in->columns[subject].stats);
    mark_name(in);
}
