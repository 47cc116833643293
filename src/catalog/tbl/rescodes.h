/* rescodes.h - classes (类) and groups (项) of resource codes: digits, zh, en.  Levels quoted, numbering of groups recalled. */
#define LL_RESCODE_CLASSES(X)                                                                                \
    X("1", "基础信息资源", "base information resources")                                                     \
    X("2", "主题信息资源", "thematic information resources")                                                 \
    X("3", "部门信息资源", "departmental information resources")

/* Departmental groups 07 to 37 are provinces, whose order the guide leaves to its annex: no names here. */
#define LL_RESCODE_GROUPS(X)                                                                                 \
    X("101", "人口", "population")                                                                           \
    X("102", "法人单位", "legal entities")                                                                   \
    X("103", "自然资源和空间地理", "natural resources and geography")                                        \
    X("104", "社会信用", "social credit")                                                                    \
    X("105", "电子证照", "electronic licences")                                                              \
    X("201", "公共服务", "public services")                                                                  \
    X("202", "健康保障", "health")                                                                           \
    X("203", "社会保障", "social security")                                                                  \
    X("204", "食品药品安全", "food and drug safety")                                                         \
    X("205", "安全生产", "work safety")                                                                      \
    X("206", "价格监管", "price supervision")                                                                \
    X("207", "能源安全", "energy security")                                                                  \
    X("208", "信用体系", "credit system")                                                                    \
    X("209", "城乡建设", "urban and rural construction")                                                     \
    X("210", "社区治理", "community governance")                                                             \
    X("211", "生态环保", "environment")                                                                      \
    X("212", "应急维稳", "emergency and stability")                                                          \
    X("301", "党中央", "Party central organs")                                                               \
    X("302", "全国人大", "National People's Congress")                                                       \
    X("303", "国务院", "State Council")                                                                      \
    X("304", "全国政协", "CPPCC National Committee")                                                         \
    X("305", "最高人民法院", "Supreme People's Court")                                                       \
    X("306", "最高人民检察院", "Supreme People's Procuratorate")
