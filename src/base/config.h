/* config.h - the settings of tbl/settings.h and where each value came from.
 *
 * (1) Sources rank: default, luling.conf, environment (LULING_<NAME>), command line.  A source never replaces a value of one that
 *     ranks above it, whatever the order of the calls.
 * (2) A value that is refused changes nothing; the error names the setting, its range and, for a file, the line.
 *
 * Set up by one thread at start; read-only afterwards, so any thread may read ll_config_values(). */
#ifndef LL_BASE_CONFIG_H
#define LL_BASE_CONFIG_H

#include "base/buf.h"
#include "base/err.h"
#include "base/tbl/settings.h"

#define LL_FIELD_UINT uint64_t
#define LL_FIELD_BYTES uint64_t
#define LL_FIELD_TEXT const char *
#define LL_FIELD_CHOICE unsigned

struct ll_settings {
#define X(name, type, ...) LL_FIELD_##type name;
    LL_SETTINGS(X)
#undef X
};

enum ll_set_type { LL_SET_UINT, LL_SET_BYTES, LL_SET_TEXT, LL_SET_CHOICE };
enum ll_set_flags { LL_SET_PLAIN = 0, LL_SET_NOFILE = 1 };
enum ll_origin { LL_FROM_DEFAULT, LL_FROM_FILE, LL_FROM_ENV, LL_FROM_ARGS };

/* One row of the table, for lists and manuals. */
struct ll_setting {
    const char *name;
    enum ll_set_type type;
    uint64_t min, max;
    const char *fallback, *unit;
    unsigned flags;
    const char *zh, *en;
};

struct ll_config;

/* Everything at its default.  *ret belongs to the caller. */
int ll_config_new(struct ll_config **ret, struct ll_err *err) LL_MUST;
struct ll_config *ll_config_free(struct ll_config *c); /* NULL is fine; returns NULL */

int ll_config_set(struct ll_config *c, struct ll_str name, struct ll_str value, enum ll_origin from,
                  struct ll_err *err) LL_MUST;
/* "name=value" */
int ll_config_assign(struct ll_config *c, const char *assignment, struct ll_err *err) LL_MUST;
/* Lines `name = value`; # starts a comment line.  LL_NOTFOUND when there is no such file. */
int ll_config_file(struct ll_config *c, const char *path, struct ll_err *err) LL_MUST;
int ll_config_env(struct ll_config *c, struct ll_err *err) LL_MUST;

const struct ll_settings *ll_config_values(const struct ll_config *c); /* borrowed: lives as long as c */

size_t ll_setting_count(void);
const struct ll_setting *ll_setting_at(size_t i);
const char *ll_set_type_name(enum ll_set_type t);
const char *ll_origin_title(enum ll_origin from, enum ll_lang lang);
/* The value as it would stand in luling.conf, and where it came from. */
enum ll_origin ll_config_show(const struct ll_config *c, size_t i, struct ll_buf *out);

#endif
