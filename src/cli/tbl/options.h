/* options.h - every option: command id (global: any command), option id, short letter or 0, argument or NULL, help zh, help en.
 *
 * --dry-run has the id dry_run.  An argument written with | lists the only words allowed ("zh|en"); FILE and DIR complete as paths. */
#define LL_OPTIONS(X)                                                                                        \
    X(global, help, 'h', NULL, "显示帮助", "show help")                                                      \
    X(global, version, 'V', NULL, "显示版本", "show the version")                                            \
    X(global, json, 'j', NULL, "以 JSON 输出数据", "print data as JSON")                                     \
    X(global, lang, 0, "zh|en", "输出语言（设置项 lang）", "language of output (setting lang)")              \
    X(global, data, 'd', "DIR", "数据目录（设置项 data_dir）", "data folder (setting data_dir)")             \
    X(global, config, 0, "FILE", "配置文件；默认为数据目录下的 luling.conf", "settings file; luling.conf in the data folder unless given") \
    X(global, set, 0, "NAME=VALUE", "改一个设置项，可重复", "change one setting; may be repeated")           \
    X(intake, resource, 'r', "NAME", "文件所属的资源", "the resource that the files belong to")              \
    X(intake, mode, 'm', "snapshot|increment", "全量或增量；默认按资源的规定", "replace all or upsert; the resource's own mode unless given") \
    X(intake, confirm, 0, NULL, "变更超过上限也直接发布", "publish even when it changes more than the limit") \
    X(intake, sheet, 0, "NAME", "XLSX 的工作表", "sheet of an XLSX file")                                    \
    X(delivery_list, resource, 'r', "NAME", "只列出该资源的", "of this resource only")                       \
    X(delivery_list, state, 's', "received|sealed|waiting|published|failed|withdrawn", "只列出该状态的", "in this state only") \
    X(batch_list, resource, 'r', "NAME", "只列出该资源的", "of this resource only")                          \
    X(quarantine, csv, 0, "FILE", "导出为 CSV（- 为标准输出），改好后再次交付", "export as CSV (- is standard output) to correct and deliver again") \
    X(quarantine, xlsx, 0, "FILE", "导出为 XLSX，改好后再次交付", "export as XLSX to correct and deliver again") \
    X(quarantine, all, 'a', NULL, "列出全部", "list all")                                                    \
    X(quality, html, 0, "FILE", "写成网页", "write a web page")                                              \
    X(verify, resource, 'r', "NAME", "只核对该资源的", "of this resource only")                              \
    X(verify, journal, 0, "DIR", "核对该文件夹中的日志，不核对数据", "compare the journal in this folder instead of the data") \
    X(verify, policy, 0, "FILE", "日志与见证者的公钥（C2SP tlog-policy）；默认为日志文件夹中的 policy", "keys of the journal and its witnesses (C2SP tlog-policy); the file policy of its folder unless given") \
    X(rebuild, resource, 'r', "NAME", "只重建该资源", "this resource only")                                  \
    X(resource_list, provider, 0, "CODE", "只列出该机构提供的", "of this organisation only")                 \
    X(resource_show, resource_version, 0, "NUMBER", "显示该版本", "show this version")                                \
    X(organisation_list, role, 'r', "source|platform|consumer|regulator", "只列出该角色的", "of this role only") \
    X(search, provider, 0, "CODE", "提供方的机构代码", "organisation that provides")                         \
    X(search, region, 0, "CODE", "行政区划，含下级", "region and all below it")                              \
    X(search, share_type, 0, "CODE", "共享类型", "share type")                                               \
    X(search, open, 0, "CODE", "开放属性", "openness")                                                       \
    X(search, update_cycle, 0, "CODE", "更新周期", "update cycle")                                           \
    X(search, grade, 0, "GRADE", "级别", "grade")                                                            \
    X(search, scenario, 0, "TEXT", "场景", "scenario")                                                       \
    X(search, limit, 'n', "NUMBER", "最多列出多少个", "how many at most")                                    \
    X(record, history, 0, NULL, "列出每个版本", "list every version")                                        \
    X(record, as_of, 0, "TIME", "当时的样子：2026-11-23 或 2026-11-23T08:15:30.000Z（UTC）", "what it was then: 2026-11-23 or 2026-11-23T08:15:30.000Z (UTC)") \
    X(record, mask, 0, NULL, "遮盖自然人的标识", "mask identifiers of natural persons")                      \
    X(subject, limit, 'n', "NUMBER", "每个资源最多显示多少条，默认 5", "records shown of a resource, 5 unless given") \
    X(subject, mask, 0, NULL, "遮盖自然人的标识", "mask identifiers of natural persons")                     \
    X(identify, scheme, 's', "uscc|resident_id|org_code|reg_no|subject_id", "按此方案检查，不自动识别", "check against this scheme instead of telling it by form") \
    X(consent_list, organisation, 0, "CODE", "只列出给该机构的", "given to this organisation only")          \
    X(consent_list, subject, 0, "ID", "只列出该授权人的：统一社会信用代码或公民身份号码", "of this subject only: a credit code or resident number") \
    X(consent_verify, site, 0, "URL", "签署时所在的网站，如 https://hub.example", "site where it was signed, such as https://hub.example") \
    X(key_rotate, overlap, 0, "DAYS", "旧密钥还承认多少天，默认 30", "days for which the old key still counts, 30 unless given") \
    X(convert, unit, 'u', "UNIT", "金额没有写单位时的单位，默认元", "unit of an amount that states none; 元 unless given") \
    X(help, markdown, 0, NULL, "输出全部命令的 Markdown 文档", "print all commands as a Markdown page")      \
    X(errors, markdown, 0, NULL, "输出 Markdown 文档", "print a Markdown page")                              \
    X(settings, changed, 0, NULL, "只列出改动过的", "only those that were changed")
