/* delegate_scopes.h - what an enterprise may let a person do for it: id, word, zh, en.
 *
 * Routes name the scope that they are in (api/routes.json, "acts"); a route that names none is never another person's to use.  In no scope, on purpose: signing
 * and withdrawing consents, objections and repairs, who looked at the firm's data, closing the registration, and delegating. */
#define LL_DELEGATE_SCOPES(X)                                                                                \
    X(PROFILE, "profile", "查看、填写企业档案", "see the firm's profile and fill it in")                     \
    X(FINANCING, "financing", "查看适合的产品，发布和跟进融资需求", "see products that fit, publish and follow what the firm wants financed") \
    X(PRECHECK, "precheck", "试做贷前预审", "try a pre-check")
