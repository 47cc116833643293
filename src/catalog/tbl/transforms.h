/* transforms.h - how a source's cell becomes an item: what a row of mappings/NAME.csv may ask for.
 *
 * LL_ARGUMENTS: name in C, name in the file, zh, en.
 * LL_TRANSFORMS: name in C, name in the file, element types it fills, arguments it may have, arguments it must have, zh, en. */
#ifndef LL_CATALOG_TBL_TRANSFORMS_H
#define LL_CATALOG_TBL_TRANSFORMS_H

#define LL_ARGUMENTS(X)                                                                                      \
    X(NULL, "null", "表示没有值的词，以 | 分隔", "words that mean nothing is there, divided by |")           \
    X(UNIT, "unit", "单独的数字所用的单位", "the unit of a number that stands alone")                        \
    X(VALUE, "value", "固定值", "the constant value")                                                        \
    X(AUTHORITY, "authority", "登记管理部门和机构类别（信用代码前两位）",                                    \
      "registration authority and category, the first two characters of the credit code")                    \
    X(REGION, "region", "登记机关行政区划（六位数字）", "region of the registration authority, six digits")  \
    X(WITHIN, "within", "只在此行政区划之内查找", "only regions below this one are found")

/* What a department may say a bare number is in: name, power of ten against yuan. */
#define LL_UNITS(X)                                                                                          \
    X("元", 0)                                                                                               \
    X("千元", 3)                                                                                             \
    X("万元", 4)                                                                                             \
    X("百万元", 6)                                                                                           \
    X("亿元", 8)

#define LL_T(type) (1u << LL_TYPE_##type)
#define LL_A(argument) (1u << LL_ARG_##argument)
#define LL_T_ANY ((1u << LL_TYPE_COUNT) - 1)

#define LL_TRANSFORMS(X)                                                                                     \
    X(TEXT, "text", LL_T(TEXT) | LL_T(CODE) | LL_T(IDENTIFIER), LL_A(NULL), 0, "文本", "text")               \
    X(INTEGER, "integer", LL_T(INTEGER), LL_A(NULL), 0, "整数", "whole number")                              \
    X(DECIMAL, "decimal", LL_T(DECIMAL), LL_A(NULL), 0, "小数", "number")                                    \
    X(AMOUNT, "amount", LL_T(DECIMAL) | LL_T(INTEGER), LL_A(NULL) | LL_A(UNIT), 0, "金额",                   \
      "amount of money")                                                                                     \
    X(CURRENCY, "currency", LL_T(CODE) | LL_T(TEXT), LL_A(NULL), 0, "金额的币种", "currency of an amount")   \
    X(DATE, "date", LL_T(DATE) | LL_T(DATETIME), LL_A(NULL), 0, "日期", "date")                              \
    X(DATETIME, "datetime", LL_T(DATE) | LL_T(DATETIME), LL_A(NULL), 0, "日期时间", "date and time")         \
    X(BOOLEAN, "boolean", LL_T(BOOLEAN), LL_A(NULL), 0, "是否", "yes or no")                                 \
    X(CODE, "code", LL_T(CODE), LL_A(NULL), 0, "代码", "code")                                               \
    X(CODES, "codes", LL_T(TEXT), LL_A(NULL), 0, "代码列表", "list of codes")                                \
    X(USCC, "uscc", LL_T(IDENTIFIER) | LL_T(TEXT), LL_A(NULL), 0, "统一社会信用代码",                        \
      "unified social credit code")                                                                          \
    X(RESIDENT_ID, "resident_id", LL_T(IDENTIFIER) | LL_T(TEXT), LL_A(NULL), 0, "公民身份号码",              \
      "resident identity number")                                                                            \
    X(ORG_CODE, "org_code", LL_T(IDENTIFIER) | LL_T(TEXT), LL_A(NULL), 0, "组织机构代码",                    \
      "organisation code")                                                                                   \
    X(REG_NO, "reg_no", LL_T(IDENTIFIER) | LL_T(TEXT), LL_A(NULL), 0, "注册号", "registration number")       \
    X(SUBJECT_ID, "subject_id", LL_T(IDENTIFIER) | LL_T(TEXT), LL_A(NULL), 0, "主体标识",                    \
      "subject identifier")                                                                                  \
    X(PHONE, "phone", LL_T(TEXT), LL_A(NULL), 0, "电话号码", "telephone number")                             \
    X(ADDRESS, "address", LL_T(TEXT), LL_A(NULL), 0, "地址", "address")                                      \
    X(COMPANY, "company", LL_T(TEXT), LL_A(NULL), 0, "单位名称", "name of a company")                        \
    X(CONSTANT, "constant", LL_T_ANY, LL_A(VALUE), LL_A(VALUE), "固定值", "constant")                        \
    X(USCC_FROM_ORG_CODE, "uscc_from_org_code", LL_T(IDENTIFIER),                                            \
      LL_A(NULL) | LL_A(AUTHORITY) | LL_A(REGION), LL_A(AUTHORITY) | LL_A(REGION),                           \
      "由组织机构代码推出的信用代码", "credit code made from an organisation code")                          \
    X(REGION_FROM_ADDRESS, "region_from_address", LL_T(CODE), LL_A(NULL) | LL_A(WITHIN), 0,                  \
      "由地址推出的行政区划", "region found in an address")

#endif
