/* portal_scopes.h - what another portal may ask to know of a subject that signs in here: id, word (OpenID Connect Core 1.0, 5.4), zh, en.
 *
 * An identity number is not among them: whoever may look at a natural person's data asks for it by its own grant. */
#define LL_PORTAL_SCOPES(X)                                                                                  \
    X(OPENID, "openid", "一个只供该门户使用的编号，别处认不出是谁",                                          \
      "a number for this portal alone, by which nobody else knows who it is")                                \
    X(PROFILE, "profile", "名称（姓名）和主体类型", "the name, and what kind of subject it is")              \
    X(CREDIT_CODE, "credit_code", "统一社会信用代码（仅限企业等组织，自然人不提供）",                        \
      "the credit code, of organisations alone: never a person's number")
