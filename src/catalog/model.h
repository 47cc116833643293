/* model.h - the catalogue's objects as the program uses them: plain structs in an arena, read-only once loaded.
 *
 * A struct ll_resource is self-contained: items point to their elements, elements to their code tables, so that compiling a
 * mapping or showing a page needs no further look-up. */
#ifndef LL_CATALOG_MODEL_H
#define LL_CATALOG_MODEL_H

#include "standard/codes.h"
#include "standard/element.h"

enum ll_mode { LL_SNAPSHOT, LL_INCREMENT };
enum ll_severity { LL_SEV_ERROR, LL_SEV_WARNING };
enum ll_role { LL_ROLE_NONE, LL_ROLE_SUBJECT, LL_ROLE_SUBJECT_NAME, LL_ROLE_RELATED };

struct ll_organisation {
    const char *code, *name, *name_en, *region, *parent, *role, *uscc, *basis, *pack;
};

struct ll_item {
    const char *name, *title, *title_en;
    const struct ll_element *element;
    const struct ll_codeset *codes; /* of element->code_table; NULL for other types */
    bool required, unique;
    unsigned key; /* 1.. position in the key, 0: not part of it */
    enum ll_role role;
    const char *relation;                /* role related */
    const char *ref_resource, *ref_item; /* references; NULL: none */
    unsigned grade;
    const char *fallback; /* column `default`: taken when the source is empty */
};

struct ll_map_row {
    const char *source; /* header alternatives divided by '|', or "#3" */
    const struct ll_item *item;
    const char *transform; /* NULL: by the element's type */
    const char *arguments; /* NULL: none */
};

struct ll_mapping {
    const char *variant; /* NULL: the default mapping */
    struct ll_map_row *rows;
    size_t n;
};

struct ll_check {
    const char *name, *predicate, *message, *message_en;
    enum ll_severity severity;
    enum ll_dimension dimension;
};

struct ll_resource {
    const char *name, *code, *title, *title_en, *provider, *provider_name, *summary, *summary_en;
    const char *format, *share_type, *share_condition, *share_mode, *open, *open_condition, *update_cycle;
    const char *published, *related, *subject_kind, *keywords, *scenario, *legal_basis, *basis, *pack;
    unsigned grade, version;
    enum ll_mode mode;
    unsigned change_limit; /* percent */
    struct ll_item *items;
    size_t n_items;
    const struct ll_item **key; /* n_key items in key order */
    size_t n_key;
    struct ll_mapping *mappings;
    size_t n_mappings;
    struct ll_check *checks;
    size_t n_checks;
};

/* What a pack says of itself. */
struct ll_pack_info {
    const char *name, *version, *title, *title_en, *description, *description_en;
    bool sample; /* its records are made up */
    const char **needs;
    size_t n_needs;
    const char *sha256;
    int64_t loaded_at; /* ms; 0 when it is not loaded */
};

/* One row of a code table as a pack writes it; struct ll_codeset is what look-ups use. */
struct ll_code_row {
    const char *code, *title, *title_en, *parent, *synonyms, *basis, *source;
    bool historical;
};

struct ll_code_table {
    const char *name;
    struct ll_code_row *rows;
    size_t n;
};

struct ll_view {
    const char *name, *sql, *pack;
};

/* What a service gives or takes, and where that comes from. */
enum ll_service_use {
    LL_SERVICE_OUTPUT,   /* the caller gets it */
    LL_SERVICE_INPUT,    /* a view reads it and does not give it */
    LL_SERVICE_PARAMETER /* the caller sets it */
};
struct ll_service_item {
    const char *name, *title, *title_en;
    enum ll_service_use use;
    const char *resource, *item; /* NULL: computed by the view, or a parameter */
    const char
        *rests_on; /* of an output: further items behind its value, "resource.item" divided by blanks; NULL */
    const char *element;               /* tells type, codes and grade */
    const char *fallback, *low, *high; /* of a parameter; NULL: none */
    bool required;                     /* a parameter that must be given */
};

/* A named view over one or more resources: joined by subject or key (view NULL), or the rows of a view. */
struct ll_service {
    const char *name, *title, *title_en, *summary, *summary_en, *view, *pack;
    unsigned version, row_limit, time_ms;
    bool callable; /* by consumers; otherwise for the pages of the pack only */
    struct ll_service_item *items;
    size_t n_items;
    const char **resources; /* each that an item comes from, once */
    size_t n_resources;
};
enum { LL_SERVICE_RESOURCES_MAX = 8, LL_SERVICE_ITEMS_MAX = 200, LL_SERVICE_ROWS_MAX = 1000 };

/* A page of the console that a pack declares: its pages.json in the form of docs/packs.md, checked. */
struct ll_page {
    const char *key; /* pack/name */
    const char *pack, *name, *body;
};

enum { LL_TYPE_TEXT_MAX = 24 };
/* The type as packs write it: "decimal(18,2)". */
char *ll_element_type(const struct ll_element *e, char out[LL_TYPE_TEXT_MAX]);
/* Items of grades 3 and 4 are sealed wherever they are stored (ARCHITECTURE.md, "Sealed items"). */
enum { LL_GRADE_SEALED = 3 };
bool ll_item_sealed(const struct ll_item *item);
bool ll_item_blind(const struct ll_item *item); /* sealed, and looked for: it has a blind index */
bool ll_key_sealed(const struct ll_resource
                       *r); /* a part of the key is: records are found by the blind index of the whole */
bool ll_resource_sealed(const struct ll_resource *r); /* any item is */
/* NULL: it has no such item of that use. */
const struct ll_service_item *ll_service_item(const struct ll_service *s, enum ll_service_use use,
                                              struct ll_str name);
const struct ll_item *ll_resource_item(const struct ll_resource *r, struct ll_str name);
/* Whether this value of the item identifies a natural person, so that it is masked wherever masking is asked for. */
bool ll_item_is_person(const struct ll_item *item, struct ll_str value);

#endif
