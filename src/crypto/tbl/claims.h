/* claims.h - the registered claims of a token (RFC 7519, 4.1): id, name, kind.
 *
 *   TEXT       a text, equal to what is expected where that is stated
 *   AUDIENCE   a text or a list of texts, one of which is ours
 *   TIME       whole seconds since 1970 */
#define LL_CLAIMS(X)                                                                                         \
    X(ISS, "iss", TEXT)                                                                                      \
    X(SUB, "sub", TEXT)                                                                                      \
    X(AUD, "aud", AUDIENCE)                                                                                  \
    X(JTI, "jti", TEXT)                                                                                      \
    X(EXP, "exp", TIME)                                                                                      \
    X(NBF, "nbf", TIME)                                                                                      \
    X(IAT, "iat", TIME)
