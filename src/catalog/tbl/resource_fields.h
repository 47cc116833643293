/* resource_fields.h - the text fields of the catalogue's objects, for all that treats them alike: storing, comparing, showing.
 * X(field, zh, en) */
#define LL_RESOURCE_TEXTS(X)                                                                                 \
    X(code, "资源代码", "resource code")                                                                     \
    X(title, "名称", "title")                                                                                \
    X(title_en, "英文名称", "English title")                                                                 \
    X(provider, "提供方", "provider")                                                                        \
    X(summary, "摘要", "summary")                                                                            \
    X(summary_en, "英文摘要", "English summary")                                                             \
    X(format, "格式", "format")                                                                              \
    X(share_type, "共享类型", "share type")                                                                  \
    X(share_condition, "共享条件", "share condition")                                                        \
    X(share_mode, "共享方式", "share mode")                                                                  \
    X(open, "开放属性", "openness")                                                                          \
    X(open_condition, "开放条件", "open condition")                                                          \
    X(update_cycle, "更新周期", "update cycle")                                                              \
    X(published, "发布日期", "published")                                                                    \
    X(related, "关联资源", "related resources")                                                              \
    X(subject_kind, "主体类型", "subject kind")                                                              \
    X(keywords, "关键词", "keywords")                                                                        \
    X(scenario, "场景", "scenario")                                                                          \
    X(legal_basis, "依据", "legal basis")                                                                    \
    X(basis, "可信程度", "basis")

#define LL_ELEMENT_TEXTS(X)                                                                                  \
    X(code, "编号", "code")                                                                                  \
    X(title, "名称", "title")                                                                                \
    X(title_en, "英文名称", "English title")                                                                 \
    X(format, "格式", "format")                                                                              \
    X(code_table, "代码表", "code table")                                                                    \
    X(check, "校验", "check")                                                                                \
    X(unit, "单位", "unit")                                                                                  \
    X(synonyms, "同义表头", "synonyms")                                                                      \
    X(basis, "可信程度", "basis")                                                                            \
    X(source, "来源", "source")                                                                              \
    X(pack, "场景包", "pack")

#define LL_ITEM_TEXTS(X)                                                                                     \
    X(relation, "关系", "relation")                                                                          \
    X(ref_resource, "引用的资源", "resource referred to")                                                    \
    X(ref_item, "引用的信息项", "item referred to")                                                          \
    X(fallback, "默认值", "default")

#define LL_CHECK_TEXTS(X)                                                                                    \
    X(name, "名称", "name")                                                                                  \
    X(predicate, "条件", "predicate")                                                                        \
    X(message, "说明", "message")                                                                            \
    X(message_en, "英文说明", "English message")

#define LL_ORGANISATION_TEXTS(X)                                                                             \
    X(name, "名称", "name")                                                                                  \
    X(name_en, "英文名称", "English name")                                                                   \
    X(region, "行政区划", "region")                                                                          \
    X(parent, "上级", "parent")                                                                              \
    X(role, "角色", "role")                                                                                  \
    X(uscc, "统一社会信用代码", "credit code")                                                               \
    X(basis, "可信程度", "basis")
