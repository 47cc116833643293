/* schema.h - the control database, step by step: each step runs once, in one transaction, in order; never edit a released step. */
#define LL_SCHEMA_STEPS(X)                                                                                                                                \
    X(1,                                                                                                                                                  \
      "CREATE TABLE pack (name TEXT PRIMARY KEY, version TEXT NOT NULL, title TEXT NOT NULL, title_en TEXT,"                                              \
      " description TEXT, description_en TEXT, sample INTEGER NOT NULL,"                                                                                  \
      " sha256 TEXT NOT NULL, loaded_at INTEGER NOT NULL, needs TEXT NOT NULL) STRICT;"                                                                   \
      "CREATE TABLE element (code TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, title TEXT NOT NULL, title_en TEXT, type TEXT NOT NULL,"                   \
      " length INTEGER NOT NULL, format TEXT, code_table TEXT, \"check\" TEXT, grade INTEGER NOT NULL, unit TEXT, synonyms TEXT, basis TEXT NOT NULL,"    \
      " source TEXT, pack TEXT NOT NULL REFERENCES pack(name)) STRICT;"                                                                                   \
      "CREATE TABLE code (code_table TEXT NOT NULL, code TEXT NOT NULL, seq INTEGER NOT NULL, title TEXT NOT NULL, title_en TEXT,"                        \
      " parent TEXT, historical INTEGER NOT NULL, synonyms TEXT, basis TEXT, source TEXT, pack TEXT NOT NULL REFERENCES pack(name),"                      \
      " PRIMARY KEY (code_table, code)) STRICT;"                                                                                                          \
      "CREATE TABLE organisation (code TEXT PRIMARY KEY, name TEXT NOT NULL, name_en TEXT, region TEXT, parent TEXT, role TEXT NOT NULL,"                 \
      " uscc TEXT, basis TEXT, pack TEXT NOT NULL REFERENCES pack(name)) STRICT;"                                                                         \
      "CREATE TABLE resource (name TEXT NOT NULL, version INTEGER NOT NULL, code TEXT NOT NULL, title TEXT NOT NULL, title_en TEXT,"                      \
      " provider TEXT NOT NULL REFERENCES organisation(code), grade INTEGER NOT NULL, mode TEXT NOT NULL, subject_kind TEXT NOT NULL,"                    \
      " current INTEGER NOT NULL, body TEXT NOT NULL, loaded_at INTEGER NOT NULL, pack TEXT NOT NULL REFERENCES pack(name),"                              \
      " PRIMARY KEY (name, version)) STRICT;"                                                                                                             \
      "CREATE TABLE pack_view (name TEXT PRIMARY KEY, sql TEXT NOT NULL, pack TEXT NOT NULL REFERENCES pack(name)) STRICT;"                               \
      "CREATE VIRTUAL TABLE catalogue_fts USING fts5(name UNINDEXED, title, keywords, body, tokenize = 'unicode61');"                                     \
      "CREATE TABLE delivery (id TEXT PRIMARY KEY, resource TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, file_name TEXT NOT NULL,"        \
      " mode TEXT NOT NULL, state TEXT NOT NULL, stage TEXT NOT NULL, received_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,"                         \
      " received INTEGER, published INTEGER, quarantined INTEGER, batch TEXT, version INTEGER, error_rc INTEGER, error_zh TEXT, error_en TEXT,"           \
      " detail TEXT, confirmed INTEGER NOT NULL DEFAULT 0) STRICT;"                                                                                       \
      "CREATE UNIQUE INDEX delivery_same ON delivery (resource, sha256) WHERE state <> 'failed' AND state <> 'withdrawn';"                                \
      "CREATE TABLE batch (id TEXT PRIMARY KEY, seq INTEGER NOT NULL UNIQUE, resource TEXT NOT NULL, version INTEGER NOT NULL,"                           \
      " delivery TEXT NOT NULL, mode TEXT NOT NULL, state TEXT NOT NULL, rows INTEGER NOT NULL, deletes INTEGER NOT NULL,"                                \
      " quarantined INTEGER NOT NULL, sealed_at INTEGER NOT NULL, published_at INTEGER, withdrawn_at INTEGER, manifest_sha256 TEXT NOT NULL,"             \
      " quality TEXT) STRICT;"                                                                                                                            \
      "CREATE INDEX batch_resource ON batch (resource, seq);"                                                                                             \
      "CREATE TABLE segment (id TEXT PRIMARY KEY, resource TEXT NOT NULL, version INTEGER NOT NULL, seq INTEGER NOT NULL, first_batch INTEGER NOT NULL,"  \
      " last_batch INTEGER NOT NULL, rows INTEGER NOT NULL, built_at INTEGER NOT NULL, parts TEXT NOT NULL) STRICT;"                                      \
      "CREATE INDEX segment_resource ON segment (resource, seq);"                                                                                         \
      "CREATE TABLE segment_generation (resource TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT;"                                                           \
      "CREATE TRIGGER segment_insert AFTER INSERT ON segment BEGIN INSERT INTO segment_generation VALUES (NEW.resource, 1)"                               \
      " ON CONFLICT (resource) DO UPDATE SET n = n + 1; END;"                                                                                             \
      "CREATE TRIGGER segment_update AFTER UPDATE ON segment BEGIN INSERT INTO segment_generation VALUES (NEW.resource, 1)"                               \
      " ON CONFLICT (resource) DO UPDATE SET n = n + 1; END;"                                                                                             \
      "CREATE TRIGGER segment_delete AFTER DELETE ON segment BEGIN INSERT INTO segment_generation VALUES (OLD.resource, 1)"                               \
      " ON CONFLICT (resource) DO UPDATE SET n = n + 1; END;"                                                                                             \
      "CREATE TABLE quarantine_closed (batch TEXT NOT NULL, row INTEGER NOT NULL, by_batch TEXT NOT NULL, PRIMARY KEY (batch, row)) STRICT;")             \
    X(3,                                                                                                                                                  \
      "CREATE TABLE demand (id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisation(code), title TEXT NOT NULL,"                          \
      " what TEXT NOT NULL, purpose TEXT NOT NULL, scenario TEXT, legal_basis TEXT NOT NULL, urgency TEXT NOT NULL, items TEXT NOT NULL,"                 \
      " provider TEXT REFERENCES organisation(code), resource TEXT, list TEXT, progress TEXT, promised_day INTEGER, state TEXT NOT NULL,"                 \
      " due_at INTEGER, created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL) STRICT;"                                                                \
      "CREATE INDEX demand_state ON demand (state, created_at);"                                                                                          \
      "CREATE TABLE demand_candidate (demand TEXT NOT NULL REFERENCES demand(id), resource TEXT NOT NULL, score INTEGER NOT NULL,"                        \
      " reasons TEXT NOT NULL, PRIMARY KEY (demand, resource)) STRICT;"                                                                                   \
      "CREATE TABLE demand_list (id TEXT PRIMARY KEY, title TEXT NOT NULL, published_at INTEGER NOT NULL, account TEXT) STRICT;"                          \
      "CREATE TABLE application (id TEXT PRIMARY KEY, scene TEXT NOT NULL, organisation TEXT NOT NULL REFERENCES organisation(code),"                     \
      " provider TEXT NOT NULL REFERENCES organisation(code), demand TEXT REFERENCES demand(id), title TEXT NOT NULL,"                                    \
      " purpose TEXT NOT NULL, scenario TEXT, legal_basis TEXT NOT NULL, modes TEXT NOT NULL, per_second INTEGER NOT NULL,"                               \
      " per_day INTEGER NOT NULL, total INTEGER NOT NULL, from_at INTEGER NOT NULL, until_at INTEGER NOT NULL, networks TEXT NOT NULL,"                   \
      " consent INTEGER NOT NULL, unconditional INTEGER NOT NULL, state TEXT NOT NULL, due_at INTEGER, reminded_at INTEGER,"                              \
      " created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL) STRICT;"                                                                                \
      "CREATE INDEX application_scene ON application (scene);"                                                                                            \
      "CREATE INDEX application_state ON application (state, due_at);"                                                                                    \
      "CREATE TABLE application_resource (application TEXT NOT NULL REFERENCES application(id), resource TEXT NOT NULL,"                                  \
      " version INTEGER NOT NULL, items TEXT NOT NULL, PRIMARY KEY (application, resource)) STRICT;"                                                      \
      "CREATE TABLE attachment (scene TEXT NOT NULL, sha256 TEXT NOT NULL, name TEXT NOT NULL, bytes INTEGER NOT NULL,"                                   \
      " account TEXT, added_at INTEGER NOT NULL, PRIMARY KEY (scene, sha256)) STRICT;"                                                                    \
      "CREATE TABLE access_grant (id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisation(code), resource TEXT NOT NULL,"                 \
      " version INTEGER NOT NULL, provider TEXT NOT NULL, application TEXT REFERENCES application(id), purpose TEXT NOT NULL, scenario TEXT,"             \
      " legal_basis TEXT NOT NULL, items TEXT NOT NULL, modes TEXT NOT NULL, per_second INTEGER NOT NULL, per_day INTEGER NOT NULL,"                      \
      " total INTEGER NOT NULL, from_at INTEGER NOT NULL, until_at INTEGER NOT NULL, networks TEXT NOT NULL, consent INTEGER NOT NULL,"                   \
      " state TEXT NOT NULL, created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, revision INTEGER NOT NULL DEFAULT 0) STRICT;"                      \
      "CREATE INDEX access_grant_of ON access_grant (organisation, resource);"                                                                            \
      "CREATE INDEX access_grant_revision ON access_grant (revision);"                                                                                    \
      "CREATE INDEX access_grant_until ON access_grant (until_at) WHERE state IN ('active', 'suspended');"                                                \
      "CREATE TABLE grant_generation (one INTEGER PRIMARY KEY CHECK (one = 1), n INTEGER NOT NULL) STRICT;"                                               \
      "INSERT INTO grant_generation VALUES (1, 0);"                                                                                                       \
      "CREATE TRIGGER access_grant_insert AFTER INSERT ON access_grant BEGIN UPDATE grant_generation SET n = n + 1;"                                      \
      " UPDATE access_grant SET revision = (SELECT n FROM grant_generation) WHERE id = NEW.id; END;"                                                      \
      "CREATE TRIGGER access_grant_update AFTER UPDATE ON access_grant WHEN NEW.revision = OLD.revision BEGIN"                                            \
      " UPDATE grant_generation SET n = n + 1; UPDATE access_grant SET revision = (SELECT n FROM grant_generation) WHERE id = NEW.id; END;"               \
      "CREATE TRIGGER access_grant_delete BEFORE DELETE ON access_grant BEGIN SELECT RAISE(ABORT, 'a grant is evidence and is not deleted'); END;"        \
      "CREATE TABLE grant_use (access_grant TEXT NOT NULL REFERENCES access_grant(id), day INTEGER NOT NULL, calls INTEGER NOT NULL,"                     \
      " records INTEGER NOT NULL, last_at INTEGER NOT NULL, PRIMARY KEY (access_grant, day)) STRICT;")                                                    \
    X(4,                                                                                                                                                  \
      "CREATE TABLE consent_subject (id TEXT PRIMARY KEY, scheme TEXT NOT NULL, sealed TEXT NOT NULL, mask TEXT NOT NULL, title TEXT NOT NULL,"           \
      " made_at INTEGER NOT NULL) STRICT;"                                                                                                                \
      "CREATE TABLE subject_key (id TEXT PRIMARY KEY, subject TEXT NOT NULL REFERENCES consent_subject(id), capacity TEXT NOT NULL, proof TEXT NOT NULL," \
      " cose TEXT NOT NULL, backup INTEGER NOT NULL, sign_count INTEGER NOT NULL, made_by TEXT, organisation TEXT, made_at INTEGER NOT NULL,"             \
      " ended_at INTEGER) STRICT;"                                                                                                                        \
      "CREATE INDEX subject_key_of ON subject_key (subject);"                                                                                             \
      "CREATE TABLE consent (id TEXT PRIMARY KEY, subject TEXT NOT NULL REFERENCES consent_subject(id),"                                                  \
      " organisation TEXT NOT NULL REFERENCES organisation(code), purpose TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,"                        \
      " from_at INTEGER NOT NULL, until_at INTEGER NOT NULL, uses INTEGER NOT NULL, used INTEGER NOT NULL, text TEXT NOT NULL,"                           \
      " status_index INTEGER NOT NULL UNIQUE, made_by TEXT, made_at INTEGER NOT NULL, withdrawn_at INTEGER, withdrawn_by TEXT, reason TEXT) STRICT;"      \
      "CREATE INDEX consent_of ON consent (subject, organisation);"                                                                                       \
      "CREATE INDEX consent_held ON consent (organisation, made_at);"                                                                                     \
      "CREATE TRIGGER consent_delete BEFORE DELETE ON consent BEGIN SELECT RAISE(ABORT, 'a consent is evidence and is not deleted'); END;"                \
      "CREATE TABLE consent_item (consent TEXT NOT NULL, resource TEXT NOT NULL, item TEXT NOT NULL, PRIMARY KEY (consent, resource, item))"              \
      " STRICT, WITHOUT ROWID;"                                                                                                                           \
      "CREATE TABLE consent_offer (id TEXT PRIMARY KEY, consent TEXT REFERENCES consent(id), subject TEXT NOT NULL REFERENCES consent_subject(id),"       \
      " organisation TEXT NOT NULL, purpose TEXT NOT NULL, from_at INTEGER NOT NULL, until_at INTEGER NOT NULL, uses INTEGER NOT NULL,"                   \
      " text TEXT NOT NULL, nonce TEXT NOT NULL, made_by TEXT, expires_at INTEGER NOT NULL) STRICT;"                                                      \
      "CREATE INDEX consent_offer_expires ON consent_offer (expires_at);"                                                                                 \
      "CREATE TABLE consent_evidence (consent TEXT NOT NULL REFERENCES consent(id), act TEXT NOT NULL, evidence TEXT NOT NULL,"                           \
      " PRIMARY KEY (consent, act)) STRICT;"                                                                                                              \
      "CREATE TABLE consent_event (seq INTEGER PRIMARY KEY, consent TEXT NOT NULL REFERENCES consent(id), act TEXT NOT NULL, account TEXT,"               \
      " client TEXT, organisation TEXT, at INTEGER NOT NULL, journal INTEGER) STRICT;"                                                                    \
      "CREATE INDEX consent_event_pending ON consent_event (seq) WHERE journal IS NULL;")                                                                 \
    X(5,                                                                                                                                                  \
      "CREATE TABLE objection (id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisation(code),"                                            \
      " provider TEXT NOT NULL REFERENCES organisation(code), resource TEXT NOT NULL, record TEXT, item TEXT, doubt TEXT NOT NULL,"                       \
      " answer TEXT, state TEXT NOT NULL, due_at INTEGER, reminded_at INTEGER, created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL) STRICT;"         \
      "CREATE INDEX objection_state ON objection (state, due_at);"                                                                                        \
      "CREATE TABLE flow_event (seq INTEGER PRIMARY KEY, flow TEXT NOT NULL, object TEXT NOT NULL, action TEXT NOT NULL,"                                 \
      " from_state TEXT, to_state TEXT NOT NULL, part TEXT NOT NULL, account TEXT, client TEXT, organisation TEXT, at INTEGER NOT NULL,"                  \
      " reason TEXT, legal_basis TEXT, journal INTEGER) STRICT;"                                                                                          \
      "CREATE INDEX flow_event_object ON flow_event (flow, object, seq);"                                                                                 \
      "CREATE INDEX flow_event_pending ON flow_event (seq) WHERE journal IS NULL;")                                                                       \
    X(6,                                                                                                                                                  \
      "CREATE TABLE evidence (seq INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, object TEXT NOT NULL, resource TEXT, version TEXT,"              \
      " sha256 TEXT, rows INTEGER, at INTEGER NOT NULL, journal INTEGER) STRICT;"                                                                         \
      "CREATE INDEX evidence_pending ON evidence (seq) WHERE journal IS NULL OR journal < 0;"                                                             \
      "CREATE TRIGGER evidence_sealed AFTER INSERT ON batch BEGIN INSERT INTO evidence (type, object, resource, sha256, rows, at) VALUES"                 \
      " ('batch-sealed', NEW.id, NEW.resource, NEW.manifest_sha256, NEW.rows, NEW.sealed_at); END;"                                                       \
      "CREATE TRIGGER evidence_withdrawn AFTER UPDATE OF state ON batch WHEN NEW.state IN ('withdrawn', 'refused') AND OLD.state <> NEW.state"            \
      " BEGIN INSERT INTO evidence (type, object, resource, sha256, rows, at) VALUES ('batch-withdrawn', NEW.id, NEW.resource,"                           \
      " NEW.manifest_sha256, NEW.rows, coalesce(NEW.withdrawn_at, NEW.sealed_at)); END;"                                                                  \
      "CREATE TRIGGER evidence_pack AFTER INSERT ON pack BEGIN INSERT INTO evidence (type, object, version, sha256, at) VALUES"                           \
      " ('pack-loaded', NEW.name, NEW.version, NEW.sha256, NEW.loaded_at); END;"                                                                          \
      "CREATE TRIGGER evidence_pack_again AFTER UPDATE ON pack WHEN NEW.sha256 <> OLD.sha256 BEGIN INSERT INTO evidence (type, object,"                   \
      " version, sha256, at) VALUES ('pack-loaded', NEW.name, NEW.version, NEW.sha256, NEW.loaded_at); END;"                                              \
      "INSERT INTO evidence (type, object, version, sha256, at) SELECT 'pack-loaded', name, version, sha256, loaded_at FROM pack ORDER BY loaded_at;"     \
      "INSERT INTO evidence (type, object, resource, sha256, rows, at) SELECT 'batch-sealed', id, resource, manifest_sha256, rows, sealed_at"             \
      " FROM batch ORDER BY seq;"                                                                                                                         \
      "INSERT INTO evidence (type, object, resource, sha256, rows, at) SELECT 'batch-withdrawn', id, resource, manifest_sha256, rows, withdrawn_at"       \
      " FROM batch WHERE state IN ('withdrawn', 'refused') AND withdrawn_at IS NOT NULL ORDER BY withdrawn_at;")                                          \
    X(7,                                                                                                                                                  \
      "CREATE TABLE account (id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisation(code), name TEXT NOT NULL,"                          \
      " duties INTEGER NOT NULL, state TEXT NOT NULL, password TEXT, failures INTEGER NOT NULL, locked_until INTEGER NOT NULL,"                           \
      " made_by TEXT, made_at INTEGER NOT NULL, seen_at INTEGER) STRICT;"                                                                                 \
      "CREATE TABLE invitation (token TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account(id), expires_at INTEGER NOT NULL) STRICT;"               \
      "CREATE TABLE session (token TEXT PRIMARY KEY, earlier TEXT, earlier_until INTEGER NOT NULL, account TEXT NOT NULL REFERENCES account(id),"         \
      " made_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, rotated_at INTEGER NOT NULL, expires_at INTEGER NOT NULL) STRICT;"                            \
      "CREATE INDEX session_earlier ON session (earlier);"                                                                                                \
      "CREATE INDEX session_account ON session (account);"                                                                                                \
      "CREATE TABLE client (id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisation(code), title TEXT NOT NULL,"                          \
      " state TEXT NOT NULL, made_by TEXT, made_at INTEGER NOT NULL) STRICT;"                                                                             \
      "CREATE TABLE client_key (client TEXT NOT NULL REFERENCES client(id), kid TEXT NOT NULL, jwk TEXT NOT NULL, state TEXT NOT NULL,"                   \
      " added_at INTEGER NOT NULL, PRIMARY KEY (client, kid)) STRICT;"                                                                                    \
      "CREATE TABLE assertion (client TEXT NOT NULL, jti TEXT NOT NULL, expires_at INTEGER NOT NULL, PRIMARY KEY (client, jti)) STRICT;"                  \
      "CREATE INDEX assertion_expires ON assertion (expires_at);"                                                                                         \
      "CREATE TABLE freeze (kind TEXT NOT NULL, id TEXT NOT NULL, reason TEXT NOT NULL, made_by TEXT, made_at INTEGER NOT NULL,"                          \
      " PRIMARY KEY (kind, id)) STRICT;"                                                                                                                  \
      "CREATE TABLE access_generation (n INTEGER NOT NULL) STRICT; INSERT INTO access_generation VALUES (1);"                                             \
      "CREATE TRIGGER client_insert AFTER INSERT ON client BEGIN UPDATE access_generation SET n = n + 1; END;"                                            \
      "CREATE TRIGGER client_update AFTER UPDATE ON client BEGIN UPDATE access_generation SET n = n + 1; END;"                                            \
      "CREATE TRIGGER freeze_insert AFTER INSERT ON freeze BEGIN UPDATE access_generation SET n = n + 1; END;"                                            \
      "CREATE TRIGGER freeze_delete AFTER DELETE ON freeze BEGIN UPDATE access_generation SET n = n + 1; END;")                                           \
    X(8,                                                                                                                                                  \
      "DROP TABLE grant_use;"                                                                                                                             \
      "CREATE TABLE usage (day INTEGER NOT NULL, access_grant TEXT NOT NULL, organisation TEXT NOT NULL, client TEXT NOT NULL,"                           \
      " resource TEXT NOT NULL, mode TEXT NOT NULL, outcome TEXT NOT NULL, calls INTEGER NOT NULL, keys INTEGER NOT NULL,"                                \
      " records INTEGER NOT NULL, last_at INTEGER NOT NULL, PRIMARY KEY (day, access_grant, client, resource, mode, outcome))"                            \
      " STRICT, WITHOUT ROWID;"                                                                                                                           \
      "CREATE INDEX usage_grant ON usage (access_grant, day);"                                                                                            \
      "CREATE INDEX usage_resource ON usage (resource, day);"                                                                                             \
      "CREATE TABLE look (subject TEXT NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (subject, entry)) STRICT, WITHOUT ROWID;"                            \
      "CREATE TABLE ledger (one INTEGER PRIMARY KEY CHECK (one = 1), entries INTEGER NOT NULL) STRICT;"                                                   \
      "INSERT INTO ledger VALUES (1, 0);")                                                                                                                \
    X(9,                                                                                                                                                  \
      "CREATE TABLE subject_enrolment (token TEXT PRIMARY KEY, subject TEXT NOT NULL REFERENCES consent_subject(id), capacity TEXT NOT NULL,"             \
      " proof TEXT NOT NULL, made_by TEXT, organisation TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT;"                                              \
      "CREATE INDEX subject_enrolment_expires ON subject_enrolment (expires_at);")                                                                        \
    X(11,                                                                                                                                                 \
      "CREATE TABLE data_key (id INTEGER PRIMARY KEY, resource TEXT NOT NULL, alg INTEGER NOT NULL, item_key TEXT NOT NULL,"                              \
      " index_key TEXT NOT NULL, sealed TEXT NOT NULL, used INTEGER NOT NULL, made_at INTEGER NOT NULL) STRICT;"                                          \
      "CREATE INDEX data_key_resource ON data_key (resource, made_at);")                                                                                  \
    X(12,                                                                                                                                                 \
      "ALTER TABLE subject_key ADD COLUMN ended_by TEXT;"                                                                                                 \
      "ALTER TABLE subject_key ADD COLUMN bound_entry INTEGER;"                                                                                           \
      "ALTER TABLE subject_key ADD COLUMN ended_entry INTEGER;"                                                                                           \
      "CREATE INDEX subject_key_pending ON subject_key (id) WHERE bound_entry IS NULL OR (ended_at IS NOT NULL AND ended_entry IS NULL);")                \
    X(13,                                                                                                                                                 \
      "CREATE TABLE change_event (seq INTEGER PRIMARY KEY AUTOINCREMENT, resource TEXT NOT NULL, version INTEGER NOT NULL, batch TEXT NOT NULL,"          \
      " act TEXT NOT NULL, at INTEGER NOT NULL) STRICT;"                                                                                                  \
      "CREATE INDEX change_event_of ON change_event (resource, version, seq);"                                                                            \
      "INSERT INTO change_event (resource, version, batch, act, at) SELECT resource, version, id, 'published', published_at FROM batch"                   \
      " WHERE published_at IS NOT NULL AND state = 'published' ORDER BY seq;"                                                                             \
      "CREATE TRIGGER change_published AFTER UPDATE OF state ON batch WHEN NEW.state = 'published' AND OLD.state <> 'published' BEGIN"                    \
      " INSERT INTO change_event (resource, version, batch, act, at) VALUES (NEW.resource, NEW.version, NEW.id, 'published',"                             \
      " coalesce(NEW.published_at, 0)); END;"                                                                                                             \
      "CREATE TRIGGER change_withdrawn AFTER UPDATE OF state ON batch WHEN NEW.state = 'withdrawn' AND OLD.state = 'published' BEGIN"                     \
      " INSERT INTO change_event (resource, version, batch, act, at) VALUES (NEW.resource, NEW.version, NEW.id, 'withdrawn',"                             \
      " coalesce(NEW.withdrawn_at, 0)); END;")                                                                                                            \
    X(14,                                                                                                                                                 \
      "DROP TABLE look;"                                                                                                                                  \
      "CREATE TABLE look (subject TEXT NOT NULL, entry INTEGER NOT NULL, nth INTEGER NOT NULL, link TEXT NOT NULL,"                                       \
      " head TEXT NOT NULL, PRIMARY KEY (subject, entry)) STRICT, WITHOUT ROWID;"                                                                         \
      "CREATE TABLE look_bucket (bucket TEXT PRIMARY KEY, changed INTEGER NOT NULL, hashed INTEGER NOT NULL DEFAULT 0,"                                   \
      " hash TEXT) STRICT, WITHOUT ROWID;"                                                                                                                \
      "CREATE INDEX look_bucket_stale ON look_bucket (bucket) WHERE changed >= hashed;"                                                                   \
      "ALTER TABLE ledger ADD COLUMN looks INTEGER NOT NULL DEFAULT 0;"                                                                                   \
      "ALTER TABLE ledger ADD COLUMN subjects INTEGER NOT NULL DEFAULT 0;"                                                                                \
      "CREATE TABLE look_commitment (entry INTEGER PRIMARY KEY, entries INTEGER NOT NULL, root TEXT NOT NULL,"                                            \
      " looks INTEGER NOT NULL, subjects INTEGER NOT NULL, made_at INTEGER NOT NULL) STRICT;"                                                             \
      "ALTER TABLE usage ADD COLUMN subjects INTEGER NOT NULL DEFAULT 0;"                                                                                 \
      "DELETE FROM usage; UPDATE ledger SET entries = 0;")                                                                                                \
    X(15,                                                                                                                                                 \
      "CREATE TABLE link_model (name TEXT NOT NULL, version INTEGER NOT NULL, definition TEXT NOT NULL, sha256 TEXT NOT NULL,"                            \
      " parameters TEXT NOT NULL, training TEXT NOT NULL, made_by TEXT, made_at INTEGER NOT NULL, PRIMARY KEY (name, version)) STRICT;"                   \
      "CREATE TABLE link_run (id TEXT PRIMARY KEY, model TEXT NOT NULL, version INTEGER NOT NULL, state TEXT NOT NULL,"                                   \
      " match INTEGER NOT NULL, review INTEGER NOT NULL, report TEXT, made_by TEXT, started_at INTEGER NOT NULL, ended_at INTEGER,"                       \
      " FOREIGN KEY (model, version) REFERENCES link_model(name, version)) STRICT;"                                                                       \
      "CREATE TABLE link_pair (id INTEGER PRIMARY KEY AUTOINCREMENT, model TEXT NOT NULL, a TEXT NOT NULL, b TEXT NOT NULL,"                              \
      " run TEXT NOT NULL REFERENCES link_run(id), weight INTEGER NOT NULL, levels TEXT NOT NULL, adjustments TEXT NOT NULL,"                             \
      " shown TEXT, state TEXT NOT NULL, why TEXT NOT NULL, UNIQUE (model, a, b)) STRICT;"                                                                \
      "CREATE INDEX link_pair_queue ON link_pair (model, state, weight);"                                                                                 \
      "CREATE TABLE link_act (id INTEGER PRIMARY KEY AUTOINCREMENT, model TEXT NOT NULL, kind TEXT NOT NULL, pair INTEGER,"                               \
      " pair_was TEXT, run TEXT, undoes INTEGER REFERENCES link_act(id), undone_by INTEGER REFERENCES link_act(id), account TEXT,"                        \
      " organisation TEXT, reason TEXT, at INTEGER NOT NULL) STRICT;"                                                                                     \
      "CREATE INDEX link_act_pair ON link_act (pair);"                                                                                                    \
      "CREATE TABLE link_event (seq INTEGER PRIMARY KEY AUTOINCREMENT, act INTEGER NOT NULL REFERENCES link_act(id), model TEXT NOT NULL,"                \
      " a TEXT NOT NULL, b TEXT NOT NULL, linked INTEGER NOT NULL, person INTEGER NOT NULL, was_linked INTEGER NOT NULL,"                                 \
      " was_person INTEGER NOT NULL) STRICT;"                                                                                                             \
      "CREATE INDEX link_event_act ON link_event (act);"                                                                                                  \
      "CREATE TABLE link_edge (model TEXT NOT NULL, a TEXT NOT NULL, b TEXT NOT NULL, linked INTEGER NOT NULL, person INTEGER NOT NULL,"                  \
      " act INTEGER NOT NULL, PRIMARY KEY (model, a, b)) STRICT, WITHOUT ROWID;"                                                                          \
      "CREATE INDEX link_edge_b ON link_edge (model, b);"                                                                                                 \
      "CREATE INDEX link_edge_person ON link_edge (model) WHERE person = 1;"                                                                              \
      "CREATE TRIGGER link_fold AFTER INSERT ON link_event BEGIN INSERT INTO link_edge (model, a, b, linked, person, act) VALUES"                         \
      " (NEW.model, NEW.a, NEW.b, NEW.linked, NEW.person, NEW.act) ON CONFLICT (model, a, b) DO UPDATE SET linked = NEW.linked,"                          \
      " person = NEW.person, act = NEW.act; END;"                                                                                                         \
      "CREATE TRIGGER link_event_kept BEFORE UPDATE ON link_event BEGIN SELECT RAISE(ABORT, 'link events never change'); END;"                            \
      "CREATE TRIGGER link_event_stays BEFORE DELETE ON link_event BEGIN SELECT RAISE(ABORT, 'link events are never removed'); END;")                     \
    X(16,                                                                                                                                                 \
      "CREATE TABLE admin_event (seq INTEGER PRIMARY KEY AUTOINCREMENT, act TEXT NOT NULL, object TEXT NOT NULL, of TEXT, detail TEXT,"                   \
      " account TEXT, organisation TEXT, approval TEXT, at INTEGER NOT NULL, journal INTEGER) STRICT;"                                                    \
      "CREATE INDEX admin_event_pending ON admin_event (seq) WHERE journal IS NULL;"                                                                      \
      "CREATE TABLE account_key (id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account(id), name TEXT NOT NULL, cose TEXT NOT NULL,"              \
      " backup INTEGER NOT NULL, sign_count INTEGER NOT NULL, made_at INTEGER NOT NULL, used_at INTEGER, warned_at INTEGER, ended_at INTEGER) STRICT;"    \
      "CREATE INDEX account_key_of ON account_key (account);"                                                                                             \
      "ALTER TABLE subject_key ADD COLUMN warned_at INTEGER;"                                                                                             \
      "CREATE TABLE approval (id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account(id), text TEXT NOT NULL, nonce TEXT NOT NULL,"                \
      " made_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, evidence TEXT, digest TEXT UNIQUE, signed_at INTEGER, used_at INTEGER) STRICT;"            \
      "CREATE INDEX approval_expires ON approval (expires_at) WHERE used_at IS NULL;"                                                                     \
      "ALTER TABLE flow_event ADD COLUMN approval TEXT;"                                                                                                  \
      "ALTER TABLE client ADD COLUMN signed INTEGER NOT NULL DEFAULT 0;"                                                                                  \
      "ALTER TABLE application ADD COLUMN signed INTEGER NOT NULL DEFAULT 0;"                                                                             \
      "ALTER TABLE access_grant ADD COLUMN signed INTEGER NOT NULL DEFAULT 0;"                                                                            \
      "CREATE TRIGGER client_key_insert AFTER INSERT ON client_key BEGIN UPDATE access_generation SET n = n + 1; END;"                                    \
      "CREATE TRIGGER client_key_update AFTER UPDATE ON client_key BEGIN UPDATE access_generation SET n = n + 1; END;"                                    \
      "CREATE TRIGGER client_key_delete AFTER DELETE ON client_key BEGIN UPDATE access_generation SET n = n + 1; END;")                                   \
    X(17,                                                                                                                                                 \
      "CREATE TABLE export (id TEXT PRIMARY KEY, access_grant TEXT NOT NULL REFERENCES access_grant(id), organisation TEXT NOT NULL,"                     \
      " client TEXT, account TEXT, officer TEXT, resource TEXT NOT NULL, format TEXT NOT NULL, items TEXT NOT NULL, remote TEXT,"                         \
      " state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, expected INTEGER, rows INTEGER NOT NULL DEFAULT 0, left_out TEXT,"                      \
      " bytes INTEGER, sha256 TEXT, counted INTEGER NOT NULL DEFAULT 0, mark INTEGER, entry INTEGER, condition TEXT, error_zh TEXT,"                      \
      " error_en TEXT, created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, settled_at INTEGER, expires_at INTEGER) STRICT;"                         \
      "CREATE INDEX export_of ON export (organisation, created_at);"                                                                                      \
      "CREATE INDEX export_waiting ON export (created_at) WHERE state = 'queued';"                                                                        \
      "CREATE INDEX export_open ON export (organisation, state) WHERE state IN ('queued', 'running', 'journalling');"                                     \
      "CREATE INDEX export_ends ON export (expires_at) WHERE state = 'ready';")                                                                           \
    X(18,                                                                                                                                                 \
      "CREATE TABLE outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, ref INTEGER NOT NULL, resource TEXT NOT NULL,"                     \
      " organisation TEXT, act TEXT NOT NULL, batch TEXT, records INTEGER, at INTEGER NOT NULL) STRICT;"                                                  \
      "CREATE TRIGGER outbox_change AFTER INSERT ON change_event BEGIN INSERT INTO outbox (kind, ref, resource, act, batch, at)"                          \
      " VALUES ('changes', NEW.seq, NEW.resource, NEW.act, NEW.batch, NEW.at); END;"                                                                      \
      "CREATE TABLE subscription (id TEXT PRIMARY KEY, organisation TEXT NOT NULL, client TEXT, account TEXT, url TEXT NOT NULL,"                         \
      " kinds TEXT NOT NULL, resource TEXT, state TEXT NOT NULL, challenge TEXT NOT NULL, cursor INTEGER NOT NULL,"                                       \
      " attempts INTEGER NOT NULL DEFAULT 0, dead INTEGER NOT NULL DEFAULT 0, status INTEGER, error_zh TEXT, error_en TEXT,"                              \
      " next_at INTEGER NOT NULL DEFAULT 0, delivered_at INTEGER, created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL) STRICT;"                      \
      "CREATE INDEX subscription_of ON subscription (organisation, created_at);"                                                                          \
      "CREATE INDEX subscription_due ON subscription (next_at) WHERE state IN ('pending', 'active');"                                                     \
      "CREATE TABLE dead_letter (subscription TEXT NOT NULL REFERENCES subscription(id), event INTEGER NOT NULL, at INTEGER NOT NULL,"                    \
      " attempts INTEGER NOT NULL, status INTEGER, error_zh TEXT, error_en TEXT, again INTEGER NOT NULL, next_at INTEGER NOT NULL,"                       \
      " PRIMARY KEY (subscription, event)) STRICT, WITHOUT ROWID;"                                                                                        \
      "CREATE INDEX dead_letter_again ON dead_letter (subscription, event) WHERE again = 1;"                                                              \
      "CREATE TABLE recipient (resource TEXT NOT NULL, subject TEXT NOT NULL, organisation TEXT NOT NULL, access_grant TEXT NOT NULL,"                    \
      " entry INTEGER NOT NULL, last_at INTEGER NOT NULL, PRIMARY KEY (resource, subject, organisation)) STRICT, WITHOUT ROWID;"                          \
      "CREATE TABLE correction (seq INTEGER PRIMARY KEY AUTOINCREMENT, organisation TEXT NOT NULL, resource TEXT NOT NULL,"                               \
      " act TEXT NOT NULL, batch TEXT, records INTEGER NOT NULL, sealed TEXT NOT NULL, at INTEGER NOT NULL) STRICT;"                                      \
      "CREATE INDEX correction_of ON correction (organisation, seq);"                                                                                     \
      "CREATE TRIGGER outbox_correction AFTER INSERT ON correction BEGIN INSERT INTO outbox (kind, ref, resource, organisation, act,"                     \
      " batch, records, at) VALUES ('corrections', NEW.seq, NEW.resource, NEW.organisation, NEW.act, NEW.batch, NEW.records, NEW.at);"                    \
      " END;"                                                                                                                                             \
      "CREATE TABLE correction_mark (one INTEGER PRIMARY KEY CHECK (one = 1), change INTEGER NOT NULL, flow INTEGER NOT NULL) STRICT;"                    \
      "INSERT INTO correction_mark VALUES (1, (SELECT coalesce(max(seq), 0) FROM change_event),"                                                          \
      " (SELECT coalesce(max(seq), 0) FROM flow_event));")                                                                                                \
    X(19,                                                                                                                                                 \
      "CREATE TABLE pack_use (pack TEXT NOT NULL REFERENCES pack(name), name TEXT NOT NULL, text TEXT NOT NULL,"                                          \
      " PRIMARY KEY (pack, name)) STRICT;"                                                                                                                \
      "CREATE TABLE report (number TEXT PRIMARY KEY, kind TEXT NOT NULL, format TEXT NOT NULL, code TEXT NOT NULL, subject TEXT NOT NULL,"                \
      " sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, purpose TEXT NOT NULL, organisation TEXT, account TEXT, access_grant TEXT,"                         \
      " certificate TEXT NOT NULL, issued_at INTEGER NOT NULL, journal INTEGER NOT NULL, withdrawn_at INTEGER, withdrawn_by TEXT,"                        \
      " reason TEXT) STRICT;"                                                                                                                             \
      "CREATE INDEX report_issued ON report (issued_at);"                                                                                                 \
      "CREATE TRIGGER report_delete BEFORE DELETE ON report BEGIN SELECT RAISE(ABORT, 'a report is evidence and is not deleted'); END;"                   \
      "CREATE TABLE report_source (report TEXT NOT NULL REFERENCES report(number), resource TEXT NOT NULL, batch INTEGER NOT NULL,"                       \
      " records INTEGER NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (report, resource)) STRICT, WITHOUT ROWID;")                                          \
    X(20,                                                                                                                                                 \
      "CREATE TABLE pack_service (name TEXT PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL, pack TEXT NOT NULL REFERENCES pack(name))"         \
      " STRICT;"                                                                                                                                          \
      "CREATE TABLE pack_page (pack TEXT NOT NULL REFERENCES pack(name), name TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (pack, name))"               \
      " STRICT, WITHOUT ROWID;") \
    X(21, "CREATE TABLE anomaly (id TEXT PRIMARY KEY, rule TEXT NOT NULL, organisation TEXT NOT NULL, client TEXT, officer TEXT, subject TEXT," \
          " measured INTEGER NOT NULL, threshold INTEGER NOT NULL, entry INTEGER NOT NULL, state TEXT NOT NULL, raised_at INTEGER NOT NULL," \
          " changed_at INTEGER NOT NULL) STRICT;"                                                              \
          "CREATE UNIQUE INDEX anomaly_open ON anomaly (rule, organisation, coalesce(client, ''), coalesce(officer, ''), coalesce(subject, ''))" \
          " WHERE state IN ('raised', 'kept');"                                                                \
          "CREATE INDEX anomaly_raised ON anomaly (raised_at);"                                                \
          "CREATE INDEX usage_client ON usage (client, day);"                                                  \
          "CREATE TRIGGER anomaly_insert AFTER INSERT ON anomaly BEGIN UPDATE access_generation SET n = n + 1; END;" \
          "CREATE TRIGGER anomaly_update AFTER UPDATE OF state ON anomaly BEGIN UPDATE access_generation SET n = n + 1; END;") \
    X(22, "CREATE TABLE look_delay (id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisation(code), subject TEXT NOT NULL," \
          " matter TEXT NOT NULL, legal_basis TEXT NOT NULL, reason TEXT NOT NULL, state TEXT NOT NULL, from_at INTEGER NOT NULL," \
          " until_at INTEGER NOT NULL, made_at INTEGER NOT NULL, changed_at INTEGER NOT NULL) STRICT;"         \
          "CREATE INDEX look_delay_subject ON look_delay (subject) WHERE from_at > 0;"                         \
          "CREATE TRIGGER look_delay_delete BEFORE DELETE ON look_delay BEGIN SELECT RAISE(ABORT, 'a delay is evidence and is not deleted'); END;") \
    X(23, "CREATE TABLE publicity_stop (id INTEGER PRIMARY KEY AUTOINCREMENT, resource TEXT NOT NULL, record TEXT NOT NULL," \
          " since INTEGER NOT NULL, reason TEXT NOT NULL, document TEXT NOT NULL, account TEXT, organisation TEXT, made_at INTEGER NOT NULL," \
          " lifted INTEGER, lift_reason TEXT, lift_document TEXT, lifted_by TEXT, lifted_at INTEGER, CHECK (lifted >= since)) STRICT;" \
          "CREATE INDEX publicity_stop_of ON publicity_stop (resource, record);"                               \
          "CREATE UNIQUE INDEX publicity_stop_open ON publicity_stop (resource, record) WHERE lifted IS NULL;" \
          "CREATE TRIGGER publicity_stop_kept BEFORE UPDATE ON publicity_stop WHEN OLD.lifted IS NOT NULL OR NEW.since <> OLD.since" \
          " OR NEW.resource <> OLD.resource OR NEW.record <> OLD.record OR NEW.reason <> OLD.reason OR NEW.document <> OLD.document" \
          " BEGIN SELECT RAISE(ABORT, 'an early end of publicity is lifted once and not changed'); END;"      \
          "CREATE TRIGGER publicity_stop_delete BEFORE DELETE ON publicity_stop BEGIN SELECT RAISE(ABORT, 'an early end of publicity is evidence'); END;") \
    X(24, "CREATE TABLE objection_raised (id TEXT PRIMARY KEY, organisation TEXT REFERENCES organisation(code),"           \
          " subject TEXT REFERENCES consent_subject(id), provider TEXT NOT NULL REFERENCES organisation(code),"            \
          " resource TEXT NOT NULL, record TEXT, item TEXT, doubt TEXT NOT NULL, answer TEXT, decision TEXT, decided_at INTEGER," \
          " was TEXT, checked INTEGER NOT NULL DEFAULT -1, state TEXT NOT NULL, due_at INTEGER, created_at INTEGER NOT NULL," \
          " changed_at INTEGER NOT NULL, CHECK ((organisation IS NULL) <> (subject IS NULL))) STRICT;"                     \
          "INSERT INTO objection_raised (id, organisation, provider, resource, record, item, doubt, answer, state, due_at, created_at," \
          " changed_at) SELECT id, organisation, provider, resource, record, item, doubt, answer, state, due_at, created_at, changed_at" \
          " FROM objection;"                                                                                               \
          "DROP TABLE objection;"                                                                                          \
          "ALTER TABLE objection_raised RENAME TO objection;"                                                              \
          "CREATE INDEX objection_state ON objection (state, due_at);"                                                     \
          "CREATE INDEX objection_subject ON objection (subject, created_at) WHERE subject IS NOT NULL;"                   \
          "CREATE INDEX objection_awaited ON objection (resource, checked) WHERE state = 'to_be_corrected';") \
    X(25, "CREATE TABLE withheld (seq INTEGER PRIMARY KEY AUTOINCREMENT, resource TEXT NOT NULL, record TEXT NOT NULL,"    \
          " matter TEXT NOT NULL, act TEXT NOT NULL CHECK (act IN ('withheld', 'restored')), at INTEGER NOT NULL) STRICT;" \
          "CREATE INDEX withheld_matter ON withheld (matter, seq);"                                                        \
          "CREATE TRIGGER withheld_kept BEFORE UPDATE ON withheld BEGIN SELECT RAISE(ABORT, 'what was withheld is evidence and never changes'); END;" \
          "CREATE TRIGGER withheld_stays BEFORE DELETE ON withheld BEGIN SELECT RAISE(ABORT, 'what was withheld is evidence and is never removed'); END;" \
          "ALTER TABLE correction_mark ADD COLUMN withheld INTEGER NOT NULL DEFAULT 0;"                                    \
          "CREATE TABLE repair (id TEXT PRIMARY KEY, subject TEXT NOT NULL REFERENCES consent_subject(id),"                \
          " provider TEXT NOT NULL REFERENCES organisation(code), resource TEXT NOT NULL, record TEXT NOT NULL, tag TEXT NOT NULL," \
          " level TEXT NOT NULL, decided_day INTEGER NOT NULL, earliest INTEGER NOT NULL, latest INTEGER, statement TEXT NOT NULL," \
          " commitment TEXT NOT NULL, decision TEXT, answer TEXT, legal_basis TEXT, decided_at INTEGER, state TEXT NOT NULL,"     \
          " due_at INTEGER, created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL) STRICT;"                             \
          "CREATE UNIQUE INDEX repair_open ON repair (tag) WHERE state NOT IN ('refused', 'withdrawn', 'revoked');"        \
          "CREATE INDEX repair_state ON repair (state, due_at);"                                                           \
          "CREATE INDEX repair_subject ON repair (subject, created_at);"                                                   \
          "CREATE TRIGGER repair_delete BEFORE DELETE ON repair BEGIN SELECT RAISE(ABORT, 'a repair is evidence and is not deleted'); END;") \
    X(26, "CREATE TABLE list_entry (id TEXT PRIMARY KEY, list TEXT NOT NULL, subject TEXT NOT NULL REFERENCES consent_subject(id)," \
          " provider TEXT NOT NULL REFERENCES organisation(code), document TEXT NOT NULL, reason TEXT NOT NULL, legal_basis TEXT NOT NULL," \
          " answer TEXT, exit_basis TEXT, decided_day INTEGER NOT NULL, until_day INTEGER, state TEXT NOT NULL, created_at INTEGER NOT NULL," \
          " changed_at INTEGER NOT NULL) STRICT;"                                                                          \
          "CREATE UNIQUE INDEX list_entry_open ON list_entry (list, subject, provider) WHERE state IN ('proposed', 'in_force');" \
          "CREATE INDEX list_entry_subject ON list_entry (subject) WHERE state = 'in_force';"                              \
          "CREATE TRIGGER list_entry_delete BEFORE DELETE ON list_entry BEGIN SELECT RAISE(ABORT, 'an entry of a list is evidence and is not deleted'); END;" \
          "CREATE TABLE credit_check (id TEXT PRIMARY KEY, organisation TEXT NOT NULL, account TEXT, client TEXT, officer TEXT," \
          " matter TEXT NOT NULL, lists TEXT NOT NULL, measures TEXT NOT NULL, at INTEGER NOT NULL) STRICT;"               \
          "CREATE INDEX credit_check_of ON credit_check (organisation, at);"                                               \
          "CREATE TABLE credit_measure_report (credit_check TEXT NOT NULL REFERENCES credit_check(id), measure TEXT NOT NULL,"    \
          " taken INTEGER NOT NULL, note TEXT, account TEXT, client TEXT, at INTEGER NOT NULL, PRIMARY KEY (credit_check, measure))" \
          " STRICT, WITHOUT ROWID;")                                                                                       \
    X(27, "CREATE TABLE made_service (organisation TEXT NOT NULL REFERENCES organisation(code), name TEXT NOT NULL, version INTEGER NOT NULL," \
          " access_grant TEXT NOT NULL REFERENCES access_grant(id), body TEXT NOT NULL, made_by TEXT, made_at INTEGER NOT NULL," \
          " ended_at INTEGER, PRIMARY KEY (organisation, name, version)) STRICT, WITHOUT ROWID;") \
    X(28, "ALTER TABLE subscription ADD COLUMN missed INTEGER NOT NULL DEFAULT 0;"                             \
          "ALTER TABLE subscription ADD COLUMN dead_pruned INTEGER NOT NULL DEFAULT 0;"                        \
          "CREATE INDEX dead_letter_event ON dead_letter (event);"                                             \
          "CREATE TABLE outbox_pruned (one INTEGER PRIMARY KEY CHECK (one = 1), n INTEGER NOT NULL, upto INTEGER NOT NULL) STRICT;" \
          "INSERT INTO outbox_pruned VALUES (1, 0, 0);") \
    X(31, "DELETE FROM session;" /* those before had no name to be ended by; their owners sign in once more */  \
          "ALTER TABLE session ADD COLUMN id TEXT; ALTER TABLE session ADD COLUMN agent TEXT; ALTER TABLE session ADD COLUMN remote TEXT;" \
          "CREATE UNIQUE INDEX session_id ON session (id);") \
    X(34, "ALTER TABLE report ADD COLUMN stale_at INTEGER;"                                                    \
          "CREATE INDEX report_of ON report (organisation, issued_at);"                                        \
          "CREATE INDEX report_source_of ON report_source (resource);"                                         \
          "CREATE TABLE report_subject (report TEXT NOT NULL REFERENCES report(number), subject TEXT NOT NULL," \
          " PRIMARY KEY (subject, report)) STRICT, WITHOUT ROWID;"                                             \
          "CREATE INDEX report_subject_of ON report_subject (report);") \
    X(35, "CREATE TABLE upward_stream (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, change INTEGER NOT NULL, row INTEGER NOT NULL," \
          " phase INTEGER NOT NULL, withheld INTEGER NOT NULL, pass TEXT, next INTEGER NOT NULL, contact_at INTEGER, failed_at INTEGER," \
          " error_zh TEXT, error_en TEXT) STRICT;"                                                             \
          "CREATE TABLE upward_message (stream INTEGER NOT NULL REFERENCES upward_stream(id), sequence INTEGER NOT NULL," \
          " day INTEGER NOT NULL, batch TEXT, rows INTEGER NOT NULL, deletes INTEGER NOT NULL, bytes INTEGER NOT NULL," \
          " sha256 TEXT NOT NULL, state TEXT NOT NULL, made_at INTEGER NOT NULL, sent_at INTEGER, settled_at INTEGER," \
          " accepted INTEGER, returned INTEGER, delivery TEXT, error_zh TEXT, error_en TEXT, kept INTEGER NOT NULL DEFAULT 1," \
          " PRIMARY KEY (stream, sequence)) STRICT, WITHOUT ROWID;"                                            \
          "CREATE INDEX upward_message_open ON upward_message (stream, sequence) WHERE state IN ('made', 'sent');" \
          "CREATE TABLE upward_record (stream INTEGER NOT NULL, key_a INTEGER NOT NULL, key_b INTEGER NOT NULL, sent_a INTEGER," \
          " sent_b INTEGER, sequence INTEGER NOT NULL, state INTEGER NOT NULL, up_a INTEGER, up_b INTEGER, up_day INTEGER," \
          " PRIMARY KEY (stream, key_a, key_b)) STRICT, WITHOUT ROWID;"                                        \
          "CREATE TABLE upward_returned (stream INTEGER NOT NULL REFERENCES upward_stream(id), sequence INTEGER NOT NULL," \
          " row INTEGER NOT NULL, key_a INTEGER NOT NULL, key_b INTEGER NOT NULL, resource TEXT NOT NULL, department TEXT," \
          " record TEXT NOT NULL, codes TEXT NOT NULL, zh TEXT NOT NULL, en TEXT NOT NULL, returned_at INTEGER NOT NULL," \
          " closed_at INTEGER, closed_by INTEGER, PRIMARY KEY (stream, sequence, row)) STRICT, WITHOUT ROWID;" \
          "CREATE INDEX upward_returned_key ON upward_returned (stream, key_a, key_b) WHERE closed_at IS NULL;" \
          "CREATE TABLE upward_day (stream INTEGER NOT NULL REFERENCES upward_stream(id), day INTEGER NOT NULL, rows INTEGER NOT NULL," \
          " hash TEXT NOT NULL, upper_rows INTEGER NOT NULL, upper_hash TEXT NOT NULL, missing INTEGER NOT NULL," \
          " surplus INTEGER NOT NULL, different INTEGER NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL," \
          " PRIMARY KEY (stream, day)) STRICT, WITHOUT ROWID;")                                                \
    X(36, "CREATE TABLE upward_received (organisation TEXT NOT NULL REFERENCES organisation(code), resource TEXT NOT NULL," \
          " sequence INTEGER NOT NULL, sha256 TEXT NOT NULL, day INTEGER NOT NULL, rows INTEGER NOT NULL, deletes INTEGER NOT NULL," \
          " delivery TEXT, client TEXT, received_at INTEGER NOT NULL, PRIMARY KEY (organisation, resource, sequence)) STRICT, WITHOUT ROWID;" \
          "CREATE INDEX upward_received_as ON upward_received (delivery);") \
    X(37, "CREATE TABLE watch (id INTEGER PRIMARY KEY AUTOINCREMENT, organisation TEXT NOT NULL REFERENCES organisation(code)," \
          " subject TEXT NOT NULL, mask TEXT NOT NULL, reference TEXT, purpose TEXT NOT NULL, until_at INTEGER NOT NULL, state TEXT NOT NULL" \
          " CHECK (state IN ('active', 'ended')), why TEXT CHECK ((why IS NULL) = (state = 'active')), account TEXT, client TEXT," \
          " made_at INTEGER NOT NULL, ended_at INTEGER) STRICT;" \
          "CREATE INDEX watch_of ON watch (organisation, id);"                                                 \
          "CREATE INDEX watch_reference ON watch (reference) WHERE reference IS NOT NULL;"       \
          "CREATE INDEX watch_subject ON watch (subject, organisation);"                                                     \
          "CREATE INDEX watch_until ON watch (until_at) WHERE state = 'active';"                               \
          "CREATE TRIGGER watch_delete BEFORE DELETE ON watch BEGIN SELECT RAISE(ABORT, 'that somebody was watched is evidence and is not deleted'); END;" \
          "CREATE TABLE watch_count (organisation TEXT NOT NULL, state TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (organisation, state))" \
          " STRICT, WITHOUT ROWID;"                                                                            \
          "CREATE TRIGGER watch_counted AFTER INSERT ON watch BEGIN INSERT INTO watch_count VALUES (NEW.organisation, NEW.state, 1)" \
          " ON CONFLICT (organisation, state) DO UPDATE SET n = n + 1; END;"                                   \
          "CREATE TABLE watch_cover (resource TEXT NOT NULL, subject TEXT NOT NULL, organisation TEXT NOT NULL, watch INTEGER NOT NULL," \
          " access_grant TEXT NOT NULL, consent TEXT, until_at INTEGER NOT NULL, PRIMARY KEY (resource, subject, organisation)) STRICT, WITHOUT ROWID;" \
          "CREATE INDEX watch_cover_of ON watch_cover (watch);"                                                \
          "CREATE INDEX watch_cover_consent ON watch_cover (consent) WHERE consent IS NOT NULL;"               \
          "CREATE TRIGGER watch_ended AFTER UPDATE OF state ON watch WHEN NEW.state = 'ended' AND OLD.state = 'active' BEGIN" \
          " DELETE FROM watch_cover WHERE watch = NEW.id;"                                                     \
          " UPDATE watch_count SET n = n - 1 WHERE organisation = NEW.organisation AND state = 'active';"      \
          " INSERT INTO watch_count VALUES (NEW.organisation, 'ended', 1) ON CONFLICT (organisation, state) DO UPDATE SET n = n + 1; END;" \
          "CREATE TRIGGER watch_consent AFTER UPDATE OF state ON consent WHEN NEW.state <> 'active' AND OLD.state = 'active' BEGIN" \
          " UPDATE watch SET state = 'ended', why = 'consent', ended_at = coalesce(NEW.withdrawn_at, 0) WHERE state = 'active' AND id IN" \
          " (SELECT watch FROM watch_cover WHERE consent = NEW.id) AND NOT EXISTS (SELECT 1 FROM watch_cover o WHERE o.watch = watch.id" \
          " AND (o.consent IS NULL OR o.consent <> NEW.id));"                                                  \
          " DELETE FROM watch_cover WHERE consent = NEW.id; END;") \
    X(38, "CREATE TABLE watch_page (seq INTEGER PRIMARY KEY AUTOINCREMENT, act TEXT NOT NULL, organisation TEXT NOT NULL, account TEXT," \
          " client TEXT, purpose TEXT, resource TEXT, batch TEXT, first INTEGER, records INTEGER NOT NULL, level INTEGER, subjects TEXT NOT NULL," \
          " at INTEGER NOT NULL, journal INTEGER) STRICT;"                                                     \
          "CREATE INDEX watch_page_pending ON watch_page (seq) WHERE journal IS NULL OR journal < 0;"          \
          "CREATE TABLE watch_event (seq INTEGER PRIMARY KEY AUTOINCREMENT, page INTEGER NOT NULL, organisation TEXT NOT NULL, watch INTEGER," \
          " resource TEXT, access_grant TEXT, list TEXT, act TEXT NOT NULL, level INTEGER NOT NULL, rule TEXT, batch TEXT, sealed TEXT," \
          " at INTEGER NOT NULL) STRICT;"                                                                      \
          "CREATE INDEX watch_event_of ON watch_event (organisation, seq);"                                    \
          "CREATE INDEX watch_event_watch ON watch_event (watch, seq);"                                        \
          "CREATE INDEX watch_event_level ON watch_event (organisation, level, seq);"                                        \
          "ALTER TABLE outbox ADD COLUMN level TEXT;"                                                          \
          "CREATE TRIGGER outbox_watch AFTER UPDATE OF journal ON watch_page WHEN NEW.act = 'raised' AND NEW.journal >= 0 AND" \
          " (OLD.journal IS NULL OR OLD.journal < 0) BEGIN INSERT INTO outbox (kind, ref, resource, organisation, act, batch, records, at, level)" \
          " VALUES ('watch', NEW.first, coalesce(NEW.resource, ''), NEW.organisation, 'raised', NEW.batch, NEW.records, NEW.at," \
          " CASE NEW.level WHEN 0 THEN 'red' WHEN 1 THEN 'orange' WHEN 2 THEN 'yellow' ELSE 'blue' END); END;"  \
          "CREATE TABLE watch_signal (seq INTEGER PRIMARY KEY AUTOINCREMENT, list TEXT NOT NULL, subject TEXT NOT NULL, act TEXT NOT NULL," \
          " at INTEGER NOT NULL) STRICT;"                                                                      \
          "CREATE TRIGGER watch_listed AFTER UPDATE OF state ON list_entry WHEN NEW.state <> OLD.state AND 'in_force' IN (NEW.state, OLD.state)" \
          " BEGIN INSERT INTO watch_signal (list, subject, act, at) VALUES (NEW.list, NEW.subject, CASE NEW.state WHEN 'in_force' THEN 'listed'" \
          " ELSE 'unlisted' END, NEW.changed_at); END;"                                                        \
          "CREATE TABLE watch_mark (one INTEGER PRIMARY KEY CHECK (one = 1), change INTEGER NOT NULL, flow INTEGER NOT NULL," \
          " withheld INTEGER NOT NULL, signal INTEGER NOT NULL, subject TEXT NOT NULL DEFAULT '') STRICT;"                                       \
          "INSERT INTO watch_mark (one, change, flow, withheld, signal) VALUES (1, (SELECT coalesce(max(seq), 0) FROM change_event)," \
          " (SELECT coalesce(max(seq), 0) FROM flow_event), (SELECT coalesce(max(seq), 0) FROM withheld), 0);") \
    X(39, "ALTER TABLE repair ADD COLUMN ground TEXT NOT NULL DEFAULT 'fulfilled' CHECK (ground IN ('fulfilled', 'reorganised'));" \
          "ALTER TABLE repair ADD COLUMN court TEXT; ALTER TABLE repair ADD COLUMN ruling TEXT; ALTER TABLE repair ADD COLUMN ruled_day INTEGER;") \
    X(40, "ALTER TABLE export ADD COLUMN service TEXT; ALTER TABLE export ADD COLUMN service_version INTEGER;") \
    X(44, "ALTER TABLE delivery ADD COLUMN area TEXT;"                                                         \
          "CREATE TABLE collect_campaign (id TEXT PRIMARY KEY, resource TEXT NOT NULL, title TEXT NOT NULL, region TEXT NOT NULL," \
          " organisation TEXT NOT NULL REFERENCES organisation(code), from_day INTEGER NOT NULL, until_day INTEGER NOT NULL," \
          " made_by TEXT, made_at INTEGER NOT NULL, ended_at INTEGER, CHECK (until_day >= from_day)) STRICT;"  \
          "CREATE INDEX collect_campaign_of ON collect_campaign (resource, made_at);"                          \
          "CREATE TABLE collect_target (campaign TEXT NOT NULL REFERENCES collect_campaign(id), area TEXT NOT NULL," \
          " expected INTEGER NOT NULL CHECK (expected >= 0), PRIMARY KEY (campaign, area)) STRICT, WITHOUT ROWID;" \
          "CREATE TABLE collect_duty (account TEXT NOT NULL REFERENCES account(id), resource TEXT NOT NULL, area TEXT NOT NULL," \
          " given_by TEXT, given_at INTEGER NOT NULL, PRIMARY KEY (account, resource, area)) STRICT, WITHOUT ROWID;" \
          "CREATE INDEX collect_duty_area ON collect_duty (resource, area);"                                   \
          "CREATE TABLE collect_entry (id TEXT PRIMARY KEY, resource TEXT NOT NULL, area TEXT NOT NULL, account TEXT NOT NULL," \
          " delivery TEXT NOT NULL, row INTEGER NOT NULL, sent_at INTEGER NOT NULL) STRICT;"                   \
          "CREATE INDEX collect_entry_of ON collect_entry (resource, area, sent_at);"                          \
          "CREATE INDEX collect_entry_delivery ON collect_entry (delivery);") \
    X(46, "ALTER TABLE report_source ADD COLUMN items TEXT;") \
    X(49, "CREATE TABLE report_bundle (id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisation(code), client TEXT," \
          " account TEXT, officer TEXT, purpose TEXT, remote TEXT, lang TEXT NOT NULL, format TEXT NOT NULL, state TEXT NOT NULL," \
          " subjects INTEGER NOT NULL CHECK (subjects > 0), issued INTEGER NOT NULL DEFAULT 0, refused INTEGER NOT NULL DEFAULT 0," \
          " attempts INTEGER NOT NULL DEFAULT 0, bytes INTEGER, sha256 TEXT, error_zh TEXT, error_en TEXT," \
          " created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, served_at INTEGER NOT NULL DEFAULT 0, expires_at INTEGER) STRICT;" \
          "CREATE INDEX report_bundle_of ON report_bundle (organisation, created_at);"                         \
          "CREATE INDEX report_bundle_open ON report_bundle (served_at, created_at) WHERE state IN ('queued', 'running');" \
          "CREATE INDEX report_bundle_ends ON report_bundle (expires_at) WHERE state = 'ready';"               \
          "CREATE TABLE report_bundle_row (bundle TEXT NOT NULL REFERENCES report_bundle(id), row INTEGER NOT NULL," \
          " report TEXT REFERENCES report(number), entry INTEGER, part INTEGER, bytes INTEGER, condition TEXT, error_zh TEXT," \
          " error_en TEXT, PRIMARY KEY (bundle, row), CHECK (report IS NOT NULL OR error_en IS NOT NULL)) STRICT, WITHOUT ROWID;") \
    X(50, "CREATE TABLE watch_pruned (one INTEGER PRIMARY KEY CHECK (one = 1), n INTEGER NOT NULL, upto INTEGER NOT NULL) STRICT;" \
          "INSERT INTO watch_pruned VALUES (1, 0, 0);") \
    X(52, "CREATE TABLE rural_round (id TEXT PRIMARY KEY, village TEXT NOT NULL, village_name TEXT NOT NULL, title TEXT NOT NULL," \
          " organisation TEXT NOT NULL, opened_by TEXT NOT NULL, opened_at INTEGER NOT NULL, closed_by TEXT, closed_at INTEGER, delivery TEXT," \
          " white INTEGER NOT NULL DEFAULT 0, grey INTEGER NOT NULL DEFAULT 0, black INTEGER NOT NULL DEFAULT 0) STRICT;" \
          "CREATE UNIQUE INDEX rural_round_open ON rural_round (village) WHERE closed_at IS NULL;"           \
          "CREATE TABLE rural_round_member (round TEXT NOT NULL REFERENCES rural_round(id), account TEXT NOT NULL REFERENCES account(id)," \
          " PRIMARY KEY (round, account)) STRICT, WITHOUT ROWID;"                                            \
          "CREATE TABLE rural_round_mark (round TEXT NOT NULL REFERENCES rural_round(id), household TEXT NOT NULL, account TEXT NOT NULL," \
          " mark TEXT NOT NULL CHECK (mark IN ('white', 'grey', 'black')), reasons TEXT NOT NULL, at INTEGER NOT NULL," \
          " PRIMARY KEY (round, household, account)) STRICT, WITHOUT ROWID;") \
    X(53, "CREATE TABLE rural_offer (id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisation(code), grade TEXT NOT NULL," \
          " product TEXT NOT NULL, rate_bp INTEGER NOT NULL, limit_yuan INTEGER NOT NULL, term_months INTEGER NOT NULL, note TEXT NOT NULL," \
          " from_day INTEGER NOT NULL, until_day INTEGER NOT NULL, made_by TEXT NOT NULL, made_at INTEGER NOT NULL, ended_at INTEGER," \
          " CHECK (until_day >= from_day)) STRICT;"                                                          \
          "CREATE INDEX rural_offer_of ON rural_offer (grade, organisation);") \
    X(54, "CREATE TABLE rural_used (organisation TEXT NOT NULL, household TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('check', 'report'))," \
          " at INTEGER NOT NULL, PRIMARY KEY (organisation, household, kind, at)) STRICT, WITHOUT ROWID;"    \
          "CREATE TABLE rural_loan (organisation TEXT NOT NULL REFERENCES organisation(code), reference TEXT NOT NULL, household TEXT NOT NULL," \
          " village TEXT NOT NULL, grade TEXT, applied_day INTEGER NOT NULL, made_at INTEGER NOT NULL," \
          " PRIMARY KEY (organisation, reference)) STRICT, WITHOUT ROWID;"                                   \
          "CREATE TABLE rural_loan_event (organisation TEXT NOT NULL, reference TEXT NOT NULL, seq INTEGER NOT NULL, event TEXT NOT NULL," \
          " day INTEGER NOT NULL, fen INTEGER, overdue_days INTEGER, made_by TEXT NOT NULL, made_at INTEGER NOT NULL," \
          " PRIMARY KEY (organisation, reference, seq), FOREIGN KEY (organisation, reference) REFERENCES rural_loan(organisation, reference)) STRICT, WITHOUT ROWID;") \
    X(55, "CREATE TABLE rural_check (id TEXT PRIMARY KEY, organisation TEXT NOT NULL, account TEXT, client TEXT, officer TEXT," \
          " purpose TEXT, remote TEXT, state TEXT NOT NULL, households INTEGER NOT NULL, claims INTEGER NOT NULL,"  \
          " done INTEGER NOT NULL DEFAULT 0, counts TEXT, condition TEXT, error_zh TEXT, error_en TEXT,"            \
          " attempts INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, ended_at INTEGER," \
          " expires_at INTEGER) STRICT;"                                                                       \
          "CREATE INDEX rural_check_of ON rural_check (organisation, created_at);"                             \
          "CREATE INDEX rural_check_state ON rural_check (state, created_at);") \
    X(57, "CREATE TABLE finance_enterprise (id TEXT PRIMARY KEY, subject TEXT NOT NULL UNIQUE REFERENCES consent_subject(id)," \
          " state TEXT NOT NULL, sealed TEXT NOT NULL, registered_at INTEGER NOT NULL, changed_at INTEGER NOT NULL) STRICT;" \
          "CREATE INDEX finance_enterprise_at ON finance_enterprise (registered_at);") \
    X(61, "CREATE INDEX client_key_kid ON client_key (kid);" \
          "CREATE TABLE deed (id TEXT PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, root TEXT NOT NULL, parent TEXT REFERENCES deed(id)," \
          " holder TEXT NOT NULL REFERENCES organisation(code), obligor TEXT NOT NULL REFERENCES organisation(code)," \
          " financier TEXT REFERENCES organisation(code), amount INTEGER NOT NULL CHECK (amount > 0)," \
          " financed INTEGER NOT NULL CHECK (financed >= 0 AND financed <= amount), due TEXT, secures TEXT, seq INTEGER NOT NULL, head TEXT NOT NULL," \
          " created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, CHECK ((financier IS NULL) = (financed = 0))) STRICT;" \
          "CREATE TRIGGER deed_delete BEFORE DELETE ON deed BEGIN SELECT RAISE(ABORT, 'deeds are evidence and are not deleted'); END;" \
          "CREATE TABLE deed_party (organisation TEXT NOT NULL, deed TEXT NOT NULL REFERENCES deed(id), PRIMARY KEY (organisation, deed))" \
          " STRICT, WITHOUT ROWID;" \
          "CREATE TABLE deed_asset (root TEXT NOT NULL REFERENCES deed(id), nth INTEGER NOT NULL, tag TEXT NOT NULL, opening TEXT NOT NULL," \
          " identity TEXT NOT NULL, PRIMARY KEY (root, nth)) STRICT, WITHOUT ROWID;" \
          "CREATE TABLE deed_claim (tag TEXT PRIMARY KEY, root TEXT NOT NULL REFERENCES deed(id), deed TEXT NOT NULL, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;" \
          "CREATE INDEX deed_claim_root ON deed_claim (root);" \
          "CREATE TABLE deed_step (id INTEGER PRIMARY KEY, deed TEXT NOT NULL REFERENCES deed(id), seq INTEGER NOT NULL, act TEXT NOT NULL," \
          " statement TEXT NOT NULL, signatures TEXT NOT NULL, entry TEXT NOT NULL, at INTEGER NOT NULL, journal INTEGER NOT NULL, UNIQUE (deed, seq)) STRICT;" \
          "CREATE INDEX deed_step_pending ON deed_step (id) WHERE journal < 0;" \
          "CREATE TRIGGER deed_step_delete BEFORE DELETE ON deed_step BEGIN SELECT RAISE(ABORT, 'deeds are evidence and are not deleted'); END;" \
          "CREATE TABLE deed_proposal (statement TEXT PRIMARY KEY, deed TEXT NOT NULL, act TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('waiting'," \
          " 'entered', 'overtaken', 'withdrawn')), signatures TEXT NOT NULL, made_by TEXT NOT NULL, made_at INTEGER NOT NULL, changed_at INTEGER NOT NULL) STRICT;" \
          "CREATE INDEX deed_proposal_of ON deed_proposal (deed) WHERE state = 'waiting';" \
          "CREATE TABLE deed_signer (organisation TEXT NOT NULL, statement TEXT NOT NULL REFERENCES deed_proposal(statement), signed INTEGER NOT NULL," \
          " PRIMARY KEY (organisation, statement)) STRICT, WITHOUT ROWID;") \
    X(64, "CREATE TABLE portal_uri (client TEXT NOT NULL REFERENCES client(id), uri TEXT NOT NULL, PRIMARY KEY (client, uri)) STRICT, WITHOUT ROWID;" \
          "CREATE TABLE portal_entry (subject TEXT NOT NULL REFERENCES consent_subject(id), client TEXT NOT NULL REFERENCES client(id)," \
          " scopes TEXT NOT NULL, times INTEGER NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, PRIMARY KEY (subject, client))" \
          " STRICT, WITHOUT ROWID;") \
    X(68, "ALTER TABLE look RENAME TO look_before;" \
          "CREATE TABLE look_entry (entry INTEGER PRIMARY KEY, link TEXT NOT NULL, resource TEXT, organisation TEXT, access_grant TEXT," \
          " at INTEGER NOT NULL) STRICT;" \
          "CREATE TABLE look (subject TEXT NOT NULL, entry INTEGER NOT NULL, last INTEGER NOT NULL, nth INTEGER NOT NULL, head TEXT NOT NULL," \
          " entries TEXT NOT NULL, PRIMARY KEY (subject, entry)) STRICT, WITHOUT ROWID;" \
          "CREATE INDEX recipient_before ON recipient (entry, subject);" \
          "INSERT INTO look_entry SELECT l.entry, max(l.link), max(r.resource), max(r.organisation), max(r.access_grant), coalesce(max(r.last_at), 0)" \
          " FROM look_before l LEFT JOIN recipient r ON r.entry = l.entry AND r.subject = l.subject GROUP BY l.entry;" \
          "INSERT INTO look SELECT subject, entry, entry, nth, head, CASE WHEN EXISTS (SELECT 1 FROM recipient r WHERE r.entry = l.entry" \
          " AND r.subject = l.subject) THEN '' ELSE '!' END || entry FROM look_before l;" \
          "CREATE INDEX look_entry_given ON look_entry (resource, organisation) WHERE resource IS NOT NULL;" \
          "DROP TABLE look_before; DROP TABLE recipient;") \
    X(70, "CREATE TABLE financing (id TEXT PRIMARY KEY, subject TEXT NOT NULL REFERENCES consent_subject(id), state TEXT NOT NULL, mode TEXT NOT NULL," \
          " amount INTEGER NOT NULL CHECK (amount > 0), term INTEGER NOT NULL CHECK (term > 0), purpose TEXT NOT NULL, guarantee TEXT, rate_most INTEGER," \
          " repayment TEXT, product TEXT, first_loan INTEGER NOT NULL, first_known INTEGER, renews TEXT, renewal_known INTEGER, open_most INTEGER NOT NULL," \
          " open_until INTEGER, pass_on TEXT NOT NULL CHECK (pass_on IN ('no', 'next', 'guarantee')), region TEXT, industry TEXT, size TEXT," \
          " created_at INTEGER NOT NULL, published_at INTEGER, changed_at INTEGER NOT NULL) STRICT;" \
          "CREATE INDEX financing_of ON financing (subject, created_at);" \
          "CREATE INDEX financing_state ON financing (state, published_at);" \
          "CREATE TABLE financing_match (financing TEXT NOT NULL REFERENCES financing(id), place INTEGER NOT NULL, product TEXT NOT NULL, kind TEXT NOT NULL," \
          " title TEXT NOT NULL, title_en TEXT NOT NULL, organisation TEXT NOT NULL REFERENCES organisation(code), result TEXT NOT NULL, misses INTEGER NOT NULL," \
          " unknown INTEGER NOT NULL, PRIMARY KEY (financing, place)) STRICT, WITHOUT ROWID;" \
          "CREATE INDEX financing_match_of ON financing_match (organisation, financing);" \
          "CREATE TABLE loan_case (id TEXT PRIMARY KEY, financing TEXT NOT NULL REFERENCES financing(id), subject TEXT NOT NULL, organisation TEXT NOT NULL" \
          " REFERENCES organisation(code), product TEXT, way TEXT NOT NULL, why TEXT, before_case TEXT REFERENCES loan_case(id), state TEXT NOT NULL, consent TEXT," \
          " granted INTEGER, granted_rate INTEGER, granted_term INTEGER, granted_guarantee TEXT, granted_day INTEGER, valid_until INTEGER," \
          " drawn INTEGER NOT NULL DEFAULT 0, repaid INTEGER NOT NULL DEFAULT 0, interest INTEGER NOT NULL DEFAULT 0, overdue_days INTEGER, lost INTEGER," \
          " refusal TEXT, refusal_note TEXT, last_day INTEGER, due_at INTEGER, applied_at INTEGER, created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL," \
          " UNIQUE (financing, organisation), CHECK (drawn <= coalesce(granted, 0)), CHECK (repaid <= drawn), CHECK (coalesce(lost, 0) <= drawn)) STRICT;" \
          "CREATE INDEX loan_case_of ON loan_case (organisation, state, created_at);" \
          "CREATE INDEX loan_case_due ON loan_case (due_at) WHERE due_at IS NOT NULL;" \
          "CREATE TRIGGER loan_case_delete BEFORE DELETE ON loan_case BEGIN SELECT RAISE(ABORT, 'loan cases are evidence and are not deleted'); END;" \
          "CREATE TABLE loan_draw (organisation TEXT NOT NULL, loan_no TEXT NOT NULL, loan_case TEXT NOT NULL REFERENCES loan_case(id), amount INTEGER NOT NULL" \
          " CHECK (amount > 0), rate INTEGER NOT NULL, day INTEGER NOT NULL, due_day INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (organisation, loan_no))" \
          " STRICT, WITHOUT ROWID;" \
          "CREATE INDEX loan_draw_of ON loan_draw (loan_case, at);" \
          "CREATE TABLE loan_repayment (loan_case TEXT NOT NULL REFERENCES loan_case(id), seq INTEGER NOT NULL, day INTEGER NOT NULL, principal INTEGER NOT NULL" \
          " CHECK (principal >= 0), interest INTEGER NOT NULL CHECK (interest >= 0), at INTEGER NOT NULL, PRIMARY KEY (loan_case, seq)) STRICT, WITHOUT ROWID;") \
    X(71, "CREATE TABLE finance_event (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, financing TEXT NOT NULL REFERENCES financing(id)," \
          " loan_case TEXT REFERENCES loan_case(id), subject TEXT NOT NULL, organisation TEXT, product TEXT, amount INTEGER, rate REAL, term_months INTEGER," \
          " reason TEXT, first_loan INTEGER NOT NULL, renewal INTEGER NOT NULL, region TEXT, industry TEXT, size TEXT) STRICT;" \
          "CREATE INDEX finance_event_at ON finance_event (at, kind);" \
          "CREATE INDEX finance_event_of ON finance_event (financing, seq);" \
          "CREATE TRIGGER finance_event_update BEFORE UPDATE ON finance_event BEGIN SELECT RAISE(ABORT, 'what happened is not changed'); END;" \
          "CREATE TRIGGER finance_event_delete BEFORE DELETE ON finance_event BEGIN SELECT RAISE(ABORT, 'what happened is not deleted'); END;") \
    X(72, "CREATE TABLE bank_event (organisation TEXT NOT NULL, event_no TEXT NOT NULL, said TEXT NOT NULL, loan_case TEXT NOT NULL REFERENCES loan_case(id)," \
          " event TEXT NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (organisation, event_no)) STRICT, WITHOUT ROWID;") \
    X(73, "ALTER TABLE outbox ADD COLUMN object TEXT;"                                                         \
          "CREATE TRIGGER outbox_case AFTER UPDATE OF applied_at ON loan_case WHEN OLD.applied_at IS NULL AND NEW.applied_at IS NOT NULL BEGIN" \
          " INSERT INTO outbox (kind, ref, resource, organisation, act, records, at, object) VALUES ('cases', NEW.rowid, '', NEW.organisation," \
          " 'applied', 1, NEW.applied_at, NEW.id); END;"                                                       \
          "CREATE TRIGGER outbox_case_gone AFTER UPDATE OF state ON loan_case WHEN NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn' AND" \
          " NEW.applied_at IS NOT NULL BEGIN INSERT INTO outbox (kind, ref, resource, organisation, act, records, at, object) VALUES ('cases'," \
          " NEW.rowid, '', NEW.organisation, 'withdrawn', 1, NEW.changed_at, NEW.id); END;")                   \
    X(74, "CREATE TABLE finance_institution (id TEXT PRIMARY KEY, organisation TEXT NOT NULL UNIQUE REFERENCES organisation(code), kind TEXT NOT NULL," \
          " licence TEXT NOT NULL, regions TEXT NOT NULL, parent TEXT REFERENCES organisation(code), contact TEXT NOT NULL, phone TEXT NOT NULL," \
          " about TEXT, about_en TEXT, state TEXT NOT NULL, created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL) STRICT;" \
          "CREATE TABLE finance_product (id TEXT PRIMARY KEY, code TEXT NOT NULL, version INTEGER NOT NULL, organisation TEXT NOT NULL REFERENCES organisation(code)," \
          " state TEXT NOT NULL, form TEXT NOT NULL, note TEXT, created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, published_at INTEGER," \
          " UNIQUE (code, version)) STRICT;" \
          "CREATE UNIQUE INDEX finance_product_open ON finance_product (code) WHERE state IN ('draft', 'submitted');" \
          "CREATE UNIQUE INDEX finance_product_published ON finance_product (code) WHERE state = 'published';" \
          "CREATE INDEX finance_product_of ON finance_product (organisation, changed_at);" \
          "CREATE TABLE finance_market (one INTEGER PRIMARY KEY CHECK (one = 1), generation INTEGER NOT NULL) STRICT;" \
          "INSERT INTO finance_market VALUES (1, 0);" \
          "CREATE TRIGGER finance_institution_changed AFTER UPDATE OF state ON finance_institution BEGIN UPDATE finance_market SET generation = generation + 1; END;" \
          "CREATE TRIGGER finance_product_changed AFTER UPDATE OF state ON finance_product BEGIN UPDATE finance_market SET generation = generation + 1; END;" \
          "CREATE TRIGGER finance_product_delete BEFORE DELETE ON finance_product BEGIN SELECT RAISE(ABORT, 'versions of products are kept'); END;") \
    X(75, "ALTER TABLE finance_product ADD COLUMN title TEXT;")                                               \
    X(77, "CREATE TABLE precheck_model (id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES organisation(code), name TEXT NOT NULL," \
          " version INTEGER NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL, product TEXT, open INTEGER NOT NULL, state TEXT NOT NULL," \
          " sha256 TEXT NOT NULL, shape TEXT NOT NULL, sealed TEXT NOT NULL, indicators INTEGER NOT NULL, rows INTEGER NOT NULL," \
          " runs INTEGER NOT NULL DEFAULT 0, made_by TEXT, made_at INTEGER NOT NULL, changed_at INTEGER NOT NULL," \
          " UNIQUE (organisation, name, version)) STRICT;" \
          "CREATE UNIQUE INDEX precheck_model_active ON precheck_model (organisation, name) WHERE state = 'active';" \
          "CREATE INDEX precheck_model_product ON precheck_model (product) WHERE state = 'active' AND open = 1;" \
          "CREATE TABLE precheck_run (id INTEGER PRIMARY KEY, model TEXT NOT NULL REFERENCES precheck_model(id), organisation TEXT NOT NULL," \
          " shape TEXT NOT NULL, subject TEXT NOT NULL REFERENCES consent_subject(id), day INTEGER NOT NULL, own INTEGER NOT NULL, account TEXT," \
          " client TEXT, officer TEXT, consent TEXT, as_of INTEGER, sealed TEXT, at INTEGER NOT NULL) STRICT;" \
          "CREATE INDEX precheck_run_subject ON precheck_run (subject, organisation, at);" \
          "CREATE INDEX precheck_run_of ON precheck_run (organisation, id);") \
    X(78, "CREATE TABLE kit_study (id TEXT PRIMARY KEY, features TEXT NOT NULL, outcome TEXT NOT NULL, features_day TEXT NOT NULL," \
          " outcome_day TEXT NOT NULL, overdue INTEGER NOT NULL, firms INTEGER NOT NULL, good INTEGER NOT NULL, bad INTEGER NOT NULL," \
          " made_by TEXT, made_at INTEGER NOT NULL) STRICT;" \
          "CREATE TABLE kit_query (study TEXT NOT NULL REFERENCES kit_study(id), organisation TEXT NOT NULL, question TEXT NOT NULL," \
          " at INTEGER NOT NULL, PRIMARY KEY (study, organisation, question)) STRICT, WITHOUT ROWID;") \
    X(79, "CREATE TABLE delegation (id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('staff', 'legal_representative'))," \
          " firm TEXT NOT NULL REFERENCES consent_subject(id), person TEXT REFERENCES consent_subject(id), state TEXT NOT NULL, note TEXT," \
          " scopes TEXT NOT NULL, until_at INTEGER NOT NULL, token TEXT UNIQUE, token_until INTEGER, made_at INTEGER NOT NULL," \
          " changed_at INTEGER NOT NULL) STRICT;" \
          "CREATE INDEX delegation_firm ON delegation (firm, made_at);" \
          "CREATE INDEX delegation_person ON delegation (person, made_at);" \
          "ALTER TABLE flow_event ADD COLUMN delegate TEXT; ALTER TABLE flow_event ADD COLUMN delegate_title TEXT;") \
    X(80, "CREATE TABLE licence (seq INTEGER PRIMARY KEY AUTOINCREMENT, resource TEXT NOT NULL, supplier TEXT NOT NULL, contract TEXT, modes TEXT NOT NULL," \
          " scenarios TEXT NOT NULL, redistribution TEXT NOT NULL CHECK (redistribution IN ('forbidden', 'derived', 'allowed')), from_at INTEGER NOT NULL," \
          " until_at INTEGER NOT NULL, call_fen INTEGER NOT NULL CHECK (call_fen >= 0), month_fen INTEGER NOT NULL CHECK (month_fen >= 0)," \
          " budget_fen INTEGER NOT NULL CHECK (budget_fen >= 0), note TEXT, made_by TEXT, made_at INTEGER NOT NULL, made_day INTEGER NOT NULL," \
          " CHECK (until_at > from_at)) STRICT;" \
          "CREATE INDEX licence_of ON licence (resource, seq);" \
          "CREATE TRIGGER licence_update BEFORE UPDATE ON licence BEGIN SELECT RAISE(ABORT, 'terms are not changed: add new ones'); END;" \
          "CREATE TRIGGER licence_delete BEFORE DELETE ON licence BEGIN SELECT RAISE(ABORT, 'terms are not deleted: add new ones'); END;" \
          "CREATE TRIGGER licence_stated AFTER INSERT ON licence BEGIN UPDATE access_grant SET changed_at = changed_at WHERE resource = NEW.resource; END;") \
    X(81, "CREATE TABLE finance_product_event (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('product_listed'," \
          " 'product_ended')), organisation TEXT, product TEXT NOT NULL) STRICT;" \
          "CREATE INDEX finance_product_event_of ON finance_product_event (product, seq);" \
          "CREATE TABLE finance_delivered (one INTEGER PRIMARY KEY CHECK (one = 1), event INTEGER NOT NULL, flow INTEGER NOT NULL, product INTEGER NOT NULL," \
          " delivery TEXT, at INTEGER) STRICT;" \
          "INSERT INTO finance_delivered VALUES (1, 0, 0, 0, NULL, NULL);") \
    X(83, "CREATE TABLE complaint (id TEXT PRIMARY KEY, subject TEXT REFERENCES consent_subject(id), code_hash TEXT, tries INTEGER NOT NULL DEFAULT 0," \
          " tries_at INTEGER NOT NULL DEFAULT 0, kind TEXT NOT NULL, organisation TEXT REFERENCES organisation(code), product TEXT," \
          " loan_case TEXT REFERENCES loan_case(id), contact TEXT NOT NULL, told TEXT NOT NULL, state TEXT NOT NULL, answer TEXT, mediation TEXT," \
          " refusal TEXT, rating INTEGER CHECK (rating BETWEEN 1 AND 5), rating_words TEXT, due_at INTEGER, created_at INTEGER NOT NULL," \
          " changed_at INTEGER NOT NULL, accepted_at INTEGER, answered_at INTEGER, answer_due INTEGER, reopened_at INTEGER," \
          " CHECK ((subject IS NULL) = (code_hash IS NOT NULL)), CHECK (organisation IS NOT NULL OR (product IS NULL AND loan_case IS NULL))) STRICT;" \
          "CREATE INDEX complaint_subject ON complaint (subject, created_at);" \
          "CREATE INDEX complaint_of ON complaint (organisation, created_at);" \
          "CREATE INDEX complaint_due ON complaint (due_at) WHERE due_at IS NOT NULL;" \
          "CREATE TRIGGER complaint_delete BEFORE DELETE ON complaint BEGIN SELECT RAISE(ABORT, 'complaints are kept'); END;") \
    X(85, "CREATE TABLE finance_policy (id TEXT PRIMARY KEY, code TEXT NOT NULL, version INTEGER NOT NULL, organisation TEXT NOT NULL REFERENCES organisation(code)," \
          " state TEXT NOT NULL, form TEXT NOT NULL, note TEXT, title TEXT, created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, published_at INTEGER," \
          " UNIQUE (code, version)) STRICT;" \
          "CREATE UNIQUE INDEX finance_policy_open ON finance_policy (code) WHERE state IN ('draft', 'submitted');" \
          "CREATE UNIQUE INDEX finance_policy_published ON finance_policy (code) WHERE state = 'published';" \
          "CREATE INDEX finance_policy_of ON finance_policy (organisation, changed_at);" \
          "CREATE TRIGGER finance_policy_changed AFTER UPDATE OF state ON finance_policy BEGIN UPDATE finance_market SET generation = generation + 1; END;" \
          "CREATE TRIGGER finance_policy_delete BEFORE DELETE ON finance_policy BEGIN SELECT RAISE(ABORT, 'versions of policies are kept'); END;") \
    X(88, "CREATE TABLE feature_generation (one INTEGER PRIMARY KEY CHECK (one = 1), n INTEGER NOT NULL) STRICT;" \
          "INSERT INTO feature_generation VALUES (1, 0);"                                                      \
          "CREATE TRIGGER feature_batch_insert AFTER INSERT ON batch WHEN NEW.published_at IS NOT NULL BEGIN UPDATE feature_generation SET n = n + 1; END;" \
          "CREATE TRIGGER feature_batch_update AFTER UPDATE ON batch WHEN NEW.published_at IS NOT OLD.published_at OR NEW.withdrawn_at IS NOT OLD.withdrawn_at" \
          " OR NEW.version <> OLD.version OR NEW.mode <> OLD.mode BEGIN UPDATE feature_generation SET n = n + 1; END;" \
          "CREATE TRIGGER feature_batch_delete AFTER DELETE ON batch WHEN OLD.published_at IS NOT NULL BEGIN UPDATE feature_generation SET n = n + 1; END;" \
          "CREATE TRIGGER feature_withheld AFTER INSERT ON withheld BEGIN UPDATE feature_generation SET n = n + 1; END;") \
    X(89, "CREATE TABLE finance_institution_change (seq INTEGER PRIMARY KEY, institution TEXT NOT NULL REFERENCES finance_institution(id)," \
          " kind TEXT NOT NULL, licence TEXT NOT NULL, parent TEXT REFERENCES organisation(code), state TEXT NOT NULL CHECK (state IN ('open'," \
          " 'approved', 'rejected', 'retracted')), asked_at INTEGER NOT NULL, decided_at INTEGER) STRICT;"     \
          "CREATE UNIQUE INDEX finance_institution_change_open ON finance_institution_change (institution) WHERE state = 'open';")
