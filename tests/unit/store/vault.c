/* The promises of vault.h: what is sealed opens only in its place, equal values do not show but are found, and a folder that lost its keys
 * says so and never makes new ones. */
#include "../test.h"

#include "base/fs.h"
#include "crypto/keyring.h"
#include "store/vault.h"

#include <unistd.h>

static char top[] = "/tmp/ll_vault_XXXXXX", dir[sizeof top + 5], secret[sizeof dir + 12],
            keys[sizeof dir + 12];
static struct ll_store *st;
static struct ll_vault *vault;
static struct ll_err err;

static int open_vault(void)
{
    return ll_vault_open(st, &(struct ll_vault_opts){.data_dir = dir, .alg = LL_AES256_GCM}, &vault, &err);
}

static int set_up(void **state)
{
    char path[LL_PATH];
    struct ll_store_opts o = LL_STORE_OPTS_INIT;

    (void)state;
    strcpy(top + sizeof top - 7, "XXXXXX");
    if (!mkdtemp(top))
        return -1;
    snprintf(dir, sizeof dir, "%s/data", top);
    snprintf(secret, sizeof secret, "%s.secret", dir);
    snprintf(keys, sizeof keys, "%s/keys.sealed", dir);
    if (ll_fs_mkdirs(dir, &err) < 0 || ll_path(path, &err, "%s/luling.db", dir) < 0)
        return -1;
    o.path = path;
    return ll_store_open(&st, &o, &err) < 0 ? -1 : open_vault();
}

static int tear_down(void **state)
{
    (void)state;
    vault = ll_vault_close(vault);
    st = ll_store_close(st);
    return ll_fs_remove_tree(top, NULL);
}

static struct ll_cell *cell(const char *resource, const char *item)
{
    struct ll_cell *c = NULL;

    assert_ok(ll_cell_open(vault, ll_str(resource), ll_str(item), &c, &err));
    return c;
}

static struct ll_buf sealed_by(const char *resource, const char *item, const char *value)
{
    struct ll_buf out = LL_BUF_INIT(4096);
    struct ll_cell *c = cell(resource, item);

    assert_ok(ll_cell_seal(c, ll_str(value), &out, &err));
    ll_cell_close(c);
    return out;
}

static int open_in(const char *resource, const char *item, const struct ll_buf *sealed, struct ll_buf *out)
{
    struct ll_cell *c = cell(resource, item);
    int rc = ll_cell_unseal(c, ll_buf_view(sealed), out, &err);

    ll_cell_close(c);
    return rc;
}

static void assert_opens(const struct ll_buf *sealed, const char *value)
{
    struct ll_buf out = LL_BUF_INIT(4096);

    assert_ok(open_in("people", "phone", sealed, &out));
    assert_true(ll_str_is(ll_buf_view(&out), value));
    ll_buf_free(&out);
}

static void a_value_opens_only_in_its_place(void **state)
{
    struct ll_buf a = sealed_by("people", "phone", "13870600001"),
                  b = sealed_by("people", "phone", "13870600001");
    struct ll_buf out = LL_BUF_INIT(4096);

    (void)state;
    assert_int_equal(a.n, strlen("13870600001") + 4 + LL_AEAD_MORE);
    assert_true(a.n == b.n && memcmp(a.p, b.p, a.n) != 0); /* equal values do not show */
    assert_null(memmem(a.p, a.n, "138706", 6));
    assert_opens(&a, "13870600001");
    assert_opens(&b, "13870600001");
    assert_int_equal(open_in("people", "id", &a, &out), LL_INVALID);
    assert_true(open_in("firms", "phone", &a, &out) < 0);
    a.p[a.n - 1] ^= 1;
    assert_int_equal(open_in("people", "phone", &a, &out), LL_INVALID);
    a.n = 20;
    assert_int_equal(open_in("people", "phone", &a, &out), LL_INVALID);
    assert_int_equal(out.n, 0);
    ll_buf_free(&a);
    ll_buf_free(&b);
    ll_buf_free(&out);
}

static void blind(const char *resource, const char *item, const char *value, unsigned char out[LL_BLIND])
{
    struct ll_cell *c = cell(resource, item);

    assert_ok(ll_cell_blind(c, (struct ll_str[]){ll_str(value)}, 1, out, &err));
    ll_cell_close(c);
}

static void a_blind_index_is_the_same_for_the_same_value_of_the_same_item(void **state)
{
    unsigned char a[LL_BLIND], b[LL_BLIND];
    struct ll_cell *c = cell("people", "");

    (void)state;
    blind("people", "phone", "1", a);
    ll_vault_close(vault);
    assert_ok(open_vault());
    blind("people", "phone", "1", b);
    assert_memory_equal(a, b, LL_BLIND);
    blind("people", "phone", "2", b);
    assert_memory_not_equal(a, b, LL_BLIND);
    blind("people", "id", "1", b);
    assert_memory_not_equal(a, b, LL_BLIND);
    blind("firms", "phone", "1", b);
    assert_memory_not_equal(a, b, LL_BLIND);
    ll_cell_close(c);
    c = cell("people", "");
    assert_ok(ll_cell_blind(c, (struct ll_str[]){LL_STR("a|b"), LL_STR("c")}, 2, a, &err));
    assert_ok(ll_cell_blind(c, (struct ll_str[]){LL_STR("a"), LL_STR("b|c")}, 2, b, &err));
    assert_memory_not_equal(a, b, LL_BLIND);
    ll_cell_close(c);
}

static int64_t count(const char *sql)
{
    struct ll_txn *tx = NULL;
    struct ll_stmt *s = NULL;

    assert_ok(ll_txn_begin(st, false, &tx, &err));
    assert_ok(ll_sql(tx, sql, &s, &err));
    assert_int_equal(ll_step(s, &err), 1);
    int64_t n = ll_col_int(s, 0);
    ll_stmt_done(s);
    ll_txn_end(tx);
    return n;
}

static void rotate_platform_key(void)
{
    struct ll_keyring *r = NULL;

    assert_ok(ll_keyring_open(&r, &(struct ll_keyring_opts){.data_dir = dir}, &err));
    assert_ok(ll_keyring_rotate(r, LL_FOR_ITEM, 86400, &err));
    ll_keyring_close(r);
}

static void rotation_makes_a_new_data_key_and_the_old_one_still_opens(void **state)
{
    struct ll_buf old = sealed_by("people", "phone", "13870600001");

    (void)state;
    assert_ok(ll_vault_prepare(vault, "people", &err));
    assert_int_equal(count("SELECT count(*) FROM data_key"), 1);
    rotate_platform_key();
    assert_ok(ll_vault_prepare(vault, "people", &err));
    assert_int_equal(count("SELECT count(*) FROM data_key"), 2);
    struct ll_buf fresh = sealed_by("people", "phone", "13870600002");
    assert_memory_not_equal(old.p, fresh.p, 4);
    ll_vault_close(vault);
    assert_ok(open_vault());
    assert_opens(&old, "13870600001");
    assert_opens(&fresh, "13870600002");
    ll_buf_free(&old);
    ll_buf_free(&fresh);
}

static void a_data_key_that_has_sealed_much_is_followed_by_another(void **state)
{
    struct ll_txn *tx = NULL;

    (void)state;
    assert_ok(ll_vault_prepare(vault, "people", &err));
    assert_ok(ll_txn_begin(st, true, &tx, &err));
    assert_ok(ll_vault_used(tx, "people", LL_VAULT_VALUES, &err));
    assert_ok(ll_txn_commit(tx, &err));
    ll_txn_end(tx);
    assert_ok(ll_vault_prepare(vault, "people", &err));
    assert_int_equal(count("SELECT count(*) FROM data_key"), 2);
}

static void assert_lost(const struct ll_buf *sealed)
{
    struct ll_buf out = LL_BUF_INIT(4096);
    unsigned char index[LL_BLIND];
    struct ll_cell *c;

    vault = ll_vault_close(vault);
    assert_ok(open_vault());
    assert_int_equal(open_in("people", "phone", sealed, &out), LL_IO);
    assert_non_null(strstr(err.en, keys)); /* where the key is expected */
    assert_non_null(strstr(err.zh, keys));
    c = cell("people", "phone");
    assert_int_equal(ll_cell_blind(c, (struct ll_str[]){LL_STR("1")}, 1, index, &err), LL_IO);
    ll_cell_close(c);
    assert_int_equal(ll_vault_prepare(vault, "people", &err), LL_IO);
    ll_buf_free(&out);
}

static void a_folder_that_lost_its_keys_says_where_they_are_expected(void **state)
{
    struct ll_buf sealed = sealed_by("people", "phone", "13870600001");
    char away[100];

    (void)state;
    snprintf(away, sizeof away, "%s.away", keys);
    assert_int_equal(rename(keys, away), 0);
    assert_lost(&sealed);
    assert_false(ll_fs_exists(keys)); /* and does not make others */
    rotate_platform_key();            /* somebody else did */
    assert_lost(&sealed);
    assert_int_equal(rename(away, keys), 0);
    assert_int_equal(unlink(secret), 0);
    assert_lost(&sealed);
    ll_buf_free(&sealed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        T(a_value_opens_only_in_its_place),
        T(a_blind_index_is_the_same_for_the_same_value_of_the_same_item),
        T(rotation_makes_a_new_data_key_and_the_old_one_still_opens),
        T(a_data_key_that_has_sealed_much_is_followed_by_another),
        T(a_folder_that_lost_its_keys_says_where_they_are_expected),
#undef T
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
