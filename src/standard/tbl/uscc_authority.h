/* uscc_authority.h - positions 1 and 2 of the unified social credit code (GB 32100-2015, table 1 and its later additions): who
 * registers, and what kind of organisation it is.
 *
 * Basis: code-repository.  The text of the standard was not at hand; the rows are those of two public programs.  "both" says that
 * the row is in both of them, "one" that only the younger has it.  The subject kind is our own reading of each category;
 * COUNT where a category tells no kind. */

/* character, zh, en */
#define LL_USCC_AUTHORITIES(X)                                                                               \
    X('1', "机构编制", "institutional establishment")                                                        \
    X('2', "外交", "foreign affairs")                                                                        \
    X('3', "司法行政", "justice")                                                                            \
    X('4', "文化", "culture")                                                                                \
    X('5', "民政", "civil affairs")                                                                          \
    X('6', "旅游", "tourism")                                                                                \
    X('7', "宗教", "religious affairs")                                                                      \
    X('8', "工会", "trade unions")                                                                           \
    X('9', "市场监督管理（工商）", "market regulation")                                                      \
    X('A', "中央军委改革和编制办公室", "military organisation")                                              \
    X('G', "公安", "public security")                                                                        \
    X('J', "住房和城乡建设", "housing and construction")                                                     \
    X('N', "农业农村", "agriculture and rural affairs")                                                      \
    X('Q', "侨联", "overseas Chinese federation")                                                            \
    X('Y', "其他", "other")

/* name, first character, second character, subject kind, basis, zh, en */
#define LL_USCC_CATEGORIES(X)                                                                                \
    X(11, '1', '1', INSTITUTION, "both", "机关", "government body")                                          \
    X(12, '1', '2', INSTITUTION, "both", "事业单位", "public institution")                                   \
    X(13, '1', '3', INSTITUTION, "both", "编办直接管理机构编制的群众团体", "mass organisation")              \
    X(19, '1', '9', INSTITUTION, "both", "其他", "other")                                                    \
    X(21, '2', '1', COUNT, "both", "外国常驻新闻机构", "foreign news agency")                                \
    X(29, '2', '9', COUNT, "both", "其他", "other")                                                          \
    X(31, '3', '1', SOCIAL, "both", "律师执业机构", "law firm")                                              \
    X(32, '3', '2', INSTITUTION, "both", "公证处", "notary office")                                          \
    X(33, '3', '3', SOCIAL, "both", "基层法律服务所", "grass-roots legal service")                           \
    X(34, '3', '4', SOCIAL, "both", "司法鉴定机构", "forensic institution")                                  \
    X(35, '3', '5', SOCIAL, "both", "仲裁委员会", "arbitration commission")                                  \
    X(36, '3', '6', SOCIAL, "one", "商事调解组织", "commercial mediation organisation")                      \
    X(39, '3', '9', SOCIAL, "both", "其他", "other")                                                         \
    X(41, '4', '1', COUNT, "both", "外国在华文化中心", "foreign cultural centre")                            \
    X(49, '4', '9', COUNT, "both", "其他", "other")                                                          \
    X(51, '5', '1', SOCIAL, "both", "社会团体", "association")                                               \
    X(52, '5', '2', SOCIAL, "both", "民办非企业单位", "private non-enterprise unit")                         \
    X(53, '5', '3', SOCIAL, "both", "基金会", "foundation")                                                  \
    X(54, '5', '4', SOCIAL, "one", "村民委员会", "villagers' committee")                                     \
    X(55, '5', '5', SOCIAL, "one", "居民委员会", "residents' committee")                                     \
    X(59, '5', '9', SOCIAL, "both", "其他", "other")                                                         \
    X(61, '6', '1', COUNT, "both", "外国旅游部门常驻代表机构", "foreign tourism office")                     \
    X(62, '6', '2', COUNT, "both", "港澳台地区旅游部门常驻内地（大陆）代表机构",                             \
      "tourism office of Hong Kong, Macao or Taiwan")                                                        \
    X(69, '6', '9', COUNT, "both", "其他", "other")                                                          \
    X(71, '7', '1', SOCIAL, "both", "宗教活动场所", "place of religious activity")                           \
    X(72, '7', '2', SOCIAL, "both", "宗教院校", "religious school")                                          \
    X(79, '7', '9', SOCIAL, "both", "其他", "other")                                                         \
    X(81, '8', '1', SOCIAL, "both", "基层工会", "grass-roots trade union")                                   \
    X(82, '8', '2', SOCIAL, "one", "非法人工会组织", "trade union without legal personality")                \
    X(89, '8', '9', SOCIAL, "both", "其他", "other")                                                         \
    X(91, '9', '1', ENTERPRISE, "both", "企业", "enterprise")                                                \
    X(92, '9', '2', TRADER, "both", "个体工商户", "sole trader")                                             \
    X(93, '9', '3', ENTERPRISE, "both", "农民专业合作社", "farmers' cooperative")                            \
    X(99, '9', '9', ENTERPRISE, "one", "其他", "other")                                                      \
    X(A1, 'A', '1', INSTITUTION, "both", "军队事业单位（军队文职人员用人单位）",                             \
      "public institution of the armed forces")                                                              \
    X(A9, 'A', '9', INSTITUTION, "both", "其他", "other")                                                    \
    X(G1, 'G', '1', SOCIAL, "one", "境外非政府组织代表机构", "office of an overseas NGO")                    \
    X(G9, 'G', '9', SOCIAL, "one", "其他", "other")                                                          \
    X(J1, 'J', '1', SOCIAL, "one", "业主大会", "owners' assembly")                                           \
    X(J9, 'J', '9', SOCIAL, "one", "其他", "other")                                                          \
    X(N1, 'N', '1', ENTERPRISE, "both", "组级集体经济组织", "collective economic organisation of a group")   \
    X(N2, 'N', '2', ENTERPRISE, "both", "村级集体经济组织", "collective economic organisation of a village") \
    X(N3, 'N', '3', ENTERPRISE, "both", "乡镇级集体经济组织",                                                \
      "collective economic organisation of a township")                                                      \
    X(N9, 'N', '9', ENTERPRISE, "both", "其他", "other")                                                     \
    X(Q1, 'Q', '1', SOCIAL, "one", "区县级侨联组织", "overseas Chinese federation of a county")              \
    X(Q2, 'Q', '2', SOCIAL, "one", "乡镇级侨联组织", "overseas Chinese federation of a township")            \
    X(Q3, 'Q', '3', SOCIAL, "one", "村级侨联组织", "overseas Chinese federation of a village")               \
    X(Q9, 'Q', '9', SOCIAL, "one", "其他", "other")                                                          \
    X(Y1, 'Y', '1', COUNT, "both", "其他", "other")
