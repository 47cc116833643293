/* consent_kinds.h - how a subject consented: id, word, strength, title zh, title en, what it proves zh, en.
 *
 * Whoever needs a strong one asks for a strength; wherever a consent is shown its kind is shown with it. */
#define LL_CONSENT_KINDS(X)                                                                                  \
    X(PASSKEY, "passkey", 2, "本人以通行密钥签署", "signed by the subject's passkey",                        \
      "签名覆盖所显示的全文，任何人可随时复验", "the signature covers the exact text; anybody can verify it again") \
    X(IN_PERSON, "in_person", 1, "当面书面授权，由机构人员登记", "on paper, recorded by an officer",         \
      "只有登记人的陈述和书面材料的散列值", "only the officer's word, and the hash of the paper")
