/* letter.h - what documents that the platform answers for (issue.h) have in common: numbered sections, texts in the document's language, how to check it
 * and where its signature stands. */
#ifndef LL_REPORT_LETTER_H
#define LL_REPORT_LETTER_H

#include "report/doc.h"
#include "report/issue.h"

struct ll_letter {
    struct ll_doc *doc;
    struct ll_arena *arena;
    enum ll_lang lang;
    unsigned sections; /* begun so far */
};

#define LL_SAY(w, zh, en) ((w)->lang == LL_ZH ? (zh) : (en))

/* In arena; "" when memory is out, which the renderers tell. */
const char *ll_letter_text(struct ll_letter *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The moment as clocks here show it. */
const char *ll_letter_time(struct ll_letter *w, int64_t ms, bool with_time);
/* 一、… or 1. … */
void ll_letter_section(struct ll_letter *w, const char *title);

struct ll_letter_issue {
    const char *origin, *number, *code; /* origin: address of the platform, before /r/NUMBER */
    const struct ll_issuer *issuer;
    enum ll_issue_format format;
    int64_t at;
};
/* The box that tells how to check it. */
void ll_letter_verify(struct ll_letter *w, const struct ll_letter_issue *x);
/* Of a PDF only. */
void ll_letter_signature(struct ll_letter *w, const struct ll_letter_issue *x);

/* As x->format has it, into x->body and x->mark. */
int ll_letter_render(const struct ll_doc *doc, struct ll_issue *x, struct ll_err *err) LL_MUST;

#endif
