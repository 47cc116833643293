/* deedkit.h - a ledger in a folder with the organisations ORG-0 ... and a key of each, for tests and measurements.  What fails ends the program. */
#ifndef LL_TESTS_UNIT_DEEDKIT_H
#define LL_TESTS_UNIT_DEEDKIT_H

#include "apps/finance/deeds.h"
#include "journal/policy.h"

enum { KIT_ORGS = 8 };
#define KIT_LEDGER "luling.test/journal"

struct deedkit {
    char dir[256], journal_dir[300]; /* borrowed by the journal */
    struct ll_store *st;
    struct ll_keyring *keys;
    struct ll_vkey log;
    struct ll_journal *journal;
    struct ll_policy *policy;
    struct ll_deeds *deeds;
    struct ll_key *key[KIT_ORGS];
    char kid[KIT_ORGS][LL_DEED_KID + 1];
    const char *org[KIT_ORGS];
    unsigned ids;
    bool quick; /* publishes at once, as tests want it */
};

/* The odd ones have keys of SM2 where sm2 is set.  dir NULL: a new temporary folder. */
void kit_open(struct deedkit *k, const char *dir, bool sm2);
void kit_start(struct deedkit *k); /* journal and ledger, as a program that starts */
void kit_stop(struct deedkit *k);
void kit_close(struct deedkit *k); /* and removes the folder */
void kit_sql(struct deedkit *k, const char *sql);
int64_t kit_ask(struct deedkit *k, const char *sql);

void kit_id(struct deedkit *k, char out[LL_DEED_ID + 1]);
/* Statements into out; the names of members in their order. */
void kit_issue(struct ll_buf *out, const char *id, const char *holder, const char *obligor,
               const char *invoice, int64_t amount);
/* {"act":act,"document":id, mid "ledger":..., parts "prev":prev,"seq":seq tail} */
void kit_act(struct ll_buf *out, const char *act, const char *id, const char *mid, const char *parts,
             const char *prev, int64_t seq, const char *tail);
void kit_sign(struct deedkit *k, unsigned org, struct ll_str payload, struct ll_buf *jws);
/* Signed by those (-1: no more) and offered by the first. */
int kit_offer(struct deedkit *k, struct ll_str payload, int a, int b, struct ll_arena *arena,
              struct ll_deed_outcome *ret, struct ll_err *err);

#endif
