/* data.h - an open data folder: the control database, the engine over the lake, and where everything lies (ARCHITECTURE.md, "A data
 * folder").  One per process; safe to share between threads. */
#ifndef LL_INTAKE_DATA_H
#define LL_INTAKE_DATA_H

#include "base/config.h"
#include "base/fs.h"
#include "catalog/catalog.h"
#include "lake/lake.h"
#include "store/store.h"

struct ll_data;

/* Creates the folder where it is missing.  The settings must outlive it. */
int ll_data_open(const struct ll_settings *set, struct ll_data **ret, struct ll_err *err) LL_MUST;
struct ll_data *ll_data_close(struct ll_data *d); /* NULL is fine; returns NULL */

const char *ll_data_dir(const struct ll_data *d);
const struct ll_settings *ll_data_settings(const struct ll_data *d);
struct ll_store *ll_data_store(struct ll_data *d);
/* The keys of sealed items; opened at the first need. */
struct ll_vault *ll_data_vault(struct ll_data *d);
/* The engine starts with the first call: commands that need no lake do not pay for it. */
int ll_data_lake(struct ll_data *d, struct ll_lake **ret, struct ll_err *err) LL_MUST;
/* A second engine without workers of its own, for statements that run side by side on threads of ours, one a range.  With workers the
 * calling threads would poll for tasks while others do them: a fifth of the processor's time, measured. */
int ll_data_lanes(struct ll_data *d, struct ll_lake **ret, struct ll_err *err) LL_MUST;
/* A turn to run the view of a service, which may take its thread for long: LL_BUSY where as many run as the setting views_at_once allows.
 * Whoever has one gives it back. */
int ll_data_view_begin(struct ll_data *d, struct ll_err *err) LL_MUST;
void ll_data_view_end(struct ll_data *d);
/* A snapshot of the catalogue as it is now; give it back with ll_catalog_unref. */
int ll_data_catalog(struct ll_data *d, struct ll_catalog **ret, struct ll_err *err) LL_MUST;
unsigned ll_data_threads(const struct ll_data *d);

/* Fills out with DATA/<part>/... */
int ll_data_path(const struct ll_data *d, char out[LL_PATH], struct ll_err *err, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* A new identifier of a delivery: time to the second and four random hexadecimal digits, "20261123-211530-3fa2". */
enum { LL_ID_TEXT = 32 };
void ll_data_new_id(char out[LL_ID_TEXT]);

#endif
