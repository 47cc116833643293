/* bare_http.c - the reference of the gateway benchmark: the same look-up without a gateway.  libmicrohttpd, a pool of epoll threads, and a
 * prepared SELECT over a memory-mapped SQLite file; no authentication, no grant, no journal.
 *
 *     bare_http FILE.db THREADS        prints its port; POST / with {"key":["..."]} answers the record as JSON */
#include <microhttpd.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODY = 256, ANSWER = 4096 };

static const char *path;
static _Thread_local sqlite3_stmt *find;

struct request {
    char body[BODY];
    size_t n;
};

static void prepare(void)
{
    sqlite3 *db;

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
        sqlite3_exec(db, "PRAGMA mmap_size = 4294967296", NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, "SELECT * FROM record WHERE uscc = ?1", -1, &find, NULL) != SQLITE_OK) {
        fprintf(stderr, "%s\n", sqlite3_errmsg(db));
        exit(1);
    }
}

static size_t look_up(const struct request *r, char out[ANSWER])
{
    const char *from = strstr(r->body, "[\""), *to = from ? strchr(from + 2, '"') : NULL;
    size_t n = 0;

    if (!find)
        prepare();
    if (to)
        sqlite3_bind_text(find, 1, from + 2, (int)(to - from - 2), SQLITE_STATIC);
    out[n++] = '{';
    if (to && sqlite3_step(find) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(find) && n < ANSWER - 512; i++) {
            const unsigned char *v = sqlite3_column_text(find, i);
            n += (size_t)snprintf(out + n, ANSWER - n, "%s\"%s\":\"%.200s\"", i ? "," : "",
                                  sqlite3_column_name(find, i), v ? (const char *)v : "");
        }
    sqlite3_reset(find);
    out[n++] = '}';
    return n;
}

static enum MHD_Result answer(void *cls, struct MHD_Connection *c, const char *url, const char *method,
                              const char *version, const char *upload, size_t *upload_n, void **state)
{
    struct request *r = *state;
    char out[ANSWER];

    (void)cls, (void)url, (void)method, (void)version;
    if (!r)
        return (*state = calloc(1, sizeof *r)) ? MHD_YES : MHD_NO;
    if (*upload_n) {
        size_t n = *upload_n < BODY - 1 - r->n ? *upload_n : BODY - 1 - r->n;
        memcpy(r->body + r->n, upload, n);
        r->n += n;
        *upload_n = 0;
        return MHD_YES;
    }
    struct MHD_Response *reply = MHD_create_response_from_buffer(look_up(r, out), out, MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(reply, "Content-Type", "application/json");
    enum MHD_Result rc = MHD_queue_response(c, 200, reply);
    MHD_destroy_response(reply);
    return rc;
}

static void done(void *cls, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode how)
{
    (void)cls, (void)c, (void)how;
    free(*state);
    *state = NULL;
}

int main(int argc, char **argv)
{
    sigset_t ends;
    int got;

    if (argc != 3)
        return 64;
    path = argv[1];
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    struct MHD_Daemon *d = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer, NULL,
                                            MHD_OPTION_THREAD_POOL_SIZE, (unsigned)atoi(argv[2]),
                                            MHD_OPTION_NOTIFY_COMPLETED, done, NULL, MHD_OPTION_END);
    if (!d)
        return 1;
    printf("%u\n", MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    sigwait(&ends, &got);
    MHD_stop_daemon(d);
    return 0;
}
