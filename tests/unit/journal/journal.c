/* journal: entries become durable, are proved and served; many threads; erasure; two trees. */
#include "fixture.h"

#include <inttypes.h>
#include <pthread.h>
#include <unistd.h>

static void a_receipt_is_proved_at_every_size(void **state)
{
    struct fixture fx;
    struct ll_receipt r = {.index = 99};

    (void)state;
    fixture_open(&fx);
    for (unsigned i = 0; i < 40; i++) {
        fixture_append(&fx, 1, &r);
        assert_int_equal(r.index, i);
        assert_int_equal(r.tree_size, i + 1);
        fixture_assert_proved(&fx, &r);
    }
    fixture_close(&fx);
}

static void tiles_levels_and_restarts_agree(void **state)
{
    enum { MANY = 700 };
    struct fixture fx;
    struct ll_receipt all[MANY], r;
    static const char *const files[] = {"checkpoint",       "tile/0/000",     "tile/0/001",
                                        "tile/entries/000", "tile/1/000.p/2", "sm3/tile/0/000",
                                        "sm3/checkpoint"};
    static const char *const hidden[] = {"latest",
                                         "tile/payload/000",
                                         "wal/00000000000000000000",
                                         "../journal/checkpoint",
                                         "sm3/tile/entries/000",
                                         "lock",
                                         "tile/0/003"};
    struct ll_err err;

    (void)state;
    fixture_open(&fx);
    for (unsigned i = 0; i < MANY; i++) {
        fixture_append(&fx, 1, &all[i]);
        if (i % 97 == 0) {
            fixture_stop(&fx);
            fixture_start(&fx);
        }
    }
    for (unsigned i = 0; i < MANY; i += 37)
        fixture_assert_proved(&fx, &all[i]);
    assert_ok(ll_journal_publish(fx.j, &err));
    for (size_t i = 0; i < LL_COUNT(files); i++) {
        struct ll_buf b = LL_BUF_INIT(LL_BUNDLE_MAX);
        const char *type;
        bool fixed;
        assert_ok(ll_journal_file(fx.j, ll_str(files[i]), &b, &type, &fixed, &err));
        assert_true(b.n > 0);
        ll_buf_free(&b);
    }
    for (size_t i = 0; i < LL_COUNT(hidden); i++) {
        struct ll_buf b = LL_BUF_INIT(LL_BUNDLE_MAX);
        const char *type;
        bool fixed;
        assert_int_equal(ll_journal_file(fx.j, ll_str(hidden[i]), &b, &type, &fixed, &err), LL_NOTFOUND);
        ll_buf_free(&b);
    }
    assert_int_equal(fixture_check(&fx, NULL, 0), 0);
    fixture_append(&fx, 1, &r);
    assert_int_equal(r.index, MANY);
    fixture_close(&fx);
}

enum { THREADS = 16, EACH = 100 };

struct writer {
    struct fixture *fx;
    unsigned number;
    struct ll_receipt got[EACH];
};

static void *write_many(void *ctx)
{
    struct writer *w = ctx;
    struct ll_err err;
    char payload[100];

    for (unsigned i = 0; i < EACH; i++) {
        int n = snprintf(payload, sizeof payload, "{\"i\":%u,\"writer\":%u}", i, w->number);
        if (ll_journal_append(w->fx->j, LL_ENTRY_CALL, (struct ll_str){payload, (size_t)n}, &w->got[i],
                              &err) < 0)
            abort();
    }
    return NULL;
}

static void writers_at_once_each_get_a_place_of_their_own(void **state)
{
    struct fixture fx;
    static struct writer w[THREADS];
    static bool taken[THREADS * EACH];
    pthread_t t[THREADS];
    struct ll_journal_status s;

    (void)state;
    fixture_open(&fx);
    for (unsigned i = 0; i < THREADS; i++) {
        w[i] = (struct writer){.fx = &fx, .number = i};
        assert_int_equal(pthread_create(&t[i], NULL, write_many, &w[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(t[i], NULL);
    for (unsigned i = 0; i < THREADS; i++)
        for (unsigned k = 0; k < EACH; k++) {
            const struct ll_receipt *r = &w[i].got[k];
            char want[100];
            struct ll_buf entry = LL_BUF_INIT(LL_ENTRY_MAX), sealed = LL_BUF_INIT(LL_SEALED_MAX);
            struct ll_entry e;
            struct ll_str payload;
            struct ll_err err;
            assert_true(r->index < THREADS * EACH && !taken[r->index] && r->tree_size > r->index);
            taken[r->index] = true;
            if (k % 10)
                continue;
            fixture_assert_proved(&fx, r);
            assert_ok(ll_journal_entry(fx.j, r->index, &entry, &sealed, &err));
            assert_ok(ll_entry_parse(ll_buf_view(&entry), &e, &err));
            assert_ok(ll_entry_unseal(&e, ll_buf_view(&sealed), &payload, &err));
            snprintf(want, sizeof want, "{\"i\":%u,\"writer\":%u}", k, i);
            assert_str(payload, want);
            ll_buf_free(&entry);
            ll_buf_free(&sealed);
        }
    ll_journal_status(fx.j, &s);
    assert_int_equal(s.size, THREADS * EACH);
    assert_true(s.groups < THREADS * EACH); /* some of them shared a group */
    assert_int_equal(fixture_check(&fx, NULL, 0), 0);
    fixture_close(&fx);
}

static void entries_of_one_call_stand_side_by_side(void **state)
{
    struct fixture fx;
    struct ll_str payloads[] = {LL_STR("{\"a\":1}"), LL_STR("{\"a\":2}"), LL_STR("{\"a\":3}")};
    struct ll_receipt r[3], one;
    struct ll_err err;

    (void)state;
    fixture_open(&fx);
    fixture_append(&fx, 5, &one);
    assert_ok(ll_journal_append_all(fx.j, LL_ENTRY_CALL, payloads, 3, r, &err));
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(r[i].index, 5 + i);
        assert_int_equal(r[i].tree_size, 8);
        fixture_assert_proved(&fx, &r[i]);
    }
    payloads[1] = LL_STR("{not json");
    assert_int_equal(ll_journal_append_all(fx.j, LL_ENTRY_CALL, payloads, 3, r, &err), LL_INVALID);
    fixture_append(&fx, 1, &one);
    assert_int_equal(one.index, 8); /* nothing of the refused call is there */
    fixture_close(&fx);
}

/* Does any file below the folder hold the text? */
static bool folder_holds(const char *dir, const char *text)
{
    char command[LL_PATH * 2];

    snprintf(command, sizeof command, "grep -rqaF '%s' '%s'", text, dir);
    return system(command) == 0;
}

static void an_erased_payload_is_gone_from_every_file_and_proofs_still_hold(void **state)
{
    static const unsigned before[] = {0, 300}; /* in a partial tile, and in one that gets whole */
    struct ll_err err;

    (void)state;
    for (size_t round = 0; round < LL_COUNT(before); round++) {
        struct fixture fx;
        struct ll_receipt r, other, erasure;
        struct ll_buf entry = LL_BUF_INIT(LL_ENTRY_MAX), sealed = LL_BUF_INIT(LL_SEALED_MAX);
        struct ll_str secret = LL_STR("{\"subject\":\"a very telling text\"}");
        fixture_open(&fx);
        assert_ok(ll_journal_append(fx.j, LL_ENTRY_CALL, secret, &r, &err));
        fixture_append(&fx, before[round] + 3, &other);
        assert_true(folder_holds(fx.dir, "a very telling text"));
        assert_ok(ll_journal_erase(fx.j, r.index, LL_STR("the person asked for it"), &erasure, &err));
        assert_false(folder_holds(fx.dir, "a very telling text"));
        assert_ok(ll_journal_entry(fx.j, r.index, &entry, &sealed, &err));
        assert_int_equal(sealed.n, 0);
        fixture_assert_proved(&fx, &r);
        fixture_append(&fx, 600, &other);
        fixture_stop(&fx);
        fixture_start(&fx);
        fixture_assert_proved(&fx, &r);
        fixture_assert_proved(&fx, &erasure);
        assert_false(folder_holds(fx.dir, "a very telling text"));
        assert_int_equal(fixture_check(&fx, NULL, 0), 0);
        assert_int_equal(ll_journal_erase(fx.j, erasure.index, LL_STR("x"), &other, &err), LL_INVALID);
        ll_buf_free(&entry);
        ll_buf_free(&sealed);
        fixture_close(&fx);
    }
}

static void one_process_has_it_and_another_key_does_not_open_it(void **state)
{
    struct fixture fx;
    struct ll_journal *second = NULL;
    struct ll_receipt r;
    struct ll_err err;

    (void)state;
    fixture_open(&fx);
    fixture_append(&fx, 3, &r);
    assert_int_equal(ll_journal_open(&fx.o, &second, &err), LL_BUSY);
    assert_null(second);
    assert_int_equal(ll_journal_proof(fx.j, 3, &(struct ll_buf){.ceiling = 1}, &err), LL_NOTFOUND);
    fixture_close(&fx);
}

/* A journal whose tiles are far behind: more than pending_max waits for them after some hundred entries. */
static void fall_behind(struct fixture *fx)
{
    fixture_stop(fx);
    fx->o.pending_max = 200 << 10;
    fx->o.publish_ms = 10000;
    fixture_start(fx);
}

static void a_burst_waits_for_the_tiles(void **state)
{
    struct fixture fx;
    struct ll_receipt r;

    (void)state;
    fixture_open(&fx);
    fall_behind(&fx);
    fixture_append(&fx, 3000, &r);
    fixture_assert_proved(&fx, &r);
    fixture_close(&fx);
}

static void a_full_disk_refuses_the_entry(void **state)
{
    struct fixture fx;
    struct ll_receipt r;
    struct ll_err err;
    char tiles[LL_PATH], aside[LL_PATH];
    int rc = LL_OK;

    (void)state;
    fixture_open(&fx);
    fixture_append(&fx, 1, &r);
    assert_ok(ll_journal_publish(fx.j, &err));
    fall_behind(&fx);
    assert_ok(ll_path(tiles, &err, "%s/tile", fx.dir));
    assert_ok(ll_path(aside, &err, "%s/aside", fx.base));
    assert_int_equal(rename(tiles, aside), 0);
    assert_ok(ll_fs_write_atomic(tiles, LL_STR("no folder"), &err));
    for (int i = 0; i < 100000 && rc == LL_OK; i++)
        rc = ll_journal_append(fx.j, LL_ENTRY_CALL, LL_STR("{}"), &r, &err);
    assert_int_equal(rc, LL_IO);
    assert_non_null(strstr(err.en, "tiles cannot be written"));
    assert_int_equal(unlink(tiles), 0);
    assert_int_equal(rename(aside, tiles), 0);
    fixture_close(&fx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receipt_is_proved_at_every_size),
        cmocka_unit_test(tiles_levels_and_restarts_agree),
        cmocka_unit_test(writers_at_once_each_get_a_place_of_their_own),
        cmocka_unit_test(entries_of_one_call_stand_side_by_side),
        cmocka_unit_test(an_erased_payload_is_gone_from_every_file_and_proofs_still_hold),
        cmocka_unit_test(one_process_has_it_and_another_key_does_not_open_it),
        cmocka_unit_test(a_burst_waits_for_the_tiles),
        cmocka_unit_test(a_full_disk_refuses_the_entry),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
