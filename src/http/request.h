/* request.h - what a handler sees of one request, and where it leaves its answer.
 *
 * A handler reads its parameters with ll_arg, makes one domain call, and answers in one of four ways:
 *   JSON      written through rq->json (the usual case; nothing else to do)
 *   text      set rq->type and append to rq->out
 *   file      ll_reply_file: an open descriptor that the server sends and closes
 *   stream    ll_reply_stream: a source that is asked again and again (server-sent events, exports)
 * An answer that must leave a trace sets rq->due: it is sent once its entry is durable, and says which one that is; where the journal
 * cannot be written nothing of it leaves.
 *
 * or returns < 0 with err filled, which becomes {"error":...} with the status of base/tbl/errors.h.
 * Everything in the request lives until the answer is sent. */
#ifndef LL_HTTP_REQUEST_H
#define LL_HTTP_REQUEST_H

#include "base/json.h"
#include "http/decode.h"
#include "journal/journal.h"
#include "share/actor.h"

/* Takes a body piece by piece.  close is called exactly once, whether the request succeeds or not. */
struct ll_body_sink {
    int (*write)(struct ll_body_sink *s, const void *p, size_t n, struct ll_err *err);
    void (*close)(struct ll_body_sink *s);
};

enum ll_stream_state { LL_STREAM_MORE, LL_STREAM_WAIT, LL_STREAM_END };

/* Gives an answer piece by piece: appends to out.  WAIT: nothing now, ask again in a moment.  Must not block for long.
 * stopping: the server is going down, end politely.  close is called exactly once. */
struct ll_stream {
    enum ll_stream_state (*read)(struct ll_stream *s, struct ll_buf *out, bool stopping);
    void (*close)(struct ll_stream *s);
};

/* What must be in the journal before the answer, or the error, leaves (http/durable.h). */
struct ll_due {
    bool set;
    enum ll_entry_type type;
    struct ll_buf payload; /* canonical JSON */
};

struct ll_request {
    struct ll_arena *arena;
    const struct ll_route *route;
    struct ll_arg args[LL_ARGS_MAX];
    struct ll_str target;      /* path and query, as they were received */
    struct ll_str body;        /* a body that was not streamed */
    struct ll_body_sink *sink; /* set by the route's begin */
    struct ll_actor actor;     /* who asks; nobody unless signed in */
    const char *person;        /* name of the account; NULL */
    const char *acted_by;      /* pseudonym of the person who acts for the subject (share/delegate.h); NULL */
    const char *only;          /* route of scope LIST: the one organisation it may show; NULL: all */
    const char *host;          /* Host header, checked to be ours; "localhost" when there is none */
    const char *cookie;        /* session token that came; NULL */
    const char *remote;        /* the caller's address */
    const char *agent;         /* User-Agent header, as it came; NULL */
    const char *range, *if_range, *if_none_match; /* headers of that name; NULL */
    bool secure;                                  /* over TLS */
    char id[24];                                  /* in the log, the X-Request-Id header and every error */

    struct ll_due due;
    const char **looked; /* pseudonyms of those whose data the answer shows (look.h) */
    size_t n_looked;
    const int64_t *looked_entry;      /* of the journal, whose contents the answer shows; NULL */
    const char *looked_into;          /* whose entries were looked for in the journal: a pseudonym; NULL */
    const char *looked_at;            /* the same: an organisation; NULL */
    const char *looked_for, *officer; /* what the look is for and on whose behalf, where it was said; NULL */

    /* the answer */
    const char *condition;  /* which one a refusal failed, as the journal has it; NULL */
    struct ll_str evidence; /* of a refusal: an object that proves its reason; in the arena */
    uint64_t wait_ms;       /* of a refusal: when to come again (Retry-After); 0: not known */
    unsigned status;        /* 200 unless set */
    const char *type;       /* application/json unless set; borrowed */
    struct ll_buf out;
    struct ll_json json;
    const char *location; /* Location header */
    const char *
        style_source; /* of Content-Security-Policy, for a page with a style sheet in it; NULL: our own pages' */
    const char *set_cookie;     /* Set-Cookie header */
    const char *disposition;    /* Content-Disposition header */
    struct ll_str fixed;        /* bytes that outlive the request, sent as they are */
    const char *etag;           /* of fixed */
    struct ll_str fixed_brotli; /* the same, for who takes brotli; empty: none */
    bool fixed_gzip;            /* fixed is gzip data */
    bool noindex;               /* search engines are to leave it alone (X-Robots-Tag) */
    bool immutable;             /* the address names its content: cache for ever */
    struct ll_stream *stream;
    int64_t stream_size;       /* 0: not known beforehand */
    const char *content_range; /* Content-Range header, and that ranges are taken */
    int fd;                    /* -1: none */
    int64_t fd_size;
};

static inline const struct ll_arg *ll_arg(const struct ll_request *rq, size_t at)
{
    LL_ASSERT(at < rq->route->n_params);
    return &rq->args[at];
}

/* The server closes fd once the answer is sent. */
void ll_reply_file(struct ll_request *rq, int fd, int64_t size, const char *type);
void ll_reply_stream(struct ll_request *rq, struct ll_stream *s, const char *type);
/* Content-Disposition for a download, with a name in any script (RFC 6266, RFC 8187). */
int ll_reply_download(struct ll_request *rq, const char *file_name, struct ll_err *err) LL_MUST;

#endif
