/* subject.h - everything that is known of one subject: its identifiers, and its records in every resource.
 *
 * A subject is found by any identifier or by its name.  Its identifiers are expanded until nothing new comes: by computation (the
 * organisation code inside a credit code) and by records (a record with several items of role `subject` says that they name the
 * same subject).  Every resource is then asked by the indexed columns of role subject and related.  Names never tie subjects
 * together: several may share one.
 *
 * Everything is bounded: identifiers, records shown a resource, records counted a resource.  Results live in the caller's arena. */
#ifndef LL_SHARE_SUBJECT_H
#define LL_SHARE_SUBJECT_H

#include "share/record.h"
#include "standard/ident.h"

/* What is to be said of a record beside what it says itself, as bits. */
enum ll_record_mark {
    LL_RECORD_DISPUTED = 1,
    LL_RECORD_WITHHELD = 2 /* left out of the profile */
};
/* key: the record's, as a JSON array of texts. */
typedef int ll_record_mark_fn(void *ctx, const struct ll_resource *r, struct ll_str key, unsigned *ret,
                              struct ll_err *err);

/* A record of the subject as it is found, each once; and what may look at it while the table stands on it. */
struct ll_subject_seen {
    const struct ll_resource *resource;
    const char *relation; /* NULL: the subject's own */
    unsigned marks;       /* enum ll_record_mark */
};
struct ll_subject;
typedef int ll_subject_visit_fn(void *ctx, const struct ll_subject *s, const struct ll_subject_seen *seen,
                                struct ll_table *t, struct ll_err *err);

struct ll_subject_opts {
    unsigned max_records;     /* shown of a resource */
    bool mask;                /* identifiers of natural persons */
    ll_record_mark_fn *marks; /* NULL: nothing */
    void *marks_ctx;
    bool withheld;              /* records that are withheld are there, too, and say so */
    ll_subject_visit_fn *visit; /* NULL: nobody looks */
    void *visit_ctx;
};
#define LL_SUBJECT_OPTS_INIT                                                                                 \
    {                                                                                                        \
        .max_records = 20                                                                                    \
    }

struct ll_subject_id {
    const char *type; /* name of its scheme (standard/ident.h), or of its element where that has no scheme */
    struct ll_str value;
    const char *from; /* first resource in which it was found; NULL: given or computed, and in none */
    const struct ll_item *item; /* its item there */
};

struct ll_subject_record {
    const char *relation; /* NULL: the record is the subject's own */
    struct ll_str key;    /* JSON */
    struct ll_str body;   /* JSON */
    unsigned marks;       /* enum ll_record_mark */
};

struct ll_subject_group {
    const struct ll_resource *resource;
    int64_t published_at; /* of the newest batch among its records; 0 when not known */
    int64_t batch;        /* its number */
    struct ll_subject_record *records;
    size_t n;
    size_t total; /* records of the subject, shown or not */
    bool more;    /* total is where counting stopped */
};

/* A subject that a name may mean. */
struct ll_subject_hit {
    struct ll_str name;
    struct ll_subject_id id;
    const struct ll_resource *resource;
};

struct ll_subject {
    bool has_kind;
    enum ll_kind kind;
    struct ll_subject_id *ids;
    size_t n_ids;
    struct ll_str *names;
    size_t n_names;
    struct ll_subject_group *groups;
    size_t n_groups;
    struct ll_subject_hit *hits; /* two or more: the name is shared, and nothing else is filled in */
    size_t n_hits;
    bool mask;
};

/* resources: those to ask, e.g. all that are current.  An unknown subject has no groups. */
int ll_subject_profile(struct ll_tables *ts, const struct ll_resource *const *resources, size_t n,
                       struct ll_str who, const struct ll_subject_opts *o, struct ll_arena *arena,
                       struct ll_subject **ret, struct ll_err *err) LL_MUST;
void ll_subject_put(const struct ll_subject *s, struct ll_json *j);
void ll_subject_put_id(const struct ll_subject_id *id, bool mask, struct ll_json *j);
/* Whether the subject is known by this identifier. */
bool ll_subject_has_id(const struct ll_subject *s, const char *type, struct ll_str value);

/* Whose record it is: the first identifier of the subject that it has.  1; 0: there is no such record, or it is nobody's. */
int ll_subject_of_record(struct ll_tables *ts, const struct ll_resource *r, const struct ll_str *key,
                         size_t n_key, struct ll_arena *arena, struct ll_subject_id *ret,
                         struct ll_err *err) LL_MUST;

/* Whether the record that t stands on is this subject's own (not one in which it only occurs). */
bool ll_subject_owns(const struct ll_resource *r, struct ll_table *t, enum ll_scheme scheme,
                     struct ll_str value);

/* Subjects whose name starts with prefix, by name; at most limit of them. */
int ll_subject_search(struct ll_tables *ts, const struct ll_resource *const *resources, size_t n,
                      struct ll_str prefix, size_t limit, struct ll_arena *arena, struct ll_subject_hit **ret,
                      size_t *ret_n, struct ll_err *err) LL_MUST;
void ll_subject_put_hits(const struct ll_subject_hit *hits, size_t n, bool mask, struct ll_json *j);

#endif
