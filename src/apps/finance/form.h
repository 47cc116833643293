/* form.h - what an organisation writes of a product or a policy: members named as columns of the pack's table, and whom it is for; checked field by field.
 *
 * (1) Which fields a form has, and what each may hold, is a table (struct ll_form_field).  The first three are title, English title and kind.
 * (2) A form that is well-formed (the right members, none too long) can be kept as a draft; what it says is checked apart, and every fault is told with the field it is in.
 * (3) The texts are as the columns of packs have them (lists divided by |, flags Y or N), so that whoever reads a table's row reads a form. */
#ifndef LL_APPS_FINANCE_FORM_H
#define LL_APPS_FINANCE_FORM_H

#include "apps/finance/target.h"

#include <jansson.h>

enum {
    LL_FORM_FIELDS_MAX = 32,
    LL_FORM_GROUPS = 20,
    LL_FORM_ALTERNATIVES = 8,
    LL_FORM_FAULTS = 64,
    LL_FORM_BYTES = 48 << 10
};
enum { LL_FORM_TITLE, LL_FORM_TITLE_EN, LL_FORM_KIND };

enum ll_form_type {
    LL_FORM_TEXT,
    LL_FORM_WORD,      /* one of the words */
    LL_FORM_CODE,      /* one of the code table */
    LL_FORM_DECIMAL,   /* where two stand beside each other with the same beginning: the lower, the upper */
    LL_FORM_COUNT,     /* the same, whole */
    LL_FORM_DAY_COUNT, /* whole */
    LL_FORM_CODES,     /* of the code table */
    LL_FORM_WORDS,     /* of the words */
    LL_FORM_NAMES,     /* codes of products */
    LL_FORM_LINES,     /* texts, one after another */
    LL_FORM_FLAG,
    LL_FORM_DAY, /* 2026-01-31; of two beside each other the second is not before the first */
    LL_FORM_LINK /* https://... */
};
struct ll_form_field {
    const char *name;
    enum ll_form_type type;
    bool must;
    int64_t most;      /* characters; of numbers the greatest; of lists how many */
    const char *words; /* or the code table */
};
struct ll_form_kind {
    const struct ll_form_field *fields;
    size_t n;
};

struct ll_form_rule {
    size_t group;
    struct ll_str indicator, op, value;
};
struct ll_form {
    const struct ll_form_kind *kind;
    struct ll_str text[LL_FORM_FIELDS_MAX];
    struct ll_form_rule *rules; /* group by group */
    size_t n_rules;
};
struct ll_form_fault {
    const char *field, *text[2]; /* "amount_min"; of a rule "groups.0.1" */
};

/* A member that is not a form's, or of another shape: LL_USAGE.  The texts are copied into the arena. */
int ll_form_read(const struct ll_form_kind *kind, const json_t *json, struct ll_arena *arena,
                 struct ll_form *ret, struct ll_err *err) LL_MUST;
int ll_form_parse(const struct ll_form_kind *kind, struct ll_str json, struct ll_arena *arena,
                  struct ll_form *ret, struct ll_err *err) LL_MUST;
/* The object that ll_form_read reads. */
void ll_form_put(struct ll_json *j, const struct ll_form *form);
/* The text of a field by its name; "": there is none. */
struct ll_str ll_form_text(const struct ll_form *form, const char *name);

/* What a form is checked against. */
struct ll_form_env {
    const struct ll_feature_set *set;
    const struct ll_catalog *cat;
    struct ll_arena *arena;
    bool (*known)(const void *ctx, struct ll_str name); /* a product; NULL: any */
    const void *ctx;
};
/* At most LL_FORM_FAULTS of them, in arena; none: *ret_n is 0. */
int ll_form_check(const struct ll_form *form, const struct ll_form_env *env, struct ll_form_fault **ret,
                  size_t *ret_n, struct ll_err *err) LL_MUST;
/* What each rule says in plain words, as an array of groups of rules; null where it says nothing yet. */
int ll_form_put_rules(struct ll_json *j, const struct ll_form *form, const struct ll_form_env *env,
                      struct ll_err *err) LL_MUST;
/* "faults" into an object that is open. */
void ll_form_put_faults(struct ll_json *j, const struct ll_form_fault *faults, size_t n);

/* Rules as the rows of a pack's table have them: basis own. */
struct ll_target_rule_cells {
    struct ll_str group, cells[LL_RULE_CELLS];
};
/* One a rule of the form, in arena. */
int ll_form_rule_cells(const struct ll_form *form, struct ll_arena *arena, struct ll_target_rule_cells **ret,
                       struct ll_err *err) LL_MUST;

#endif
