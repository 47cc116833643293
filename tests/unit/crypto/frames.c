/* The promises of frames.h: what is written comes back at any place and of any size, and nothing that was changed opens. */
#include "../test.h"

#include "crypto/frames.h"

#include <sys/mman.h>
#include <unistd.h>

static const struct ll_str head = {"what it is about\n", 17};
static struct ll_aead *key;
static struct ll_err err;

static int set_up(void **state)
{
    (void)state;
    return ll_aead_new(LL_AES256_GCM, LL_STR("0123456789abcdef0123456789abcdef"), &key, &err);
}

static int tear_down(void **state)
{
    (void)state;
    key = ll_aead_free(key);
    return 0;
}

static char byte_at(size_t i)
{
    return (char)(i * 31 + i / 251);
}

/* A file of n bytes, written in pieces of `piece`. */
static int written(size_t n, size_t piece)
{
    int fd = memfd_create("frames", MFD_CLOEXEC);
    struct ll_framer *f = NULL;
    char *bytes = malloc(n + 1);

    for (size_t i = 0; i < n; i++)
        bytes[i] = byte_at(i);
    assert_ok(ll_framer_open(fd, key, head, &f, &err));
    for (size_t at = 0; at < n; at += piece)
        assert_ok(ll_framer_add(f, bytes + at, n - at < piece ? n - at : piece, &err));
    assert_ok(ll_framer_end(f, &err));
    ll_framer_close(f);
    free(bytes);
    return fd;
}

static void assert_reads(struct ll_frames *f, size_t size, size_t at, size_t n)
{
    char *bytes = malloc(n + 1);
    size_t got, want = at >= size ? 0 : size - at < n ? size - at : n;

    assert_ok(ll_frames_read(f, bytes, n, (int64_t)at, &got, &err));
    assert_int_equal(got, want);
    for (size_t i = 0; i < got; i++)
        if (bytes[i] != byte_at(at + i))
            fail_msg("byte %zu of %zu differs", at + i, size);
    free(bytes);
}

static void test_every_size_comes_back_at_every_place(void **state)
{
    static const size_t sizes[] = {
        0, 1, LL_FRAME - 1, LL_FRAME, LL_FRAME + 1, 2 * LL_FRAME, 200000, 3 * LL_FRAME + 7};

    (void)state;
    for (size_t i = 0; i < LL_COUNT(sizes); i++) {
        int fd = written(sizes[i], i % 2 ? 7777 : 1 << 20);
        struct ll_frames *f = NULL;
        assert_ok(ll_frames_open(fd, key, head, &f, &err));
        assert_int_equal(ll_frames_size(f), sizes[i]);
        assert_reads(f, sizes[i], 0, sizes[i] + 100);
        assert_reads(f, sizes[i], LL_FRAME - 3, 7);
        assert_reads(f, sizes[i], sizes[i] / 2, LL_FRAME);
        assert_reads(f, sizes[i], sizes[i] + 5, 10);
        ll_frames_close(f);
        close(fd);
    }
}

/* Opens, and reads all of it. */
static int try_all(int fd, struct ll_str about)
{
    struct ll_frames *f = NULL;
    int rc = ll_frames_open(fd, key, about, &f, &err);
    char *bytes = malloc(1 << 20);
    size_t n;

    if (rc == LL_OK)
        rc = ll_frames_read(f, bytes, 1 << 20, 0, &n, &err);
    ll_frames_close(f);
    free(bytes);
    return rc;
}

static void test_no_byte_may_differ_and_none_may_be_missing(void **state)
{
    int fd = written(200000, 1 << 20);
    off_t end = lseek(fd, 0, SEEK_END);
    char c;

    (void)state;
    assert_ok(try_all(fd, head));
    assert_int_equal(try_all(fd, LL_STR("what it is about?")), LL_INVALID);
    for (off_t at = 0; at < end; at += at < 100 || at > end - 50 ? 1 : 4999) {
        assert_int_equal(pread(fd, &c, 1, at), 1);
        c ^= 0x10;
        assert_int_equal(pwrite(fd, &c, 1, at), 1);
        assert_int_equal(try_all(fd, head), LL_INVALID);
        c ^= 0x10;
        assert_int_equal(pwrite(fd, &c, 1, at), 1);
    }
    /* cut at the end of a frame, and anywhere */
    const off_t frame = LL_FRAME + LL_AEAD_MORE;
    for (off_t at = (off_t)head.n; at < end; at += frame) {
        assert_int_equal(ftruncate(fd, at), 0);
        assert_int_equal(try_all(fd, head), LL_INVALID);
        close(fd);
        fd = written(200000, 1 << 20);
    }
    assert_int_equal(ftruncate(fd, end + 1), 0);
    assert_int_equal(try_all(fd, head), LL_INVALID);
    assert_int_equal(ftruncate(fd, end - 1), 0);
    assert_int_equal(try_all(fd, head), LL_INVALID);
    close(fd);
}

static void test_frames_may_not_change_places(void **state)
{
    int fd = written(200000, 1 << 20);
    static char a[LL_FRAME + LL_AEAD_MORE], b[LL_FRAME + LL_AEAD_MORE];
    const off_t first = (off_t)head.n, second = first + (off_t)sizeof a;

    (void)state;
    assert_int_equal(pread(fd, a, sizeof a, first), sizeof a);
    assert_int_equal(pread(fd, b, sizeof b, second), sizeof b);
    assert_int_equal(pwrite(fd, b, sizeof b, first), sizeof b);
    assert_int_equal(pwrite(fd, a, sizeof a, second), sizeof a);
    assert_int_equal(try_all(fd, head), LL_INVALID);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        T(test_every_size_comes_back_at_every_place),
        T(test_no_byte_may_differ_and_none_may_be_missing),
        T(test_frames_may_not_change_places),
#undef T
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
