/* log.c - see log.h.  One write(2) a line, so that lines of threads never mix. */
#include "base/log.h"

#include "base/buf.h"
#include "base/clock.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

static atomic_int min_level = LL_INFO;

void ll_log_set_level(enum ll_level min)
{
    atomic_store(&min_level, (int)min);
}

void ll_log(enum ll_level level, const char *area, const char *fmt, ...)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    struct ll_buf line = LL_BUF_INIT(8192);
    char when[LL_TIME_TEXT];
    va_list ap;

    if ((int)level < atomic_load(&min_level))
        return;
    ll_buf_printf(&line, "%s %s %s: ", ll_time_text(ll_now_ms(), when), names[level], area);
    va_start(ap, fmt);
    ll_buf_vprintf(&line, fmt, ap);
    va_end(ap);
    ll_buf_c(&line, '\n');
    for (size_t done = 0; done < line.n;) {
        ssize_t n = write(STDERR_FILENO, line.p + done, line.n - done);
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    ll_buf_free(&line);
}

char *ll_mask(struct ll_str value, char *out, size_t n)
{
    size_t total = ll_utf8_count(value), keep = total / 3, head = keep < 6 ? keep : 6;
    size_t tail = keep < 4 ? keep : 4, at = 0, used = 0, i = 0;

    if (total > 1 && head == 0)
        head = 1; /* a two-character name keeps its family name */
    while (at < value.n && n - used > 4) {
        size_t from = at;
        ll_utf8_next(value, &at);
        bool shown = i < head || i >= total - tail;
        if (shown) {
            memcpy(out + used, value.p + from, at - from);
            used += at - from;
        } else {
            out[used++] = '*';
        }
        i++;
    }
    out[used] = 0;
    return out;
}
