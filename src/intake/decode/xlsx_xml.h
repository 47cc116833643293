/* xlsx_xml.h - reads one XML part as a stream of the elements that the caller knows, in memory of a fixed bound.
 *
 * (1) A document type declaration is refused, so there are no entities to expand and none outside the file to fetch.
 * (2) The parser's own memory (open elements, names seen, one tag) stays within LL_XML_MEMORY.
 * (3) Names are compared without their prefix: the transitional and the strict namespaces, and any prefix a writer chose, are read
 *     alike.  An element counts only under the parent that the rules name, so extensions with the same names do not interfere. */
#ifndef LL_INTAKE_XLSX_XML_H
#define LL_INTAKE_XLSX_XML_H

#include "intake/decode/xlsx_zip.h"

#define LL_XML_MEMORY ((size_t)48 << 20)

/* Element `name` under an element of state `parent` has state `state`.  0 is the state of the document itself. */
struct ll_xml_rule {
    unsigned char parent, state;
    const char *name;
};

struct ll_xml_grammar {
    const struct ll_xml_rule *rules; /* the most frequent first */
    size_t n;
    /* Each may be NULL.  atts: name, value, name, value, NULL. */
    void (*start)(void *ctx, unsigned state, const char **atts);
    void (*end)(void *ctx, unsigned state);
    void (*text)(void *ctx, unsigned state, const char *s, size_t n);
};

struct ll_xml;

int ll_xml_open(struct ll_xml **ret, struct ll_xlsx_zip *z, const char *part, uint64_t limit,
                const struct ll_xml_grammar *g, void *ctx, struct ll_err *err) LL_MUST;
struct ll_xml *ll_xml_close(struct ll_xml *x); /* NULL is fine; returns NULL */

/* Reads on: 1 when the caller's functions asked for a pause, 0 at the end, < 0 on failure. */
int ll_xml_run(struct ll_xml *x, struct ll_err *err) LL_MUST;

/* For the caller's functions. */
void ll_xml_pause(struct ll_xml *x);
struct ll_err *ll_xml_err(struct ll_xml *x);    /* to fill before: */
void ll_xml_stop(struct ll_xml *x, int failed); /* ends the run with that code (< 0) */

/* Value of the attribute with that name, prefix left aside; NULL when there is none. */
const char *ll_xml_att(const char **atts, const char *name);
/* The same, and it must have a prefix (r:id beside id). */
const char *ll_xml_prefixed_att(const char **atts, const char *name);
bool ll_xml_true(const char *value); /* "1", "true", "on" */

/* Undoes _xHHHH_, which spreadsheets write for characters that XML cannot hold, in place; returns the new length. */
size_t ll_xml_unescape(char *s, size_t n);

/* Opens, runs to the end and closes. */
int ll_xml_whole(struct ll_xlsx_zip *z, const char *part, uint64_t limit, const struct ll_xml_grammar *g,
                 void *ctx, struct ll_err *err) LL_MUST;

#endif
