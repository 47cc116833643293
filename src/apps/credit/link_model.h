/* link_model.h - what a linkage compares: fields, comparisons with their levels, blocking rules, thresholds (docs/internals/linkage.md).
 *
 * A model is a JSON file of a pack, read strictly: an unknown word, a field that is not there or a rule that nothing can be trained
 * by is refused, and the message says where and what to change.  Everything has a bound. */
#ifndef LL_APPS_CREDIT_LINK_MODEL_H
#define LL_APPS_CREDIT_LINK_MODEL_H

#include "apps/credit/tbl/link_kinds.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "standard/ident.h"

enum {
    LL_LINK_FIELDS = 32,
    LL_LINK_FROMS = 4,
    LL_LINK_IDS = 8,
    LL_LINK_COMPARISONS = 24,
    LL_LINK_LEVELS = 10,
    LL_LINK_RULES = 24,
    LL_LINK_KEYS = 6,
    LL_LINK_MODEL_MAX = 1 << 20
};

#define X(name, ...) LL_LINK_##name,
enum ll_link_kind { LL_LINK_KINDS(X) LL_LINK_KIND_COUNT };
#undef X
#define X(name, ...) LL_LINK_CLEAN_##name,
enum ll_link_clean { LL_LINK_CLEANS(X) LL_LINK_CLEAN_COUNT };
#undef X
enum ll_link_takes { LL_LINK_TAKES_TEXT, LL_LINK_TAKES_NUMBER, LL_LINK_TAKES_DATE };

struct ll_link_kind_info {
    const char *word, *measure;
    int sign;
    enum ll_link_takes takes;
    const char *zh, *en;
};
extern const struct ll_link_kind_info ll_link_kinds[LL_LINK_KIND_COUNT];
extern const char *const ll_link_clean_sql[LL_LINK_CLEAN_COUNT];

struct ll_link_field {
    const char *name;
    const char *from[LL_LINK_FROMS]; /* columns, put together with blanks between */
    size_t n_from;
    enum ll_link_clean clean;
    bool sensitive; /* shown masked */
    bool tf;        /* some level asks for its frequencies */
    bool numeric;   /* some level wants its number or day */
    enum ll_link_takes takes;
};

struct ll_link_level {
    enum ll_link_kind kind;
    size_t fields[LL_LINK_FROMS], n_fields;
    double at;
    bool tf; /* EXACT of one field: weighed by how frequent the value is */
};

/* Level n is levels[0], the strongest; level 1 the last; 0 none of them; -1: nothing to compare. */
struct ll_link_comparison {
    const char *name, *zh, *en;
    struct ll_link_level levels[LL_LINK_LEVELS];
    size_t n;
};

struct ll_link_key {
    size_t field;
    int from;        /* 1: the first character; negative: from the end; 0: the whole */
    unsigned length; /* 0: the rest */
};
struct ll_link_rule {
    const char *name;
    struct ll_link_key keys[LL_LINK_KEYS];
    size_t n;
    bool train, use; /* use: makes pairs in a run, too */
};

struct ll_link_id {
    const char *from;
    enum ll_scheme scheme;
};

struct ll_link_model {
    const char *name, *zh, *en, *id; /* id: the column that names a record */
    bool dedupe;                     /* one table against itself */
    bool one_to_one;                 /* else clusters */
    struct ll_link_field fields[LL_LINK_FIELDS];
    struct ll_link_id ids[LL_LINK_IDS];
    struct ll_link_comparison comparisons[LL_LINK_COMPARISONS];
    struct ll_link_rule rules[LL_LINK_RULES];
    size_t n_fields, n_ids, n_comparisons, n_rules;
    double match, review; /* probabilities */
    double cohesion; /* of the pairs between two clusters, the share that must match before they become one */
    size_t cluster_max;     /* records a cluster may have */
    int64_t block_cap;      /* pairs that one value of a rule's key may make */
    int64_t random_pairs;   /* for u */
    int64_t pairs_per_rule; /* for m, a session */
    int64_t seed;
};

/* Texts are copied into the arena. */
int ll_link_model_parse(struct ll_str json, struct ll_arena *arena, struct ll_link_model **ret,
                        struct ll_err *err) LL_MUST;
/* Whether a rule looks at a field that the comparison compares, so that it says nothing about it. */
bool ll_link_rule_touches(const struct ll_link_rule *r, const struct ll_link_comparison *c);
/* "surname (1-4) + dob" */
void ll_link_rule_title(struct ll_buf *out, const struct ll_link_model *m, const struct ll_link_rule *r);
/* "names alike, 0.9 or more: given name"; level as in the comment above. */
void ll_link_level_title(struct ll_buf *out, const struct ll_link_model *m,
                         const struct ll_link_comparison *c, int level, enum ll_lang lang);

#endif
