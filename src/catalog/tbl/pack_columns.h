/* pack_columns.h - the columns of every table in a pack (docs/packs.md says what they mean).
 *
 * X(name in C, header, kind of value, need, argument of the kind)
 *   kinds: TEXT; NAME (name.h); TOKEN; COUNT, a whole number in the range of the argument; WORD, one of the argument's words;
 *          DAY, 2000-01-31; LIST, texts divided by '|'
 *   needs: MUST, column and value; HAVE, the column at least; MAY */
#define LL_BASIS_WORDS                                                                                       \
    "quoted|recalled|recalled-unverified|data-repository|code-repository|reconstruction|own"

#define LL_TIMELINE_WORDS                                                                                    \
    "registration|permit|penalty|list|court|tax|insurance|fund|utility|honour|qualification|property|ip|trade|environment|repair|other"

#define LL_ELEMENT_COLUMNS(X)                                                                                \
    X(CODE, "code", TOKEN, MUST, NULL)                                                                       \
    X(NAME, "name", NAME, MUST, NULL)                                                                        \
    X(TITLE, "title", TEXT, MUST, NULL)                                                                      \
    X(TITLE_EN, "title_en", TEXT, MAY, NULL)                                                                 \
    X(TYPE, "type", TEXT, MUST, NULL)                                                                        \
    X(LENGTH, "length", COUNT, MAY, "1..1000000")                                                            \
    X(FORMAT, "format", TEXT, MAY, NULL)                                                                     \
    X(CODE_TABLE, "code_table", TEXT, MAY, NULL)                                                             \
    X(CHECK, "check", TEXT, MAY, NULL)                                                                       \
    X(GRADE, "grade", COUNT, MUST, "1..4")                                                                   \
    X(UNIT, "unit", TEXT, MAY, NULL)                                                                         \
    X(SYNONYMS, "synonyms", LIST, MAY, NULL)                                                                 \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MAY, NULL)

#define LL_CODE_COLUMNS(X)                                                                                   \
    X(CODE, "code", TEXT, MUST, NULL)                                                                        \
    X(TITLE, "title", TEXT, MUST, NULL)                                                                      \
    X(TITLE_EN, "title_en", TEXT, MAY, NULL)                                                                 \
    X(PARENT, "parent", TEXT, MAY, NULL)                                                                     \
    X(STATUS, "status", WORD, MAY, "active|historical")                                                      \
    X(SYNONYMS, "synonyms", LIST, MAY, NULL)                                                                 \
    X(BASIS, "basis", WORD, MAY, LL_BASIS_WORDS)                                                             \
    X(SOURCE, "source", TEXT, MAY, NULL)

#define LL_ORGANISATION_COLUMNS(X)                                                                           \
    X(CODE, "code", TOKEN, MUST, NULL)                                                                       \
    X(NAME, "name", TEXT, MUST, NULL)                                                                        \
    X(NAME_EN, "name_en", TEXT, MAY, NULL)                                                                   \
    X(REGION, "region", TEXT, MAY, NULL)                                                                     \
    X(PARENT, "parent", TEXT, MAY, NULL)                                                                     \
    X(ROLE, "role", WORD, MUST, "source|platform|consumer|regulator")                                        \
    X(USCC, "uscc", TEXT, MAY, NULL)                                                                         \
    X(BASIS, "basis", WORD, MAY, LL_BASIS_WORDS)

#define LL_RESOURCE_COLUMNS(X)                                                                               \
    X(NAME, "name", NAME, MUST, NULL)                                                                        \
    X(CODE, "code", TEXT, MUST, NULL)                                                                        \
    X(TITLE, "title", TEXT, MUST, NULL)                                                                      \
    X(TITLE_EN, "title_en", TEXT, MAY, NULL)                                                                 \
    X(PROVIDER, "provider", TEXT, MUST, NULL)                                                                \
    X(SUMMARY, "summary", TEXT, MUST, NULL)                                                                  \
    X(SUMMARY_EN, "summary_en", TEXT, MAY, NULL)                                                             \
    X(FORMAT, "format", TEXT, MAY, NULL)                                                                     \
    X(SHARE_TYPE, "share_type", WORD, MUST, "1|2|3")                                                         \
    X(SHARE_CONDITION, "share_condition", TEXT, MAY, NULL)                                                   \
    X(SHARE_MODE, "share_mode", TEXT, MAY, NULL)                                                             \
    X(OPEN, "open", WORD, MUST, "0|1|2")                                                                     \
    X(OPEN_CONDITION, "open_condition", TEXT, MAY, NULL)                                                     \
    X(UPDATE_CYCLE, "update_cycle", TEXT, MUST, NULL)                                                        \
    X(GRADE, "grade", COUNT, MAY, "1..4")                                                                    \
    X(PUBLISHED, "published", DAY, MAY, NULL)                                                                \
    X(RELATED, "related", LIST, MAY, NULL)                                                                   \
    X(VERSION, "version", COUNT, MUST, "1..1000000")                                                         \
    X(MODE, "mode", WORD, MUST, "snapshot|increment")                                                        \
    X(CHANGE_LIMIT, "change_limit", COUNT, MAY, "0..100")                                                    \
    X(SUBJECT_KIND, "subject_kind", WORD, MUST,                                                              \
      "enterprise|institution|social|person|household|trader|any|none")                                      \
    X(KEYWORDS, "keywords", LIST, MAY, NULL)                                                                 \
    X(SCENARIO, "scenario", LIST, MAY, NULL)                                                                 \
    X(LEGAL_BASIS, "legal_basis", TEXT, MAY, NULL)                                                           \
    X(BASIS, "basis", WORD, MAY, LL_BASIS_WORDS)

#define LL_ITEM_COLUMNS(X)                                                                                   \
    X(RESOURCE, "resource", TEXT, MUST, NULL)                                                                \
    X(ITEM, "item", NAME, MUST, NULL)                                                                        \
    X(ELEMENT, "element", TEXT, MUST, NULL)                                                                  \
    X(TITLE, "title", TEXT, MAY, NULL)                                                                       \
    X(TITLE_EN, "title_en", TEXT, MAY, NULL)                                                                 \
    X(REQUIRED, "required", WORD, MAY, "Y|N")                                                                \
    X(KEY, "key", COUNT, MAY, "1..16")                                                                       \
    X(ROLE, "role", WORD, MAY, "subject|subject_name|related")                                               \
    X(RELATION, "relation", NAME, MAY, NULL)                                                                 \
    X(UNIQUE, "unique", WORD, MAY, "Y|N")                                                                    \
    X(REFERENCES, "references", TEXT, MAY, NULL)                                                             \
    X(GRADE, "grade", COUNT, MAY, "1..4")                                                                    \
    X(DEFAULT, "default", TEXT, MAY, NULL)

#define LL_MAPPING_COLUMNS(X)                                                                                \
    X(SOURCE, "source", LIST, HAVE, NULL)                                                                    \
    X(ITEM, "item", TEXT, MUST, NULL)                                                                        \
    X(TRANSFORM, "transform", TEXT, MAY, NULL)                                                               \
    X(ARGUMENTS, "arguments", TEXT, MAY, NULL)

#define LL_CHECK_COLUMNS(X)                                                                                  \
    X(RESOURCE, "resource", TEXT, MUST, NULL)                                                                \
    X(NAME, "name", NAME, MUST, NULL)                                                                        \
    X(SEVERITY, "severity", WORD, MAY, "error|warning")                                                      \
    X(PREDICATE, "predicate", TEXT, MUST, NULL)                                                              \
    X(MESSAGE, "message", TEXT, MUST, NULL)                                                                  \
    X(MESSAGE_EN, "message_en", TEXT, MUST, NULL)                                                            \
    X(DIMENSION, "dimension", WORD, MAY,                                                                     \
      "conformity|completeness|accuracy|consistency|timeliness|accessibility")

/* report_sections.csv: what a kind of report shows, in its order; one row a resource, those of a section together. */
#define LL_SECTION_COLUMNS(X)                                                                                \
    X(KIND, "kind", NAME, MUST, NULL)                                                                        \
    X(SECTION, "section", NAME, MUST, NULL)                                                                  \
    X(TITLE, "title", TEXT, MUST, NULL)                                                                      \
    X(TITLE_EN, "title_en", TEXT, MUST, NULL)                                                                \
    X(CONTENTS, "contents", TEXT, MUST, NULL)                                                                \
    X(RESOURCE, "resource", NAME, MUST, NULL)                                                                \
    X(WHAT, "what", TEXT, MUST, NULL)                                                                        \
    X(WHAT_EN, "what_en", TEXT, MUST, NULL)                                                                  \
    X(ITEMS, "items", LIST, MAY, NULL)                                                                       \
    X(SHAPE, "shape", WORD, MAY, "pairs|table")                                                              \
    X(TONE, "tone", WORD, MAY, "plain|good|warn|bad")                                                        \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MAY, NULL)

/* scorecards.csv: public credit evaluation (apps/credit/score.h).  A row is a version of a scorecard. */
#define LL_SCORECARD_COLUMNS(X)                                                                              \
    X(SCORECARD, "scorecard", NAME, MUST, NULL)                                                              \
    X(VERSION, "version", COUNT, MUST, "1..1000000")                                                         \
    X(TITLE, "title", TEXT, MUST, NULL)                                                                      \
    X(TITLE_EN, "title_en", TEXT, MUST, NULL)                                                                \
    X(SERVICE, "service", NAME, MUST, NULL)                                                                  \
    X(SUBJECT, "subject", NAME, MUST, NULL)                                                                  \
    X(SUBJECT_KIND, "subject_kind", WORD, MUST, "enterprise|institution|social|person")                      \
    X(AS_OF, "as_of", NAME, MUST, NULL)                                                                      \
    X(OUTCOME, "outcome", NAME, MAY, NULL)                                                                   \
    X(LEGAL_BASIS, "legal_basis", TEXT, MAY, NULL)                                                           \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MAY, NULL)

/* score_indicators.csv: an output of the scorecard's service, and what it counts for. */
#define LL_SCORE_INDICATOR_COLUMNS(X)                                                                        \
    X(SCORECARD, "scorecard", NAME, MUST, NULL)                                                              \
    X(VERSION, "version", COUNT, MUST, "1..1000000")                                                         \
    X(INDICATOR, "indicator", NAME, MUST, NULL)                                                              \
    X(TITLE, "title", TEXT, MUST, NULL)                                                                      \
    X(TITLE_EN, "title_en", TEXT, MUST, NULL)                                                                \
    X(WEIGHT, "weight", COUNT, MUST, "1..100")                                                               \
    X(DIRECTION, "direction", WORD, MUST, "up|down|code")                                                    \
    X(EVIDENCE, "evidence", LIST, MUST, NULL)                                                                \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MAY, NULL)

/* score_bands.csv: from (included) to (not included), one code, or no value at all (missing); and the points of it. */
#define LL_SCORE_BAND_COLUMNS(X)                                                                             \
    X(SCORECARD, "scorecard", NAME, MUST, NULL)                                                              \
    X(VERSION, "version", COUNT, MUST, "1..1000000")                                                         \
    X(INDICATOR, "indicator", NAME, MUST, NULL)                                                              \
    X(KIND, "kind", WORD, MUST, "range|code|missing")                                                        \
    X(FROM, "from", TEXT, MAY, NULL)                                                                         \
    X(TO, "to", TEXT, MAY, NULL)                                                                             \
    X(CODE, "code", TEXT, MAY, NULL)                                                                         \
    X(POINTS, "points", COUNT, MUST, "0..100")                                                               \
    X(CAP, "cap", TOKEN, MAY, NULL)                                                                          \
    X(WHAT, "what", TEXT, MUST, NULL)                                                                        \
    X(WHAT_EN, "what_en", TEXT, MUST, NULL)                                                                  \
    X(HOW, "how", TEXT, MAY, NULL)                                                                           \
    X(HOW_EN, "how_en", TEXT, MAY, NULL)

/* score_grades.csv: the best grade first. */
#define LL_SCORE_GRADE_COLUMNS(X)                                                                            \
    X(SCORECARD, "scorecard", NAME, MUST, NULL)                                                              \
    X(VERSION, "version", COUNT, MUST, "1..1000000")                                                         \
    X(GRADE, "grade", TOKEN, MUST, NULL)                                                                     \
    X(FROM, "from", COUNT, MUST, "0..100")                                                                   \
    X(TITLE, "title", TEXT, MUST, NULL)                                                                      \
    X(TITLE_EN, "title_en", TEXT, MUST, NULL)

/* publicity_kinds.csv: the kinds of decision of double publicity, and which items of their resource say what. */
#define LL_PUBLIC_KIND_COLUMNS(X)                                                                            \
    X(KIND, "kind", NAME, MUST, NULL)                                                                        \
    X(TITLE, "title", TEXT, MUST, NULL)                                                                      \
    X(TITLE_EN, "title_en", TEXT, MUST, NULL)                                                                \
    X(RESOURCE, "resource", NAME, MUST, NULL)                                                                \
    X(NUMBER, "number", NAME, MUST, NULL)                                                                    \
    X(PARTY, "party", NAME, MUST, NULL)                                                                      \
    X(PARTY_CLASS, "party_class", NAME, MUST, NULL)                                                          \
    X(PARTY_CODE, "party_code", NAME, MUST, NULL)                                                            \
    X(DECIDED, "decided", NAME, MUST, NULL)                                                                  \
    X(UNTIL, "until", NAME, MUST, NULL)                                                                      \
    X(LEVEL, "level", NAME, MAY, NULL)                                                                       \
    X(CATEGORIES, "categories", NAME, MAY, NULL)                                                             \
    X(AUTHORITY, "authority", NAME, MUST, NULL)                                                              \
    X(DEPARTMENT, "department", NAME, MUST, NULL)                                                            \
    X(DEPARTMENT_CODE, "department_code", NAME, MUST, NULL)                                                  \
    X(GROUNDS, "grounds", NAME, MAY, NULL)                                                                   \
    X(CONTENT, "content", NAME, MUST, NULL)                                                                  \
    X(REPORT_DAYS, "report_days", COUNT, MUST, "1..366")                                                     \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MUST, NULL)

/* publicity_periods.csv: for how long a kind and degree are shown; without months as long as item `until` of the kind says. */
#define LL_PUBLIC_PERIOD_COLUMNS(X)                                                                          \
    X(KIND, "kind", NAME, MUST, NULL)                                                                        \
    X(LEVEL, "level", TOKEN, MAY, NULL)                                                                      \
    X(LEAST, "least_months", COUNT, MAY, "0..1200")                                                          \
    X(MOST, "most_months", COUNT, MAY, "0..1200")                                                            \
    X(WITHOUT_END, "without_end", WORD, MAY, "least|most")                                                   \
    X(NOTE, "note", TEXT, MUST, NULL)                                                                        \
    X(NOTE_EN, "note_en", TEXT, MUST, NULL)                                                                  \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MUST, NULL)

/* publicity_grades.csv: the degree of dishonesty of a category of penalty, where a record has none of its own. */
#define LL_PUBLIC_GRADE_COLUMNS(X)                                                                           \
    X(KIND, "kind", NAME, MUST, NULL)                                                                        \
    X(CODE, "code", TOKEN, MUST, NULL)                                                                       \
    X(LEVEL, "level", TOKEN, MUST, NULL)                                                                     \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MUST, NULL)

/* timeline.csv: the dates of a resource that stand in a subject's timeline (share/timeline.h), what each says, and which items go with it. */
#define LL_TIMELINE_COLUMNS(X)                                                                               \
    X(RESOURCE, "resource", NAME, MUST, NULL)                                                                \
    X(ITEM, "item", NAME, MUST, NULL)                                                                        \
    X(PRECISION, "precision", WORD, MAY, "day|month|year")                                                   \
    X(KIND, "kind", WORD, MUST, LL_TIMELINE_WORDS)                                                           \
    X(WHAT, "what", TEXT, MUST, NULL)                                                                        \
    X(WHAT_EN, "what_en", TEXT, MUST, NULL)                                                                  \
    X(SHOWS, "shows", LIST, MAY, NULL)                                                                       \
    X(TONE, "tone", WORD, MAY, "plain|good|warn|bad")                                                        \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MAY, NULL)

/* relations.csv: which two items of a resource's records tie two subjects together, and what each is to the other (share/relations.h). */
#define LL_RELATION_COLUMNS(X)                                                                               \
    X(RELATION, "relation", NAME, MUST, NULL)                                                                \
    X(RESOURCE, "resource", NAME, MUST, NULL)                                                                \
    X(FROM, "from", NAME, MUST, NULL)                                                                        \
    X(FROM_NAME, "from_name", NAME, MAY, NULL)                                                               \
    X(FROM_IS, "from_is", TEXT, MUST, NULL)                                                                  \
    X(FROM_IS_EN, "from_is_en", TEXT, MUST, NULL)                                                            \
    X(TO, "to", NAME, MUST, NULL)                                                                            \
    X(TO_NAME, "to_name", NAME, MAY, NULL)                                                                   \
    X(TO_IS, "to_is", TEXT, MUST, NULL)                                                                      \
    X(TO_IS_EN, "to_is_en", TEXT, MUST, NULL)                                                                \
    X(SHOWS, "shows", LIST, MAY, NULL)                                                                       \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MAY, NULL)

/* lists.csv: lists of reward and punishment; without a resource a list follows from documents alone. */
#define LL_CREDIT_LIST_COLUMNS(X)                                                                            \
    X(LIST, "list", NAME, MUST, NULL)                                                                        \
    X(KIND, "kind", WORD, MUST, "red|dishonesty|focus")                                                      \
    X(TITLE, "title", TEXT, MUST, NULL)                                                                      \
    X(TITLE_EN, "title_en", TEXT, MUST, NULL)                                                                \
    X(AUTHORITY, "authority", TEXT, MUST, NULL)                                                              \
    X(VISIBILITY, "visibility", WORD, MUST, "public|agencies")                                               \
    X(RESOURCE, "resource", NAME, MAY, NULL)                                                                 \
    X(ITEM, "item", NAME, MAY, NULL)                                                                         \
    X(VALUES, "values", TEXT, MAY, NULL)                                                                     \
    X(LATEST_BY, "latest_by", NAME, MAY, NULL)                                                               \
    X(DATE_ITEM, "date_item", NAME, MAY, NULL)                                                               \
    X(MONTHS, "months", COUNT, MAY, "1..1200")                                                               \
    X(LEGAL_BASIS, "legal_basis", TEXT, MUST, NULL)                                                          \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MUST, NULL)

/* measures.csv, list_measures.csv: what may be done of whom is on a list, or on any list of a kind. */
#define LL_CREDIT_MEASURE_COLUMNS(X)                                                                         \
    X(MEASURE, "measure", NAME, MUST, NULL)                                                                  \
    X(KIND, "kind", WORD, MUST, "punish|reward")                                                             \
    X(TITLE, "title", TEXT, MUST, NULL)                                                                      \
    X(TITLE_EN, "title_en", TEXT, MUST, NULL)                                                                \
    X(CLASS, "class", TEXT, MUST, NULL)                                                                      \
    X(LEGAL_BASIS, "legal_basis", TEXT, MUST, NULL)                                                          \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MUST, NULL)

#define LL_CREDIT_LINK_COLUMNS(X)                                                                            \
    X(LIST, "list", NAME, MUST, NULL)                                                                        \
    X(MEASURE, "measure", NAME, MUST, NULL)                                                                  \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MUST, NULL)

/* rural_items.csv: a list of what is told of a household (apps/rural/list.h), one row an item, in the order in which it is shown. */
#define LL_RURAL_ITEM_COLUMNS(X)                                                                             \
    X(LIST, "list", NAME, MUST, NULL)                                                                        \
    X(CODE, "code", TOKEN, MUST, NULL)                                                                       \
    X(ITEM, "item", NAME, MUST, NULL)                                                                        \
    X(CATEGORY, "category", TOKEN, MUST, NULL)                                                               \
    X(CATEGORY_TITLE, "category_title", TEXT, MUST, NULL)                                                    \
    X(CATEGORY_TITLE_EN, "category_title_en", TEXT, MUST, NULL)                                              \
    X(SUBCATEGORY, "subcategory", TOKEN, MUST, NULL)                                                         \
    X(SUBCATEGORY_TITLE, "subcategory_title", TEXT, MUST, NULL)                                              \
    X(SUBCATEGORY_TITLE_EN, "subcategory_title_en", TEXT, MUST, NULL)                                        \
    X(TITLE, "title", TEXT, MUST, NULL)                                                                      \
    X(TITLE_EN, "title_en", TEXT, MUST, NULL)                                                                \
    X(ELEMENT, "element", NAME, MUST, NULL)                                                                  \
    X(UNIT, "unit", TEXT, MAY, NULL)                                                                         \
    X(DECIMALS, "decimals", COUNT, MAY, "0..4")                                                              \
    X(TOLERANCE, "tolerance", COUNT, MAY, "0..100")                                                          \
    X(GRADE, "grade", COUNT, MUST, "1..4")                                                                   \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MAY, NULL)

/* rural_sources.csv: where the value of an item comes from, one row a source. */
#define LL_RURAL_SOURCE_COLUMNS(X)                                                                           \
    X(LIST, "list", NAME, MUST, NULL)                                                                        \
    X(CODE, "code", TOKEN, MUST, NULL)                                                                       \
    X(RESOURCE, "resource", NAME, MUST, NULL)                                                                \
    X(FROM, "from", NAME, MUST, NULL)                                                                        \
    X(WHOSE, "whose", WORD, MUST, "head|member|household")                                                   \
    X(COMBINE, "combine", WORD, MUST, "latest|sum|max|min|any|list|count|latest_sum|latest_any|latest_list") \
    X(DATE, "date", NAME, MAY, NULL)                                                                         \
    X(ONLY, "only", TEXT, MAY, NULL)                                                                         \
    X(WITHIN, "within_days", COUNT, MAY, "1..36500")                                                         \
    X(PRECEDENCE, "precedence", COUNT, MUST, "1..9")                                                         \
    X(FRESH, "fresh_days", COUNT, MAY, "1..36500")                                                           \
    X(FACTOR, "factor", TEXT, MAY, NULL)                                                                     \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)

/* collection.csv: resources that people collect area by area; label, shows: items divided by '|'. */
#define LL_COLLECTION_COLUMNS(X)                                                                             \
    X(RESOURCE, "resource", NAME, MUST, NULL)                                                                \
    X(AREA, "area", NAME, MUST, NULL)                                                                        \
    X(CODES, "codes", TEXT, MAY, NULL)                                                                       \
    X(LABEL, "label", TEXT, MUST, NULL)                                                                      \
    X(SHOWS, "shows", TEXT, MAY, NULL)

/* warning_rules.csv: how grave it is when something happens to a watched subject (share/watch.h).  Without a resource and a list it is about every resource; list: a list, a kind
 * of lists, or `every`.  An item with values counts only where the record has one of them. */
#define LL_WARNING_EVENT_WORDS                                                                               \
    "any|new|changed|deleted|withdrawn|disputed|settled|withheld|restored|listed|unlisted|whole"
#define LL_WARNING_RULE_COLUMNS(X)                                                                           \
    X(RULE, "rule", NAME, MUST, NULL)                                                                        \
    X(RESOURCE, "resource", NAME, MAY, NULL)                                                                 \
    X(LIST, "list", NAME, MAY, NULL)                                                                         \
    X(EVENT, "event", LIST, MUST, LL_WARNING_EVENT_WORDS)                                                    \
    X(ITEM, "item", NAME, MAY, NULL)                                                                         \
    X(VALUES, "values", LIST, MAY, NULL)                                                                     \
    X(LEVEL, "level", WORD, MUST, "red|orange|yellow|blue")                                                  \
    X(TITLE, "title", TEXT, MUST, NULL)                                                                      \
    X(TITLE_EN, "title_en", TEXT, MUST, NULL)                                                                \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MUST, NULL)

/* rural_report_sections.csv: the categories that a special credit report has (apps/rural/report.h), in their order; organisation empty: of whoever has
 * no rows of its own.  front: items that stand on the first page, by code, divided by |. */
#define LL_RURAL_SECTION_COLUMNS(X)                                                                          \
    X(LIST, "list", NAME, MUST, NULL)                                                                        \
    X(ORGANISATION, "organisation", TOKEN, MAY, NULL)                                                        \
    X(CATEGORY, "category", TOKEN, MUST, NULL)                                                               \
    X(FRONT, "front", TEXT, MAY, NULL)                                                                       \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MAY, NULL)

/* rural_cards.csv: how households are rated (apps/rural/card.h): over which list, how many of a committee must have judged (percent), and how many
 * marks "black" it takes. */
#define LL_RURAL_CARD_COLUMNS(X)                                                                             \
    X(CARD, "card", NAME, MUST, NULL)                                                                        \
    X(LIST, "list", NAME, MUST, NULL)                                                                        \
    X(TITLE, "title", TEXT, MUST, NULL)                                                                      \
    X(TITLE_EN, "title_en", TEXT, MUST, NULL)                                                                \
    X(QUORUM, "quorum", COUNT, MUST, "1..100")                                                               \
    X(BLACK_NEEDS, "black_needs", COUNT, MUST, "1..20")                                                      \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MAY, NULL)

/* rural_indicators.csv: an item of the list, and what it counts for; evidence: items that show why. */
#define LL_RURAL_INDICATOR_COLUMNS(X)                                                                        \
    X(CARD, "card", NAME, MUST, NULL)                                                                        \
    X(INDICATOR, "indicator", NAME, MUST, NULL)                                                              \
    X(TITLE, "title", TEXT, MUST, NULL)                                                                      \
    X(TITLE_EN, "title_en", TEXT, MUST, NULL)                                                                \
    X(ITEM, "item", NAME, MUST, NULL)                                                                        \
    X(WEIGHT, "weight", COUNT, MUST, "1..100")                                                               \
    X(EVIDENCE, "evidence", LIST, MUST, NULL)                                                                \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MAY, NULL)

/* rural_bands.csv: the points (of a hundred) of a value from (included) to (not included), of a code, of any value, of yes or no; absent: the source has
 * none; unknown: it is not connected or late.  cap: the most that the whole score comes to. */
#define LL_RURAL_BAND_COLUMNS(X)                                                                             \
    X(CARD, "card", NAME, MUST, NULL)                                                                        \
    X(INDICATOR, "indicator", NAME, MUST, NULL)                                                              \
    X(KIND, "kind", WORD, MUST, "range|code|any|yes|no|absent|unknown")                                      \
    X(FROM, "from", TEXT, MAY, NULL)                                                                         \
    X(TO, "to", TEXT, MAY, NULL)                                                                             \
    X(CODE, "code", TEXT, MAY, NULL)                                                                         \
    X(POINTS, "points", COUNT, MUST, "0..100")                                                               \
    X(CAP, "cap", COUNT, MAY, "0..100")                                                                      \
    X(WHAT, "what", TEXT, MUST, NULL)                                                                        \
    X(WHAT_EN, "what_en", TEXT, MUST, NULL)                                                                  \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)

/* rural_grades.csv: mark and score together: the first row of the mark whose `from` the score reaches; limit: what is suggested at most. */
#define LL_RURAL_GRADE_COLUMNS(X)                                                                            \
    X(CARD, "card", NAME, MUST, NULL)                                                                        \
    X(MARK, "mark", WORD, MUST, "white|grey|black|none")                                                     \
    X(FROM, "from", COUNT, MUST, "0..100")                                                                   \
    X(GRADE, "grade", TOKEN, MUST, NULL)                                                                     \
    X(TITLE, "title", TEXT, MUST, NULL)                                                                      \
    X(TITLE_EN, "title_en", TEXT, MUST, NULL)                                                                \
    X(LIMIT_YUAN, "limit_yuan", COUNT, MUST, "0..100000000")                                                 \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)

/* rural_credit_areas.csv: when a village or town is one of good credit: shares in percent of all its households, of those that are rated. */
#define LL_RURAL_CREDIT_AREA_COLUMNS(X)                                                                      \
    X(CARD, "card", NAME, MUST, NULL)                                                                        \
    X(LEVEL, "level", WORD, MUST, "village|town")                                                            \
    X(TITLE, "title", TEXT, MUST, NULL)                                                                      \
    X(TITLE_EN, "title_en", TEXT, MUST, NULL)                                                                \
    X(GOOD_GRADES, "good_grades", LIST, MUST, NULL)                                                          \
    X(RATED_PERCENT, "rated_percent", COUNT, MUST, "0..100")                                                 \
    X(GOOD_PERCENT, "good_percent", COUNT, MUST, "0..100")                                                   \
    X(BLACK_PERCENT, "black_percent", COUNT, MUST, "0..100")                                                 \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MAY, NULL)

/* upward.csv: what is reported to an upper platform: which resource as which of its resources, and since when. */
#define LL_UPWARD_COLUMNS(X)                                                                                 \
    X(STREAM, "stream", NAME, MUST, NULL)                                                                    \
    X(RESOURCE, "resource", NAME, MUST, NULL)                                                                \
    X(UPPER, "upper_resource", NAME, MUST, NULL)                                                             \
    X(TITLE, "title", TEXT, MUST, NULL)                                                                      \
    X(TITLE_EN, "title_en", TEXT, MUST, NULL)                                                                \
    X(DEPARTMENT, "department_item", NAME, MAY, NULL)                                                        \
    X(SINCE, "since", DAY, MAY, NULL)                                                                        \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MUST, NULL)

/* upward_items.csv: the upper layout, an item of it a row: from an item of ours (codes mapped), or always the same value. */
#define LL_UPWARD_ITEM_COLUMNS(X)                                                                            \
    X(STREAM, "stream", NAME, MUST, NULL)                                                                    \
    X(COLUMN, "column", NAME, MUST, NULL)                                                                    \
    X(ITEM, "item", NAME, MAY, NULL)                                                                         \
    X(VALUE, "value", TEXT, MAY, NULL)                                                                       \
    X(CODES, "codes", NAME, MAY, NULL)                                                                       \
    X(KEY, "key", WORD, MAY, "Y|N")                                                                          \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MUST, NULL)

/* upward_codes.csv: what a code of ours is called above; one that is not named goes up as it is. */
#define LL_UPWARD_CODE_COLUMNS(X)                                                                            \
    X(CODES, "codes", NAME, MUST, NULL)                                                                      \
    X(FROM, "from", TEXT, MUST, NULL)                                                                       \
    X(TO, "to", TEXT, MUST, NULL)                                                                           \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MUST, NULL)

/* indicators.csv: indicators of firms (apps/finance/feature.h); value, where: SQL of a row of the resource, or (combine `of`) over other indicators. */
#define LL_INDICATOR_COLUMNS(X)                                                                              \
    X(INDICATOR, "indicator", NAME, MUST, NULL)                                                              \
    X(TITLE, "title", TEXT, MUST, NULL)                                                                      \
    X(TITLE_EN, "title_en", TEXT, MUST, NULL)                                                                \
    X(CATEGORY, "category", NAME, MUST, NULL)                                                                \
    X(TYPE, "type", WORD, MUST, "number|code")                                                               \
    X(UNIT, "unit", TEXT, MAY, NULL)                                                                         \
    X(RESOURCE, "resource", NAME, MAY, NULL)                                                                 \
    X(COMBINE, "combine", WORD, MUST, "count|distinct|sum|avg|any|min|max|latest|previous|of")               \
    X(VALUE, "value", TEXT, MAY, NULL)                                                                       \
    X(WHERE, "where", TEXT, MAY, NULL)                                                                       \
    X(DATE, "date", NAME, MAY, NULL)                                                                         \
    X(MONTHS, "months", COUNT, MAY, "1..1200")                                                               \
    X(MISSING, "missing", TEXT, MAY, NULL)                                                                   \
    X(CODES, "codes", TEXT, MAY, NULL)                                                                       \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MAY, NULL)

/* enterprise_fields.csv: which items of which base resources tell what of a firm, the first that has a value counting; of several records that with the
 * greatest latest_by.  Field uscc: the resources that know the firms. */
#define LL_ENTERPRISE_FIELD_COLUMNS(X)                                                                       \
    X(FIELD, "field", NAME, MUST, NULL)                                                                      \
    X(RESOURCE, "resource", NAME, MUST, NULL)                                                                \
    X(ITEM, "item", NAME, MUST, NULL)                                                                        \
    X(LATEST_BY, "latest_by", NAME, MAY, NULL)                                                               \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)

/* enterprise_sizes.csv: the limits of the size classes (apps/finance/size.h), a row an industry and measure: X persons, Y revenue and Z assets in 万元. */
#define LL_ENTERPRISE_SIZE_COLUMNS(X)                                                                        \
    X(INDUSTRY, "industry", TEXT, MUST, NULL)                                                                \
    X(INDUSTRY_EN, "industry_en", TEXT, MUST, NULL)                                                          \
    X(SCOPE, "scope", LIST, MUST, NULL)                                                                      \
    X(MEASURE, "measure", WORD, MUST, "X|Y|Z")                                                               \
    X(LARGE, "large_min", COUNT, MUST, "1..1000000000")                                                      \
    X(MEDIUM, "medium_min", COUNT, MUST, "1..1000000000")                                                    \
    X(SMALL, "small_min", COUNT, MUST, "1..1000000000")                                                      \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MUST, NULL)

/* products.csv, product_rules.csv: products of the finance platform and what they ask of a firm (apps/finance/product.h); rules of one group are alternatives, all
 * groups have to be met; organisation: who takes applications for it here.  Amounts are 万元, rates percent a year, terms months. */
#define LL_PRODUCT_COLUMNS(X)                                                                                \
    X(PRODUCT, "product", NAME, MUST, NULL)                                                                  \
    X(TITLE, "title", TEXT, MUST, NULL)                                                                      \
    X(TITLE_EN, "title_en", TEXT, MUST, NULL)                                                                \
    X(INSTITUTION, "institution", TEXT, MUST, NULL)                                                          \
    X(INSTITUTION_EN, "institution_en", TEXT, MUST, NULL)                                                    \
    X(ORGANISATION, "organisation", TEXT, MAY, NULL)                                                         \
    X(KIND, "kind", WORD, MUST,                                                                              \
      "credit|mortgage|pledge|tax|technology|farm|chain|fund|first|green|guarantee|insurance|leasing|policy") \
    X(AMOUNT_MIN, "amount_min", TEXT, MUST, NULL)                                                            \
    X(AMOUNT_MAX, "amount_max", TEXT, MUST, NULL)                                                            \
    X(RATE_MIN, "rate_min", TEXT, MUST, NULL)                                                                \
    X(RATE_MAX, "rate_max", TEXT, MUST, NULL)                                                                \
    X(TERM_MIN, "term_min", COUNT, MUST, "1..480")                                                           \
    X(TERM_MAX, "term_max", COUNT, MUST, "1..480")                                                           \
    X(GUARANTEE, "guarantee", LIST, MAY, NULL)                                                               \
    X(REPAYMENT, "repayment", LIST, MAY, "instalment|principal|interest|end")                                \
    X(REGION, "region", LIST, MAY, NULL)                                                                     \
    X(SIZE, "target_size", LIST, MAY, "micro|small|medium|large")                                            \
    X(INDUSTRY, "target_industry", LIST, MAY, NULL)                                                          \
    X(FIRST_LOAN, "first_loan", WORD, MUST, "Y|N")                                                           \
    X(ONLINE, "online", WORD, MUST, "Y|N")                                                                   \
    X(DAYS, "days", COUNT, MAY, "1..365")                                                                    \
    X(MATERIALS, "materials", TEXT, MAY, NULL)                                                               \
    X(MATERIALS_EN, "materials_en", TEXT, MAY, NULL)                                                         \
    X(SAMPLE, "sample", WORD, MUST, "Y|N")                                                                   \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MUST, NULL)

#define LL_PRODUCT_RULE_COLUMNS(X)                                                                           \
    X(PRODUCT, "product", NAME, MUST, NULL)                                                                  \
    X(GROUP, "group", NAME, MUST, NULL)                                                                      \
    X(INDICATOR, "indicator", NAME, MUST, NULL)                                                              \
    X(OPERATOR, "operator", WORD, MUST, "ge|gt|le|lt|eq|ne|in|not_in|starts|not_starts")                     \
    X(VALUE, "value", TEXT, MUST, NULL)                                                                      \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)

/* policies.csv, policy_rules.csv: support that departments give to firms, and what they ask of one (apps/finance/policy.h, whose table of fields says how long texts may be);
 * rules as of products.  kind: of FIN_POLICY_KIND; unit: what amount is in; steps and materials: lines divided by |; from, until: the days on which one may apply. */
#define LL_POLICY_COLUMNS(X)                                                                                 \
    X(POLICY, "policy", NAME, MUST, NULL)                                                                    \
    X(TITLE, "title", TEXT, MUST, NULL)                                                                      \
    X(TITLE_EN, "title_en", TEXT, MUST, NULL)                                                                \
    X(KIND, "kind", TEXT, MUST, NULL)                                                                        \
    X(ORGANISATION, "organisation", TEXT, MUST, NULL)                                                        \
    X(DOCUMENT, "document", TEXT, MAY, NULL)                                                                 \
    X(LEVEL, "level", WORD, MUST, "national|province|city|county")                                           \
    X(SUMMARY, "summary", TEXT, MUST, NULL)                                                                  \
    X(SUMMARY_EN, "summary_en", TEXT, MUST, NULL)                                                            \
    X(BENEFIT, "benefit", TEXT, MUST, NULL)                                                                  \
    X(BENEFIT_EN, "benefit_en", TEXT, MUST, NULL)                                                            \
    X(AMOUNT, "amount", TEXT, MAY, NULL)                                                                     \
    X(UNIT, "unit", WORD, MAY, "wan|yuan|percent|points")                                                    \
    X(REGION, "region", LIST, MAY, NULL)                                                                     \
    X(INDUSTRY, "target_industry", LIST, MAY, NULL)                                                          \
    X(STEPS, "steps", LIST, MUST, NULL)                                                                      \
    X(STEPS_EN, "steps_en", LIST, MUST, NULL)                                                                \
    X(MATERIALS, "materials", LIST, MAY, NULL)                                                               \
    X(MATERIALS_EN, "materials_en", LIST, MAY, NULL)                                                         \
    X(LINK, "link", TEXT, MAY, NULL)                                                                         \
    X(FROM, "from", DAY, MUST, NULL)                                                                         \
    X(UNTIL, "until", DAY, MAY, NULL)                                                                        \
    X(CONTACT, "contact", TEXT, MUST, NULL)                                                                  \
    X(PHONE, "phone", TEXT, MAY, NULL)                                                                       \
    X(PRODUCTS, "products", LIST, MAY, NULL)                                                                 \
    X(SAMPLE, "sample", WORD, MUST, "Y|N")                                                                   \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MUST, NULL)

#define LL_POLICY_RULE_COLUMNS(X)                                                                            \
    X(POLICY, "policy", NAME, MUST, NULL)                                                                    \
    X(GROUP, "group", NAME, MUST, NULL)                                                                      \
    X(INDICATOR, "indicator", NAME, MUST, NULL)                                                              \
    X(OPERATOR, "operator", WORD, MUST, "ge|gt|le|lt|eq|ne|in|not_in|starts|not_starts")                     \
    X(VALUE, "value", TEXT, MUST, NULL)                                                                      \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)

/* refusal_advice.csv: what a firm may do about a refusal, by code of FIN_REFUSAL_REASON (apps/finance/refusal.h). */
#define LL_REFUSAL_ADVICE_COLUMNS(X)                                                                         \
    X(REASON, "reason", TEXT, MUST, NULL)                                                                    \
    X(ADVICE, "advice", TEXT, MUST, NULL)                                                                    \
    X(ADVICE_EN, "advice_en", TEXT, MUST, NULL)                                                              \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)

/* region_tiles.csv: where a county stands on the schematic map of its city (catalog/county.h): row from the north, place in it from the west; every other row
 * stands half a place to the east. */
#define LL_REGION_TILE_COLUMNS(X)                                                                            \
    X(REGION, "region", TOKEN, MUST, NULL)                                                                   \
    X(ROW, "row", COUNT, MUST, "0..39")                                                                         \
    X(PLACE, "place", COUNT, MUST, "0..39")                                                                     \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)

/* sharing_items.csv, sharing_sources.csv: a list of what is shared for finance (apps/finance/info.h), and which resource provides each item of it; needs:
 * the items of the resource that it takes, divided by |; covers: whether that is all that the list asks for. */
#define LL_SHARING_ITEM_COLUMNS(X)                                                                           \
    X(LIST, "list", NAME, MUST, NULL)                                                                        \
    X(CATEGORY, "category", TOKEN, MUST, NULL)                                                               \
    X(CATEGORY_TITLE, "category_title", TEXT, MUST, NULL)                                                    \
    X(CATEGORY_TITLE_EN, "category_title_en", TEXT, MUST, NULL)                                              \
    X(ITEM, "item", TOKEN, MUST, NULL)                                                                       \
    X(TITLE, "title", TEXT, MUST, NULL)                                                                      \
    X(TITLE_EN, "title_en", TEXT, MUST, NULL)                                                                \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MUST, NULL)

#define LL_SHARING_SOURCE_COLUMNS(X)                                                                         \
    X(LIST, "list", NAME, MUST, NULL)                                                                        \
    X(ITEM, "item", TOKEN, MUST, NULL)                                                                       \
    X(RESOURCE, "resource", NAME, MUST, NULL)                                                                \
    X(NEEDS, "needs", LIST, MUST, NULL)                                                                      \
    X(COVERS, "covers", WORD, MUST, "whole|part")                                                            \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)

/* commercial_sources.csv: what is bought from data vendors (apps/finance/commercial.h); resource: where it comes in, empty: not catalogued; charged: how the
 * vendor usually charges. */
#define LL_COMMERCIAL_SOURCE_COLUMNS(X)                                                                      \
    X(ITEM, "source_item", NAME, MUST, NULL)                                                                 \
    X(CATEGORY, "category", NAME, MUST, NULL)                                                                \
    X(CATEGORY_TITLE, "category_title", TEXT, MUST, NULL)                                                    \
    X(CATEGORY_TITLE_EN, "category_title_en", TEXT, MUST, NULL)                                              \
    X(TITLE, "title", TEXT, MUST, NULL)                                                                      \
    X(TITLE_EN, "title_en", TEXT, MUST, NULL)                                                                \
    X(SUPPLIER_KIND, "supplier_kind", TEXT, MUST, NULL)                                                      \
    X(SUPPLIER_KIND_EN, "supplier_kind_en", TEXT, MUST, NULL)                                                \
    X(RESOURCE, "resource", NAME, MAY, NULL)                                                                 \
    X(CHARGED, "charged", WORD, MUST, "call|month|once")                                                     \
    X(BASIS, "basis", WORD, MUST, LL_BASIS_WORDS)                                                            \
    X(SOURCE, "source", TEXT, MUST, NULL)

#define LL_SERVICE_COLUMNS(X)                                                                                \
    X(NAME, "name", NAME, MUST, NULL)                                                                        \
    X(VERSION, "version", COUNT, MUST, "1..1000000")                                                         \
    X(TITLE, "title", TEXT, MUST, NULL)                                                                      \
    X(TITLE_EN, "title_en", TEXT, MAY, NULL)                                                                 \
    X(SUMMARY, "summary", TEXT, MAY, NULL)                                                                   \
    X(SUMMARY_EN, "summary_en", TEXT, MAY, NULL)                                                             \
    X(VIEW, "view", TEXT, MAY, NULL)                                                                         \
    X(ROW_LIMIT, "row_limit", COUNT, MAY, "1..1000")                                                         \
    X(TIME_LIMIT, "time_limit", COUNT, MAY, "100..30000")                                                    \
    X(CALLABLE, "callable", WORD, MAY, "Y|N")

#define LL_SERVICE_ITEM_COLUMNS(X)                                                                           \
    X(SERVICE, "service", TEXT, MUST, NULL)                                                                  \
    X(NAME, "name", NAME, MAY, NULL)                                                                         \
    X(USE, "use", WORD, MUST, "output|input|parameter")                                                      \
    X(FROM, "from", TEXT, MAY, NULL)                                                                         \
    X(RESTS_ON, "rests_on", TEXT, MAY, NULL)                                                                 \
    X(ELEMENT, "element", TEXT, MAY, NULL)                                                                   \
    X(TITLE, "title", TEXT, MAY, NULL)                                                                       \
    X(TITLE_EN, "title_en", TEXT, MAY, NULL)                                                                 \
    X(REQUIRED, "required", WORD, MAY, "Y|N")                                                                \
    X(DEFAULT, "default", TEXT, MAY, NULL)                                                                   \
    X(MIN, "min", TEXT, MAY, NULL)                                                                           \
    X(MAX, "max", TEXT, MAY, NULL)
