/* company.h - what stands before and after the chosen part of a firm's name.
 *
 * 企业名称登记管理规定 (2020), art. 6: 行政区划名称, 字号, 行业或者经营特点, 组织形式.  The forms are those of the registrations of one province that were
 * frequent, longest first where one ends another; the regions are the short names of provinces, which names use without 省 (recalled). */
#define LL_COMPANY_FORMS(X)                                                                                  \
    X("股份有限责任公司")                                                                                    \
    X("有限责任公司")                                                                                        \
    X("股份有限公司")                                                                                        \
    X("农民专业合作社联合社")                                                                                \
    X("农民专业合作社")                                                                                      \
    X("专业合作联社")                                                                                        \
    X("专业合作社")                                                                                          \
    X("有限合伙企业")                                                                                        \
    X("个人独资企业")                                                                                        \
    X("普通合伙企业")                                                                                        \
    X("（有限合伙）")                                                                                        \
    X("（普通合伙）")                                                                                        \
    X("（特殊普通合伙）")                                                                                    \
    X("（个人独资）")                                                                                        \
    X("（个体工商户）")                                                                                      \
    X("有限公司")                                                                                            \
    X("集团公司")                                                                                            \
    X("分公司")                                                                                              \
    X("总公司")                                                                                              \
    X("合作社")                                                                                              \
    X("经营部")                                                                                              \
    X("经销部")                                                                                              \
    X("门市部")                                                                                              \
    X("服务部")                                                                                              \
    X("营业部")                                                                                              \
    X("经营店")                                                                                              \
    X("专卖店")                                                                                              \
    X("集团")                                                                                                \
    X("公司")                                                                                                \
    X("商行")                                                                                                \
    X("商店")                                                                                                \
    X("商场")                                                                                                \
    X("工作室")

#define LL_COMPANY_PROVINCES(X)                                                                              \
    X("内蒙古自治区")                                                                                        \
    X("广西壮族自治区")                                                                                      \
    X("宁夏回族自治区")                                                                                      \
    X("新疆维吾尔自治区")                                                                                    \
    X("西藏自治区")                                                                                          \
    X("内蒙古")                                                                                              \
    X("黑龙江")                                                                                              \
    X("北京") X("天津") X("河北") X("山西") X("辽宁") X("吉林") X("上海") X("江苏") X("浙江") X("安徽")      \
    X("福建") X("江西") X("山东") X("河南") X("湖北") X("湖南") X("广东") X("广西") X("海南") X("重庆")      \
    X("四川") X("贵州") X("云南") X("西藏") X("陕西") X("甘肃") X("青海") X("宁夏") X("新疆")
