/* infer.h - proposes a resource for a file: which element each column is, what its key is, whom it is about.
 *
 * What a column is called and what its values look like are weighed together; every proposal says how sure it is and why, in words,
 * so that a steward can agree or correct it in a spreadsheet.  The values themselves are shown masked. */
#ifndef LL_CATALOG_INFER_H
#define LL_CATALOG_INFER_H

#include "base/json.h"
#include "catalog/catalog.h"
#include "catalog/transform.h"
#include "lake/rows.h"
#include "standard/ident.h"

enum { LL_INFER_COLUMNS_MAX = 500, LL_INFER_EXAMPLES = 3 };

struct ll_infer_opts {
    const char
        *name; /* of the resource; NULL: from file_name when that gives one, otherwise "new_resource" */
    const char *title;    /* NULL: file_name without its ending */
    const char *provider; /* an organisation's code; NULL: left to the steward */
    const char *file_name;
    uint64_t rows; /* how many to look at; 0: 20000 */
};

struct ll_guess {
    const char *header;               /* as the file has it */
    const char *source;               /* how a mapping names it: the header, or #3 */
    unsigned position;                /* from 1 */
    const char *item;                 /* name, unique within the resource */
    const char *title;                /* NULL: the element's */
    const struct ll_element *element; /* of the catalogue, or proposed */
    bool is_new;           /* no element of the catalogue fits: `element` is a proposal for elements.csv */
    const char *transform; /* NULL: by the element's type */
    const char *arguments; /* NULL: none */
    unsigned key;
    enum ll_role role;
    const char *relation;
    unsigned confidence;                     /* percent */
    const char *reason[2];                   /* by enum ll_lang */
    const char *examples[LL_INFER_EXAMPLES]; /* masked; NULL past the last */
    uint64_t nulls, distinct;
};

struct ll_inference {
    const char *name, *title, *provider, *subject_kind;
    bool increment;        /* the file has a column of delete marks (docs/packs.md); it is no item */
    const char *needs[16]; /* packs whose elements are used */
    size_t n_needs;
    struct ll_guess *columns;
    size_t n;
    uint64_t rows, faulty; /* looked at; of these, not decoded whole */
    const char *key_reason[2];
};

/* Reads up to opts->rows rows (and leaves the rest unread).  The result lives in arena and points into cat. */
int ll_infer(struct ll_rows *rows, const struct ll_str *headers, size_t n, const struct ll_catalog *cat,
             const struct ll_infer_opts *opts, struct ll_arena *arena, struct ll_inference *ret,
             struct ll_err *err) LL_MUST;
/* Writes it as a pack: pack.json, resources.csv, items.csv, mappings/NAME.csv and, when there are new ones, elements.csv, with notes in
 * columns that start with '#'.  What only a person can decide is left empty, so that `pack check` asks for it.  The folder must be
 * new or empty (LL_CONFLICT). */
int ll_infer_write(const struct ll_inference *inf, const char *dir, struct ll_err *err) LL_MUST;
void ll_infer_text(const struct ll_inference *inf, enum ll_lang lang, struct ll_buf *out);
void ll_infer_json(const struct ll_inference *inf, struct ll_json *j);

#endif
