/* enterprise_fields.h - what the profile of an enterprise holds: id, name, zh, en, who tells it (BASE: base resources alone; EITHER: the firm where they do
 * not; FIRM: the firm alone), most characters (of what the firm tells; 0: a number). */
#define LL_ENTERPRISE_FIELDS(X)                                                                              \
    X(USCC, "uscc", "统一社会信用代码", "credit code", BASE, 18)                                             \
    X(NAME, "enterprise_name", "企业名称", "name", BASE, 200)                                                \
    X(TYPE, "enterprise_type", "企业类型", "type", BASE, 10)                                                 \
    X(LEGAL_REP, "legal_rep_name", "法定代表人", "legal representative", BASE, 100)                          \
    X(ESTABLISHED, "established_date", "成立日期", "established on", BASE, 10)                               \
    X(CAPITAL, "registered_capital", "注册资本（元）", "registered capital (yuan)", BASE, 0)                 \
    X(INDUSTRY, "industry_code", "行业", "industry", EITHER, 6)                                              \
    X(REGION, "region", "所在区县", "county", BASE, 12)                                                      \
    X(ADDRESS, "registered_address", "住所", "address", BASE, 300)                                           \
    X(SCOPE, "business_scope", "经营范围", "scope of business", BASE, 2000)                                  \
    X(EMPLOYEES, "employees", "从业人员（人）", "persons employed", EITHER, 0)                               \
    X(REVENUE, "revenue", "上年营业收入（元）", "revenue of the last year (yuan)", EITHER, 0)                \
    X(ASSETS, "total_assets", "资产总额（元）", "total assets (yuan)", EITHER, 0)                            \
    X(CONTACT, "contact_name", "联系人", "contact", FIRM, 50)                                                \
    X(MOBILE, "contact_mobile", "联系手机", "mobile of the contact", FIRM, 20)
