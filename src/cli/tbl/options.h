/* options.h - every option: command id (global: any command), option id, short letter or 0, argument or NULL, help zh, help en.
 *
 * --dry-run has the id dry_run.  An argument written with | lists the only words allowed ("zh|en"); FILE and DIR complete as paths. */
/* Who acts, for commands that somebody must answer for: an operator at the machine names the account; --organisation and --duties say
 * what it may do.  In this order: cmd_actor.c counts on it. */
#define LL_ACTOR_OPTIONS(X, cmd)                                                                             \
    X(cmd, as, 0, "ACCOUNT", "以此账号的名义", "the account that acts")                                      \
    X(cmd, organisation, 'o', "CODE", "账号所属机构", "organisation of the account")                         \
    X(cmd, duties, 0, "DUTIES", "账号的职责，以逗号分隔", "duties of the account, separated by commas")
#define LL_REASON_OPTIONS(X, cmd)                                                                            \
    X(cmd, reason, 0, "TEXT", "理由", "the reason")                                                          \
    X(cmd, basis, 0, "TEXT", "法律依据，写明名称，如《政务数据共享条例》", "the legal basis by its title, e.g. 《政务数据共享条例》")

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
    X(quarantine, workbook, 0, "FILE", "交来的工作簿原样退回：错的格子带批注", "the delivered workbook itself, with comments on the cells that are wrong") \
    X(resource_template, area, 0, "CODE", "采集区域（村、乡镇、县的代码）；多于一个区域时写成 ZIP", "the area (code of a village, town or county); a ZIP file when there are several") \
    X(resource_template, rows, 0, "N", "预备的空行数，默认 300", "empty rows to prepare, 300 unless given") \
    X(resource_template, known, 0, NULL, "带出已有的记录（采集人可见时）", "with the records that are there, where whoever collects may see them") \
    X(quarantine, all, 'a', NULL, "列出全部", "list all")                                                    \
    X(quality, html, 0, "FILE", "写成网页", "write a web page")                                              \
    X(verify, resource, 'r', "NAME", "只核对该资源的", "of this resource only")                              \
    X(verify, journal, 0, "PATH", "核对该文件夹或网址的日志，不核对数据", "compare the journal in this folder or at this URL instead of the data") \
    X(verify, looks, 0, "FILE", "核对该文件中的查看清单（各页可前后相接）有无遗漏，须与 --policy 同用", \
      "check that the list of looks in this file (pages one after the other) is whole; with --policy") \
    X(verify, subject, 0, "PSEUDONYM", "清单须是这一假名的", "the list must be that of this pseudonym") \
    X(verify, policy, 0, "FILE", "日志与见证者的公钥（C2SP tlog-policy）；默认为日志文件夹中的 policy", "keys of the journal and its witnesses (C2SP tlog-policy); the file policy of its folder unless given") \
    X(witness, name, 0, "NAME", "见证者的名称（如 bank.example/witness）", "name of the witness, bank.example/witness say") \
    X(witness, logs, 0, "FILE", "认可的日志：每行 log <公钥>", "the logs it knows: lines log <vkey>")   \
    X(witness, address, 0, "ADDRESS", "监听地址，默认 127.0.0.1", "listening address, 127.0.0.1 unless given") \
    X(witness, port, 0, "PORT", "监听端口，默认 8781；0 为任意空闲端口", "listening port, 8781 unless given; 0 for any free one") \
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
    X(subject_timeline, kind, 'k', "KIND", "只看这一类，如 penalty", "of this kind only, e.g. penalty")        \
    X(subject_timeline, limit, 'n', "NUMBER", "最多列出多少条，默认 50", "how many at most, 50 unless given") \
    X(subject_timeline, related, 0, NULL, "也包括只是提到该主体的记录", "records, too, in which the subject only occurs") \
    X(subject_timeline, mask, 0, NULL, "遮盖自然人的标识", "mask identifiers of natural persons")            \
    X(subject_relations, depth, 'D', "NUMBER", "向外几层，1 到 4，默认 1", "rings outwards, 1 to 4, 1 unless given") \
    X(subject_relations, fan, 0, "NUMBER", "每个主体至多几个相邻主体，默认 20", "most neighbours of each, 20 unless given") \
    X(subject_relations, mask, 0, NULL, "遮盖自然人的标识", "mask identifiers of natural persons")           \
    X(account_add, organisation, 'o', "CODE", "账号所属机构的代码", "organisation of the account")           \
    X(account_add, name, 'n', "TEXT", "姓名；默认同账号", "name of the person; the id unless given")        \
    X(account_add, duties, 0, "DUTIES", "职责，以逗号分隔", "its duties, separated by commas")              \
    X(account_add, password_file, 0, "FILE", "从文件读密码（- 为标准输入）", "read the password from a file (- is standard input)") \
    X(client_add, organisation, 'o', "CODE", "系统所属机构的代码", "organisation of the system")             \
    X(client_add, title, 't', "TEXT", "系统名称；默认同编号", "what it is called; the id unless given")     \
    X(client_add, key, 0, "FILE", "公钥文件（JWK 或 PEM），登记后即启用", "public key (JWK or PEM); the client is enabled with it") \
    X(export_list, organisation, 'o', "CODE", "只列出该机构的", "of this organisation only")                 \
    X(export_list, state, 's', "STATE", "只列出该状态的", "in this state only")                              \
    X(webhook_list, organisation, 'o', "CODE", "只列出该机构的", "of this organisation only")                \
    X(webhook_list, state, 's', "STATE", "只列出该状态的", "in this state only")                             \
    LL_ACTOR_OPTIONS(X, campaign_add)                                                                        \
    X(campaign_add, title, 't', "TEXT", "任务名称", "what it is called")                                     \
    X(campaign_add, region, 'r', "CODE", "范围：市、县、乡镇的代码", "where: code of a city, county or town") \
    X(campaign_add, from, 0, "DAY", "开始日期", "the first day")                                             \
    X(campaign_add, until, 'u', "DAY", "截止日期", "the last day")                                           \
    X(campaign_add, expected, 0, "N", "每个区域应采数", "how many records are expected of each area")        \
    X(campaign_list, open, 0, NULL, "只列出没有结束的", "only those that have not ended")                    \
    X(rural_check_lists, organisation, 'o', "CODE", "只列出该机构的", "of this organisation only")           \
    LL_ACTOR_OPTIONS(X, watch_add)                                                                           \
    X(watch_add, purpose, 'p', "TEXT", "监测用途", "what for")                                               \
    X(watch_add, reference, 'r', "TEXT", "机构自己的客户编号", "the organisation's own reference")           \
    X(watch_add, until, 'u', "DAY", "最后一天；不写则随授权与授权书", "the last day; as long as grants and consents last unless given") \
    LL_ACTOR_OPTIONS(X, watch_end)                                                                           \
    X(watch_list, organisation, 'o', "CODE", "只列出该机构的", "of this organisation only")                  \
    X(watch_list, state, 's', "active|ended", "只列出该状态的", "in this state only")                        \
    X(watch_list, level, 'l', "red|orange|yellow|blue", "只列出该预警等级的", "of this level only")          \
    X(watch_events, organisation, 'o', "CODE", "只列出该机构的", "of this organisation only")                \
    X(webhook_redeliver, event, 0, "NUMBER", "只重发这一个", "this one only")                                \
    X(freeze, reason, 0, "TEXT", "冻结的理由", "why")                                                       \
    X(identify, scheme, 's', "uscc|resident_id|org_code|reg_no|subject_id", "按此方案检查，不自动识别", "check against this scheme instead of telling it by form") \
    LL_ACTOR_OPTIONS(X, demand_add)                                                                          \
    X(demand_add, what, 0, "TEXT", "需要什么数据", "what is needed")                                         \
    X(demand_add, purpose, 0, "TEXT", "使用用途", "what it is needed for")                                   \
    X(demand_add, scenario, 0, "TEXT", "应用场景", "scenario")                                               \
    X(demand_add, basis, 0, "TEXT", "使用依据，写明名称，如《政务数据共享条例》", "the legal basis by its title, e.g. 《政务数据共享条例》") \
    X(demand_add, urgency, 0, "normal|urgent", "紧急程度", "how urgent it is")                               \
    X(demand_add, items, 0, "ITEMS", "需要的信息项，以逗号分隔", "items wanted, separated by commas")        \
    X(demand_add, provider, 0, "CODE", "认为应由此机构提供", "the organisation that should have it")         \
    X(demand_list, state, 's', "STATE", "只列出该状态的", "in this state only")                              \
    X(demand_list, provider, 0, "CODE", "只列出该责任部门的", "of this source only")                         \
    X(demand_list, list, 0, "ID", "只列出该批清单的", "of this list only")                                   \
    X(demand_list, waiting, 'w', NULL, "只列出尚未解决的，最早的在前", "those that wait, oldest first")      \
    LL_ACTOR_OPTIONS(X, demand_publish)                                                                      \
    LL_ACTOR_OPTIONS(X, demand_act)                                                                          \
    LL_REASON_OPTIONS(X, demand_act)                                                                         \
    X(demand_act, provider, 0, "CODE", "责任部门（assign）", "the source responsible (assign)")              \
    X(demand_act, resource, 0, "NAME", "满足需求的资源（supply、accept）", "the resource that meets it (supply, accept)") \
    LL_ACTOR_OPTIONS(X, application_submit)                                                                  \
    X(application_submit, title, 't', "TEXT", "标题；默认同用途", "title; the purpose unless given")         \
    X(application_submit, purpose, 0, "TEXT", "使用用途", "what the data are for")                           \
    X(application_submit, scenario, 0, "TEXT", "应用场景", "scenario")                                       \
    X(application_submit, basis, 0, "TEXT", "使用依据，写明名称，如《政务数据共享条例》", "the legal basis by its title, e.g. 《政务数据共享条例》") \
    X(application_submit, modes, 0, "MODES", "使用方式：query,verify,batch,changes,export,subscribe；默认 query", \
      "modes: query,verify,batch,changes,export,subscribe; query unless given")                              \
    X(application_submit, per_day, 0, "NUMBER", "每日调用次数", "calls a day")                               \
    X(application_submit, per_second, 0, "NUMBER", "每秒调用次数", "calls a second")                         \
    X(application_submit, total, 0, "NUMBER", "总调用次数", "calls in all")                                  \
    X(application_submit, until, 0, "DATE", "使用到哪一天；默认一年", "last day; a year unless given")       \
    X(application_submit, networks, 0, "NETWORKS", "调用来源的网段，以逗号分隔", "networks that calls come from, separated by commas") \
    X(application_submit, consent, 0, NULL, "每次使用须经主体授权", "every use needs the subject's consent") \
    X(application_submit, demand, 0, "ID", "所依据的需求", "the demand that it follows")                     \
    X(application_submit, attach, 0, "FILE", "附件", "an attachment")                                        \
    X(application_submit, draft, 0, NULL, "只存为草稿", "keep it as a draft")                                \
    X(application_list, state, 's', "STATE", "只列出该状态的", "in this state only")                         \
    X(application_list, scene, 0, "ID", "只列出该次提交的", "of this submission only")                       \
    X(application_list, organisation, 'o', "CODE", "只列出该机构提出或审批的", "made or decided by this organisation only") \
    LL_ACTOR_OPTIONS(X, application_approve)                                                                 \
    LL_REASON_OPTIONS(X, application_approve)                                                                \
    LL_ACTOR_OPTIONS(X, application_refuse)                                                                  \
    LL_REASON_OPTIONS(X, application_refuse)                                                                 \
    LL_ACTOR_OPTIONS(X, application_act)                                                                     \
    LL_REASON_OPTIONS(X, application_act)                                                                    \
    X(grant_list, state, 's', "active|suspended|revoked|expired", "只列出该状态的", "in this state only")    \
    X(grant_list, organisation, 'o', "CODE", "只列出该机构持有或提供的", "held or provided by this organisation only") \
    X(grant_list, resource, 'r', "NAME", "只列出该资源的", "of this resource only")                          \
    LL_ACTOR_OPTIONS(X, grant_suspend)                                                                       \
    LL_REASON_OPTIONS(X, grant_suspend)                                                                      \
    LL_ACTOR_OPTIONS(X, grant_resume)                                                                        \
    LL_REASON_OPTIONS(X, grant_resume)                                                                       \
    LL_ACTOR_OPTIONS(X, grant_revoke)                                                                        \
    LL_REASON_OPTIONS(X, grant_revoke)                                                                       \
    LL_ACTOR_OPTIONS(X, grant_renew)                                                                         \
    LL_REASON_OPTIONS(X, grant_renew)                                                                        \
    LL_ACTOR_OPTIONS(X, link_train)                                                                          \
    LL_ACTOR_OPTIONS(X, link_run)                                                                            \
    X(link_run, match, 0, "P", "概率不低于它即关联", "link from this probability on")                        \
    X(link_run, review, 0, "P", "概率不低于它即复核", "let a person look from this probability on")          \
    X(link_run, out, 0, "FILE", "把记录对写入 CSV 文件", "write the pairs to a CSV file")                    \
    X(score_run, as_of, 0, "DATE", "评价基准日，默认今天", "the day to evaluate as of; today unless given")  \
    X(score_run, card_version, 0, "N", "评分卡的版本，默认最新", "version of the scorecard; the newest unless given") \
    X(score_show, change, 0, "NAME=VALUE,...", "试算：把这些指标改为这些值（值为空表示没有记录）",           \
      "what if these indicators had these values (nothing after =: not recorded)")                           \
    X(score_test, card_version, 0, "N", "评分卡的版本，默认最新", "version of the scorecard; the newest unless given") \
    LL_ACTOR_OPTIONS(X, link_review)                                                                         \
    X(link_review, state, 's', "STATE", "列出该状态的：matched、review、outdone、apart、accepted、rejected", \
      "list those in this state: matched, review, outdone, apart, accepted, rejected")                       \
    X(link_review, accept, 0, "PAIR", "这一对是同一主体", "this pair is of one subject")                     \
    X(link_review, reject, 0, "PAIR", "这一对不是同一主体", "this pair is not of one subject")               \
    X(link_review, split, 0, "RECORD", "把这条记录从主体中分出", "take this record out of its subject")      \
    X(link_review, reason, 0, "TEXT", "理由", "the reason")                                                  \
    LL_ACTOR_OPTIONS(X, link_undo)                                                                           \
    X(link_undo, reason, 0, "TEXT", "理由", "the reason")                                                    \
    LL_ACTOR_OPTIONS(X, objection_add)                                                                       \
    X(objection_add, record, 0, "KEY", "哪条记录", "the record")                                             \
    X(objection_add, item, 0, "NAME", "哪个信息项", "the item")                                              \
    X(rural_household, as_of, 0, "DATE", "以这一天的家庭组成为准，默认今天", "the household as of this day; today unless given") \
    X(rural_household, all, 0, NULL, "同时列出没有取值的项与未被采用的取值", "also items without a value, and values that lost") \
    X(rural_household, mask, 0, NULL, "成员的公民身份号码脱敏", "mask the identity numbers of members") \
    X(rural_household, run, 0, "ID", "取自这次汇总，而不是逐项查找", "from this roll-up, not by look-ups") \
    X(rural_dump, village, 0, "CODE", "只要这个县、乡镇或村（区划代码）", "of this county, town or village only, by its code") \
    X(rural_rollup, as_of, 0, "DATE", "以这一天为准，默认今天", "as of this day; today unless given") \
    LL_ACTOR_OPTIONS(X, rural_report)                                                                        \
    X(rural_report, purpose, 0, "TEXT", "报告用途", "what the report is for")                                \
    X(rural_report, sections, 0, "CODES", "只要这些类别，如 \"01 06\"", "these categories only, such as \"01 06\"") \
    X(rural_report, pdf, 0, "FILE", "写成 PDF", "write a PDF")                                               \
    X(rural_report, html, 0, "FILE", "写成网页", "write a page")                                             \
    X(finance_statistics, as_of, 0, "DATE", "以这一天（北京时间全天）当时已发布的数据为准，默认现在", "from what was published by the end of this day in China; now unless given") \
    X(finance_statistics, by, 0, "total|region|industry|size|institution|product|month|all", "按什么分组，默认合计；all：依次全部", "by what; in all unless given; all: by each of them") \
    X(indicator_run, as_of, 0, "DATE", "以这一天（北京时间全天）当时已知的数据为准，默认现在", "from what was known by the end of this day in China; now unless given") \
    X(indicator_show, as_of, 0, "DATE", "以这一天（北京时间全天）当时已知的数据为准，默认现在", "from what was known by the end of this day in China; now unless given") \
    X(match_list, table, 0, "ID", "用这张指标表，默认最新的", "by this table of indicators; the newest unless given") \
    X(match_show, table, 0, "ID", "用这张指标表，默认最新的", "by this table of indicators; the newest unless given") \
    X(credit_timeliness, from, 0, "MONTH", "作出决定的月份自，如 2026-05", "decided from this month on, such as 2026-05") \
    X(credit_timeliness, to, 0, "MONTH", "作出决定的月份至", "decided until this month")                      \
    X(credit_timeliness, department, 0, "USCC", "只看此部门（统一社会信用代码）", "of this department, by its credit code") \
    X(credit_timeliness, list, 0, "WHAT", "逐条列出：all、late、ungrounded、repeated、shared", "one by one: all, late, ungrounded, repeated, shared") \
    X(credit_timeliness, csv, 0, "FILE", "写成 CSV", "write a CSV file")                                     \
    X(usage, month, 'm', "MONTH", "月份，如 2026-11", "the month, such as 2026-11")                          \
    X(usage, organisation, 'o', "CODE", "只看该机构调用的或它提供的", "called by this organisation, or of what it provides") \
    X(usage, csv, 0, "FILE", "写成 CSV", "write a CSV file")                                                 \
    X(usage, xlsx, 0, "FILE", "写成 XLSX", "write a workbook")                                               \
    X(anomaly_list, state, 's', "STATE", "只列出该状态的", "in this state only")                             \
    LL_ACTOR_OPTIONS(X, anomaly_decide)                                                                      \
    LL_REASON_OPTIONS(X, anomaly_decide)                                                                     \
    LL_ACTOR_OPTIONS(X, look_delay_act)                                                                      \
    LL_REASON_OPTIONS(X, look_delay_act)                                                                     \
    X(objection_list, state, 's', "STATE", "只列出该状态的", "in this state only")                           \
    X(objection_list, resource, 'r', "NAME", "只列出该资源的", "of this resource only")                      \
    X(listing_list, list, 'l', "NAME", "只列出该名单的", "of this list only")                                \
    X(listing_list, state, 's', "STATE", "只列出该状态的", "in this state only")                             \
    X(listing_list, provider, 'p', "CODE", "只列出该认定方的", "of this source only")                        \
    X(financing_list, state, 's', "STATE", "只列出该状态的", "in this state only")                           \
    X(financing_list, mode, 'm', "direct|open|matched", "只列出该方式的", "of this mode only")               \
    X(loan_case_list, state, 's', "STATE", "只列出该状态的", "in this state only")                           \
    X(loan_case_list, organisation, 'o', "CODE", "只列出该机构的", "of this institution only")               \
    X(loan_case_list, financing, 'f', "ID", "只列出该需求的", "of this financing only")                      \
    LL_ACTOR_OPTIONS(X, loan_case_act)                                                                       \
    LL_REASON_OPTIONS(X, loan_case_act)                                                                      \
    X(loan_case_act, refusal, 0, "CODE", "拒绝的原因", "the reason code of a refusal")                       \
    X(loan_case_act, consent, 0, "ID", "尽调所依据的授权书；不写则用现在有效的", "the consent that due diligence rests on; the one in force unless given") \
    X(repair_list, state, 's', "STATE", "只列出该状态的", "in this state only")                              \
    X(repair_list, provider, 'p', "CODE", "只列出该认定方的", "of this source only")                         \
    LL_ACTOR_OPTIONS(X, repair_act)                                                                          \
    LL_REASON_OPTIONS(X, repair_act)                                                                         \
    LL_ACTOR_OPTIONS(X, objection_act)                                                                       \
    LL_REASON_OPTIONS(X, objection_act)                                                                      \
    X(consent_list, organisation, 0, "CODE", "只列出给该机构的", "given to this organisation only")          \
    X(consent_list, subject, 0, "ID", "只列出该授权人的：统一社会信用代码或公民身份号码", "of this subject only: a credit code or resident number") \
    X(consent_verify, site, 0, "URL", "签署时所在的网站，如 https://hub.example", "site where it was signed, such as https://hub.example") \
    X(key_rotate, overlap, 0, "DAYS", "旧密钥还承认多少天，默认 30", "days for which the old key still counts, 30 unless given") \
    LL_ACTOR_OPTIONS(X, report_issue)                                                                        \
    X(report_issue, kind, 0, "KIND", "报告种类，默认 credit", "kind of report, credit unless given")         \
    X(report_issue, purpose, 0, "TEXT", "报告用途", "what the report is for")                                \
    X(report_issue, pdf, 0, "FILE", "写成 PDF", "write a PDF")                                               \
    X(report_issue, html, 0, "FILE", "写成网页", "write a page")                                             \
    LL_ACTOR_OPTIONS(X, report_batch)                                                                        \
    X(report_batch, purpose, 0, "TEXT", "报告用途", "what the reports are for")                              \
    X(report_batch, format, 0, "pdf|html", "格式，默认 pdf", "format, pdf unless given")                     \
    X(ledger_verify, policy, 0, "FILE", "日志的公钥与见证者策略", "keys of the journal, and its witnesses")  \
    X(report_verify, policy, 0, "FILE", "日志的公钥与见证者策略", "keys of the journal, and its witnesses")  \
    LL_ACTOR_OPTIONS(X, report_withdraw)                                                                     \
    X(report_withdraw, reason, 0, "TEXT", "理由", "the reason")                                              \
    X(institution_list, state, 's', "STATE", "只列出该状态的", "in this state only")                        \
    LL_ACTOR_OPTIONS(X, institution_decide)                                                                  \
    LL_REASON_OPTIONS(X, institution_decide)                                                                 \
    X(complaint_list, state, 's', "STATE", "只列出该状态的", "in this state only")                          \
    X(complaint_list, institution, 'i', "CODE", "只列出对该机构的", "about this institution only")          \
    X(complaint_list, late, 0, NULL, "只列出超期的", "those past their limit only")                         \
    X(product_list, state, 's', "STATE", "只列出该状态的", "in this state only")                            \
    X(product_list, institution, 'i', "CODE", "只列出该机构的", "of this institution only")                 \
    LL_ACTOR_OPTIONS(X, product_decide)                                                                      \
    LL_REASON_OPTIONS(X, product_decide)                                                                     \
    X(policy_list, state, 's', "STATE", "只列出该状态的", "in this state only")                             \
    X(policy_list, department, 'i', "CODE", "只列出该部门的", "of this department only")                    \
    LL_ACTOR_OPTIONS(X, policy_decide)                                                                       \
    LL_REASON_OPTIONS(X, policy_decide)                                                                      \
    X(loan_schedule, method, 0, "instalment|principal|interest|end", "还款方式，默认 instalment（等额本息）", "way to repay, equal instalments unless given") \
    X(loan_schedule, fee, 0, "AMOUNT", "放款时一次收取的费用", "fee taken once, at payout") \
    X(loan_schedule, month_fee, 0, "AMOUNT", "每期收取的费用", "fee taken with each payment") \
    X(upward_send, wait, 0, "SECONDS", "最长等多久，默认 600", "how long to wait, 600 unless given")        \
    X(upward_reconcile, wait, 0, "SECONDS", "最长等多久，默认 600", "how long to wait, 600 unless given")   \
    X(upward_returned, all, 0, NULL, "连同已更正的", "those that were mended, too")                          \
    X(convert, unit, 'u', "UNIT", "金额没有写单位时的单位，默认元", "unit of an amount that states none; 元 unless given") \
    X(help, markdown, 0, NULL, "输出全部命令的 Markdown 文档", "print all commands as a Markdown page")      \
    X(errors, markdown, 0, NULL, "输出 Markdown 文档", "print a Markdown page")                              \
    X(settings, changed, 0, NULL, "只列出改动过的", "only those that were changed")
