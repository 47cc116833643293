/* step_up.h - acts of consequence that an account confirms with its passkey, one by one: permission, actions, state.
 *
 * permission: of tbl/permissions.h; whatever changes something under it is meant.  actions: those values of the body's "action" only, NULL
 * for all.  state: a query by the first parameter of the route, every row a text; what it answers is part of what is signed, so that an
 * approval counts only for the matter as it was when it was shown.  Setting passkey_approval says when it is asked for. */
#define LL_STEP_UPS(X)                                                                                       \
    X("application.act", "pass approve refuse overturn uphold",                                              \
      "SELECT id || ' ' || state || ' ' || changed_at FROM application WHERE id = $1 OR scene = $1 ORDER BY id") \
    X("grant.act", "suspend resume revoke renew",                                                            \
      "SELECT state || ' ' || changed_at FROM access_grant WHERE id = $1")                                   \
    X("list.act", "enter remove", "SELECT state || ' ' || changed_at FROM list_entry WHERE id = $1")           \
    X("repair.act", "repair refuse revoke", "SELECT state || ' ' || changed_at FROM repair WHERE id = $1")     \
    X("loan_case.act", "grant bad", "SELECT state || ' ' || changed_at FROM loan_case WHERE id = $1")         \
    X("demand.act", "decline", "SELECT state || ' ' || changed_at FROM demand WHERE id = $1")                \
    X("model.act", "activate", "SELECT state || ' ' || sha256 FROM precheck_model WHERE id = $1")            \
    X("demand.publish", NULL, NULL)                                                                          \
    X("account.empower", NULL, "SELECT state || ' ' || duties FROM account WHERE id = $1")                   \
    X("client.make", NULL,                                                                                   \
      "SELECT kid || ' ' || state FROM client_key WHERE client = $1 ORDER BY kid")                           \
    X("client.empower", NULL,                                                                                \
      "SELECT state || ' signed=' || signed FROM client WHERE id = $1"                                       \
      " UNION ALL SELECT kid || ' ' || state FROM client_key WHERE client = $1 ORDER BY 1")                  \
    X("freeze", NULL, NULL)                                                                                  \
    X("passkey.remove", NULL, NULL)
