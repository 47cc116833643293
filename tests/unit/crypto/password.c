/* password: another program's hash is taken, a costly one is not, and what verifies is the password alone. */
#include "hex.h"

#include "crypto/password.h"

#define CHEAP ((struct ll_argon2_cost){64, 1, 1})

/* RFC 9106 has vectors with secret and associated data only; these are of the argon2 command of the reference implementation:
 * echo -n password | argon2 somesalt -id -t 2 -k 256 -p 1 -l 32 -e */
static const char reference[] =
    "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

static void test_a_hash_of_the_reference_implementation(void **state)
{
    struct ll_err err;

    (void)state;
    assert_ok(ll_password_verify(LL_STR("password"), ll_str(reference), &err));
    assert_int_equal(ll_password_verify(LL_STR("Password"), ll_str(reference), &err), LL_SIGNIN);
    assert_int_equal(ll_password_verify(LL_STR(""), ll_str(reference), &err), LL_SIGNIN);
}

static void test_ours_come_back(void **state)
{
    struct ll_err err;
    char a[LL_PASSWORD_TEXT], b[LL_PASSWORD_TEXT];

    (void)state;
    assert_ok(ll_password_hash(LL_STR("正确的口令 🙂"), CHEAP, a, &err));
    assert_ok(ll_password_hash(LL_STR("正确的口令 🙂"), CHEAP, b, &err));
    assert_string_not_equal(a, b);
    assert_ok(ll_password_verify(LL_STR("正确的口令 🙂"), ll_str(a), &err));
    assert_int_equal(ll_password_verify(LL_STR("错的"), ll_str(a), &err), LL_SIGNIN);
    assert_false(ll_password_stale(ll_str(a), CHEAP));
    assert_true(ll_password_stale(ll_str(a), LL_COST_LOGIN));
    assert_true(ll_password_stale(LL_STR("!"), CHEAP));
    assert_ok(ll_password_hash(LL_STR("x"), LL_COST_LOGIN, a, &err));
    assert_true(ll_str_starts(ll_str(a), LL_STR("$argon2id$v=19$m=19456,t=2,p=1$")));
    assert_int_equal(ll_password_refuse(LL_STR("x"), &err), LL_SIGNIN);
}

static void test_what_a_string_may_ask_is_bounded(void **state)
{
    static const char *const bad[] = {
        "",
        "$argon2id$v=19$",
        "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=4294967295,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=255$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=7,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$t=2,m=256,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=1,x=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=0256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=1$c2FsdA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgL",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4=",
    };
    struct ll_err err;
    char longer[LL_PASSWORD_MAX + 1], out[LL_PASSWORD_TEXT];

    (void)state;
    for (size_t i = 0; i < LL_COUNT(bad); i++)
        if (ll_password_verify(LL_STR("password"), ll_str(bad[i]), &err) != LL_INVALID)
            fail_msg("'%s' was taken", bad[i]);
    memset(longer, 'x', sizeof longer);
    assert_int_equal(ll_password_hash((struct ll_str){longer, sizeof longer}, CHEAP, out, &err), LL_TOOBIG);
    assert_int_equal(ll_password_hash(LL_STR("x"), ((struct ll_argon2_cost){UINT32_MAX, 1, 1}), out, &err),
                     LL_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_hash_of_the_reference_implementation),
        cmocka_unit_test(test_ours_come_back),
        cmocka_unit_test(test_what_a_string_may_ask_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
