/* replay.c - runs a fuzz target over the files of its corpus, so that what a fuzzer once found stays found, and over a number of
 * mutations of each, the same ones in every run.  Prints TAP. */
#include "base/fs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    INPUT_MAX = 64 << 20,
    MUTATIONS = 200,       /* of each file */
    MUTATED_MAX = 1 << 20, /* bytes of mutations of one file; a larger file is run as it is */
};

struct replay {
    const char *dir;
    unsigned done;
};

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state >> 16;
}

/* Runs an exact copy on the heap, so that the sanitizer sees a read past the end. */
static void run(const uint8_t *data, size_t n)
{
    uint8_t *copy = malloc(n ? n : 1);

    if (!copy)
        abort();
    if (n)
        memcpy(copy, data, n);
    LLVMFuzzerTestOneInput(copy, n);
    free(copy);
}

/* One change in place, or one byte more or less: where a parser's decisions lie. */
static size_t mutate(uint8_t *p, size_t n, uint64_t *state)
{
    static const uint8_t TELLING[] = {0,   ' ', '"',  ',',  '-',  '.',  '0',  '9',
                                      '<', '{', '\n', 0x7f, 0x80, 0xe5, 0xef, 0xff};
    size_t at = next_random(state) % (n + 1);
    uint64_t r = next_random(state);
    uint8_t byte = r & 1 ? TELLING[(r >> 8) % sizeof TELLING] : (uint8_t)(r >> 8);

    switch (r >> 1 & 3) {
    case 0: /* insert */
        memmove(p + at + 1, p + at, n - at);
        p[at] = byte;
        return n + 1;
    case 1: /* leave out */
        if (at < n)
            memmove(p + at, p + at + 1, n - at - 1);
        return at < n ? n - 1 : n;
    case 2: /* cut off */
        return at;
    default:
        if (at < n)
            p[at] = byte;
        return n;
    }
}

static void run_mutations(const struct ll_buf *input)
{
    uint64_t state = 0x9e3779b97f4a7c15u ^ input->n;
    enum { ROUNDS = 4 };
    uint8_t *p = malloc(input->n + ROUNDS);

    if (!p)
        abort();
    for (size_t i = 0; i < MUTATIONS && (i + 1) * input->n <= MUTATED_MAX; i++) {
        size_t n = input->n;
        if (n)
            memcpy(p, input->p, n);
        for (size_t k = 0; k <= i % ROUNDS; k++)
            n = mutate(p, n, &state);
        run(p, n);
    }
    free(p);
}

static int one_file(void *ctx, const char *name, struct ll_err *err)
{
    struct replay *r = ctx;
    struct ll_buf input = LL_BUF_INIT(INPUT_MAX);
    char path[LL_PATH];
    int rc = ll_path(path, err, "%s/%s", r->dir, name);

    if (rc == LL_OK)
        rc = ll_fs_read(path, INPUT_MAX, &input, err);
    if (rc == LL_OK) {
        run((const uint8_t *)input.p, input.n);
        run_mutations(&input);
        printf("ok %u - %s\n", ++r->done, name);
    }
    ll_buf_free(&input);
    return rc;
}

int main(int argc, char **argv)
{
    struct replay r = {argc > 1 ? argv[1] : ".", 0};
    struct ll_err err = {0};
    int rc = ll_fs_each(r.dir, one_file, &r, &err);

    if (rc < 0) {
        printf("not ok %u - %s: %s\n", r.done + 1, r.dir, err.en);
        return 1;
    }
    printf("1..%u\n", r.done);
    return 0;
}
