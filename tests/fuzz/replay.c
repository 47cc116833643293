/* replay.c - runs a fuzz target over the files of its corpus, so that what a fuzzer once found stays found.  Prints TAP. */
#include "base/fs.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 64 << 20 };

struct replay {
    const char *dir;
    unsigned done;
};

static int one_file(void *ctx, const char *name, struct ll_err *err)
{
    struct replay *r = ctx;
    struct ll_buf input = LL_BUF_INIT(INPUT_MAX);
    char path[LL_PATH];
    int rc = ll_path(path, err, "%s/%s", r->dir, name);

    if (rc == LL_OK)
        rc = ll_fs_read(path, INPUT_MAX, &input, err);
    if (rc == LL_OK) {
        /* an exact copy on the heap, so that the sanitizer sees a read past the end */
        uint8_t *copy = malloc(input.n ? input.n : 1);
        for (size_t i = 0; i < input.n; i++)
            copy[i] = (uint8_t)input.p[i];
        LLVMFuzzerTestOneInput(copy, input.n);
        free(copy);
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
