/* test.h - what every unit test includes: cmocka behind one header, and an assertion that shows an error's text. */
#ifndef LL_TESTS_UNIT_TEST_H
#define LL_TESTS_UNIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"

/* Fails the test with the error's own words. */
#define assert_ok(call)                                                                                      \
    do {                                                                                                     \
        int rc_ = (call);                                                                                    \
        if (rc_ < 0)                                                                                         \
            fail_msg("%s: %s: %s", #call, ll_rc_name(rc_), err.en);                                          \
    } while (0)
#define assert_str(s, z)                                                                                     \
    do {                                                                                                     \
        struct ll_str s_ = (s);                                                                              \
        if (!ll_str_is(s_, (z)))                                                                             \
            fail_msg("got '%.*s', want '%s'", LL_STR_ARG(s_), (z));                                          \
    } while (0)

#endif
