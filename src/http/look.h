/* look.h - looks of people on the platform's side (a steward, an operator) at data of subjects: each leaves an entry "look-up" in the journal
 * before the answer leaves, as the calls of systems do.  A route of api/routes.json says "look": true; its handler notes whose data it shows.
 *
 * Who oversees the platform is seen as well: to be told what sealed entries of the journal hold is such a look.  Its entry names what was opened
 * or searched for, and nobody under "subjects": no record was shown, and a subject's list of looks is about its records. */
#ifndef LL_HTTP_LOOK_H
#define LL_HTTP_LOOK_H

#include "http/app.h"
#include "http/request.h"
#include "share/subject.h"

enum { LL_LOOK_SUBJECTS = 500 };

/* The answer shows data of this subject; scheme: of its identifier, or the name of what stands for it.  Beyond LL_LOOK_SUBJECTS: LL_TOOBIG. */
int ll_look_note(struct ll_app *app, struct ll_request *rq, const char *scheme, struct ll_str value,
                 struct ll_err *err) LL_MUST;
/* The answer tells what the journal has about this subject: its pseudonym is what was looked for. */
int ll_look_into(struct ll_app *app, struct ll_request *rq, const char *scheme, struct ll_str value,
                 struct ll_err *err) LL_MUST;
/* By every identifier that is known of it: whichever the subject signs in with, it sees the look. */
int ll_look_note_subject(struct ll_app *app, struct ll_request *rq, const struct ll_subject *s,
                         struct ll_err *err) LL_MUST;
int ll_look_note_hits(struct ll_app *app, struct ll_request *rq, const struct ll_subject_hit *hits, size_t n,
                      struct ll_err *err) LL_MUST;
/* Sets rq->due. */
int ll_look_entry(struct ll_request *rq, struct ll_err *err) LL_MUST;

#endif
