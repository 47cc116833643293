/* commands.h - every command: id, words, arguments, flags, summary zh, summary en, details zh, details en.
 *
 * Makes the dispatch, --help, completion, the manual page and docs/commands.md.  The function is ll_cmd_<id> in cmd_<id>.c (or in the
 * file of the family: cmd_pack.c has all of `pack ...`).
 *
 * Arguments: NAME is required, [NAME] optional, NAME... one or more, [NAME...] any number; a|b lists the only words allowed;
 * FILE, DIR and PATH complete as paths.  Flags: JSON takes --json; NODATA runs without a data folder and its luling.conf; JSON_NODATA;
 * MAKES makes the data folder where it is missing; JSON_MAKES. */
#define LL_COMMANDS(X)                                                                                       \
    X(serve, "serve", "", JSON, "启动服务与控制台网页", "serve the API and the console",                     \
      "监听设置项 listen_address 与 listen_port；收到 SIGTERM 或 SIGINT 后答完手头的请求再退出。",           \
      "Listens on the settings listen_address and listen_port; on SIGTERM or SIGINT it answers what is under way and ends.") \
    X(identify, "identify", "VALUE...", JSON_NODATA, "识别并拆解标识：统一社会信用代码、公民身份号码、组织机构代码、注册号", \
      "take an identifier apart: credit code, resident number, organisation code, registration number",      \
      "说明每一部分的含义；无效时说明错在哪里，应有的校验位是什么。有无效的标识时退出码为 65。",              \
      "Says what each part means and, where one is not valid, what is wrong and which check character is right.  The exit code is 65 " \
      "when any is not valid.")                                                                              \
    X(pack_check, "pack check", "DIR", JSON, "检查一个场景包，列出全部错误", "check a pack and list every error", "", "") \
    X(pack_load, "pack load", "DIR...", JSON_MAKES, "装载场景包（整包生效或完全不生效）", "load packs, each wholly or not at all", "", "") \
    X(pack_list, "pack list", "", JSON, "列出已装载的场景包", "list the packs that are loaded", "", "")        \
    X(pack_diff, "pack diff", "DIR", JSON, "列出场景包与已装载的有何不同，哪些会影响使用者", \
      "list what a pack changes, and what of it would break those who use it",                               \
      "有会影响使用者的改动时退出码为 75；这样的改动要提高资源的 version 才能装载。",                        \
      "The exit code is 75 when a change would break users; such a change loads only with a raised version of its resource.") \
    X(resource_list, "resource list", "", JSON, "列出目录中的资源", "list the resources of the catalogue", "", "") \
    X(resource_show, "resource show", "NAME", JSON, "显示一个资源的元数据和信息项", "show a resource with its items", "", "") \
    X(resource_template, "resource template", "NAME FILE", JSON, "生成数据资源的填报模板（XLSX）", "make the workbook (XLSX) in which a resource is filled in", \
      "列名与默认映射一致，填好后可直接交付；代码项带下拉选项，必填列的标题为红色。",                    \
      "Its columns are those of the default mapping, so that it can be delivered as it is; code items have drop-down lists, required " \
      "columns a red title.")                                                                                \
    X(organisation_list, "organisation list", "", JSON, "列出机构", "list the organisations", "", "")        \
    X(search, "search", "[TEXT]", JSON, "在目录中查找资源", "find resources in the catalogue",               \
      "TEXT 为中文或英文的词；不写则列出全部。选项按机构、地区等缩小范围。",                                 \
      "TEXT is words in Chinese or English; without it everything is listed.  Options narrow it by provider, region and so on.") \
    X(record, "record", "RESOURCE KEY...", JSON, "查一条记录", "look a record up",                           \
      "KEY 为主键的各部分，按顺序。--history 列出每一批带来的每个版本，--as-of 显示当时的样子。",            \
      "KEY is the parts of the key in order.  --history lists every version that a batch brought, --as-of shows what it was then.") \
    X(subject, "subject", "WHO", JSON, "一个主体在各部门的全部记录", "everything that is recorded about a subject", \
      "WHO 为任何一种标识或名称。能推算的标识（如信用代码中的组织机构代码）和登记记录联系起来的标识都会用来查。", \
      "WHO is any identifier or the name.  Identifiers that can be computed (the organisation code inside a credit code) and those " \
      "that a registration ties together are all asked for.")                                                \
    X(subject_timeline, "subject timeline", "WHO", JSON, "一个主体的时间线：有日期的事实，最新的在前", "a subject's timeline: its dated facts, newest first", \
      "哪些日期进入时间线由场景包的 timeline.csv 声明。", "Which dates belong to it is declared by timeline.csv of the packs.") \
    X(subject_relations, "subject relations", "WHO", JSON, "一个主体的关联关系：法定代表人、股东、对外投资、分支机构", "who a subject has to do with: legal representative, shareholders, investments, branches", \
      "关系由场景包的 relations.csv 声明，两个方向都能查到。--depth 向外几层。", "Relations are declared by relations.csv of the packs and found from both sides.  --depth is how many rings outwards.") \
    X(dump, "dump", "RESOURCE", PLAIN, "按主键顺序输出全部记录，每行一个 JSON", "print every record in key order, a JSON object a line", \
      "内容相同的两个数据目录输出逐字节相同。",                                                              \
      "Two data folders with the same content print the same bytes.")                                        \
    X(intake, "intake", "[FILE...]", JSON, "接收文件：解码、映射、校验、封存、发布", "take files in: decode, map, check, seal, publish", \
      "FILE 可以是文件、文件夹或 -（标准输入）：CSV、TSV、JSON、XLSX，及其 gzip、zstd 压缩。同样的字节只接收一次。", \
      "FILE is a file, a folder or - (standard input): CSV, TSV, JSON, XLSX, and these compressed by gzip or zstd. The same bytes are taken in once.") \
    X(recover, "recover", "", JSON, "续办被中断的交付", "carry on deliveries that were cut short", "", "")     \
    X(delivery_list, "delivery list", "", JSON, "列出交付", "list deliveries", "", "")                         \
    X(delivery_show, "delivery show", "ID", JSON, "显示一个交付", "show a delivery", "", "")                   \
    X(delivery_confirm, "delivery confirm", "ID", JSON, "确认变更过大的交付并发布", "publish a delivery that waits because it changes much", "", "") \
    X(delivery_refuse, "delivery refuse", "ID", JSON, "否决变更过大的交付", "refuse a delivery that waits", "", "") \
    X(batch_list, "batch list", "", JSON, "列出批次", "list batches", "", "")                                  \
    X(batch_show, "batch show", "ID", JSON, "显示一个批次", "show a batch", "", "")                            \
    X(withdraw, "withdraw", "BATCH", JSON, "撤回一个批次，恢复此前的版本", "undo a batch; what was shown before shows again", "", "") \
    X(quarantine, "quarantine", "BATCH", JSON, "列出或导出被隔离的行", "list or export the rows that were refused", "", "") \
    X(quality, "quality", "BATCH", JSON, "数据质量报告：一个批次，或一个资源的历次批次", "quality of a batch, or of a resource over time", \
      "BATCH 也可以是资源名，这时列出它历次批次的六个维度。", "BATCH may also be the name of a resource: its batches are listed with their six dimensions.")                                                                                                \
    X(verify, "verify", "", JSON, "核对全部文件与清单是否一致", "compare every file with its manifest", "", "") \
    X(proof, "proof", "INDEX", PLAIN, "输出日志中一个条目的存证证明", "print the proof that an entry is in the journal", \
      "格式为 C2SP tlog-proof，可离线核对；条目编号见应答中的收据。",                                        \
      "A C2SP tlog-proof, which stands by itself; the number of the entry is in the receipt of an answer.")  \
    X(journal_show, "journal show", "[INDEX]", JSON, "显示日志中的条目", "show entries of the journal",      \
      "不写 INDEX 则列出最近的 20 条。", "Without INDEX the latest 20 are listed.")                          \
    X(journal_status, "journal status", "", JSON, "日志的条目数、检查点与联署", "entries, checkpoint and cosignatures of the journal", "", "") \
    X(witness, "witness", "DIR", JSON_NODATA, "为别人的日志作见证：联署与此前一致的检查点", "witness other logs: cosign checkpoints that agree with every earlier one", \
      "DIR 存放密钥与每个日志最近一次联署的检查点。协议为 C2SP tlog-witness；启动时输出地址和公钥，写进日志一方的见证者策略文件（journal_witnesses）。", \
      "DIR keeps the key and the checkpoint of each log that was cosigned last.  The protocol is C2SP tlog-witness; address and key are " \
      "printed at the start, for the log's policy of witnesses (journal_witnesses).") \
    X(rebuild, "rebuild", "", JSON, "由数据湖重建服务表", "recreate the service tables from the lake", "", "") \
    X(demand_add, "demand add", "TITLE", JSON, "提出数据需求并自动匹配", "state a demand and match it",       \
      "匹配到的写明理由；没有匹配到的列为未满足，由平台列入供需对接清单。",                                  \
      "What may meet it is told with the reasons; what nothing meets is put on the supply-demand list by the platform.") \
    X(demand_list, "demand list", "", JSON, "列出需求", "list the demands", "", "")                            \
    X(demand_show, "demand show", "ID", JSON, "显示一个需求、候选资源和经过", "show a demand, what may meet it and what happened", "", "") \
    X(demand_match, "demand match", "ID", JSON, "重新匹配", "match it again", "", "")                          \
    X(demand_publish, "demand publish", "TITLE", JSON, "把未满足的需求发布为一批供需对接清单", "publish the unmet demands as a list for their sources", "", "") \
    X(demand_act, "demand act", "accept|reject|assign|promise|progress|supply|decline|appeal|withdraw ID", JSON, \
      "办理需求", "take a step of a demand", "", "")                                                         \
    X(demand_idle, "demand idle", "", JSON, "列出已归集但从未被调用的资源", "list resources that are collected and never called", "", "") \
    X(application_submit, "application submit", "RESOURCE...", JSON, "申请数据资源", "apply for resources",  \
      "RESOURCE 可写明信息项：tax_rating:uscc,=phone，其中 = 表示不遮盖；不写则为全部。多个部门的资源一次申请，每个部门各审自己的。", \
      "RESOURCE may name items: tax_rating:uscc,=phone, where = asks for it unmasked; without them it is all.  Resources of several " \
      "sources are asked for at once, and each source decides about its own.")                               \
    X(application_list, "application list", "", JSON, "列出申请", "list the applications", "", "")             \
    X(application_show, "application show", "ID", JSON, "显示一个申请、合规审查结果和经过", "show an application, its check and what happened", "", "") \
    X(application_approve, "application approve", "ID", JSON, "提供方同意", "agree, as its source", "", "")    \
    X(application_refuse, "application refuse", "ID", JSON, "提供方不同意，须写明理由和依据", "refuse, as its source, with reason and legal basis", "", "") \
    X(application_act, "application act", "submit|endorse|return|pass|extend|open|appeal|accept|overturn|uphold|cancel ID", JSON, \
      "办理申请的其他步骤", "take another step of an application",                                          \
      "endorse：申请方内部审核；pass、return：平台合规审查；extend、open：提供方延期、开通；appeal、overturn、uphold：争议协调。ID 也可以是一次提交的编号（S-…）。", \
      "endorse: the applicant's own approver; pass, return: the platform's check; extend, open: the source; appeal, overturn, uphold: " \
      "mediation.  ID may also be that of a submission (S-...).")                                           \
    X(grant_list, "grant list", "", JSON, "列出授权", "list the grants", "", "")                               \
    X(grant_show, "grant show", "ID", JSON, "显示一个授权", "show a grant", "", "")                            \
    X(grant_suspend, "grant suspend", "ID", JSON, "暂停授权，下一次调用即生效", "suspend a grant; holds from the next call", "", "") \
    X(grant_resume, "grant resume", "ID", JSON, "恢复授权", "resume a grant", "", "")                          \
    X(grant_revoke, "grant revoke", "ID", JSON, "收回授权，下一次调用即生效", "revoke a grant; holds from the next call", "", "") \
    X(grant_renew, "grant renew", "ID DATE", JSON, "授权续期", "renew a grant", "DATE 为最后一天，如 2027-12-31。", "DATE is its last day, such as 2027-12-31.") \
    X(link_train, "link train", "FILE SOURCE...", JSON_MAKES, "训练一个关联模型", "train a linkage model",          \
      "FILE 为模型（JSON）；SOURCE 为数据资源名，或 CSV、Parquet 文件：去重一个，关联两个。不需要标注。",   \
      "FILE is the model (JSON); SOURCE is a resource or a CSV or Parquet file: one to find duplicates, two to link.  No labels are needed.") \
    X(link_run, "link run", "MODEL SOURCE...", JSON, "按训练好的模型关联记录", "link records by a trained model", \
      "先按标识精确关联，再按概率关联；介于两个阈值之间的进入复核队列。以前的人工决定始终有效。",       \
      "Identifiers that agree link first, then probabilities; what lies between the two thresholds waits for a person.  What persons decided " \
      "before holds.")                                                                                       \
    X(link_review, "link review", "[MODEL]", JSON, "列出待复核的记录对，或作出决定", "list the pairs that wait for a person, or decide one", \
      "不带选项时列出队列。--accept、--reject 决定一对；--split 把一条记录从它的主体中分出。都要写明理由。", \
      "Without options it lists the queue.  --accept and --reject decide a pair, --split takes a record out of its subject; each wants a reason.") \
    X(link_explain, "link explain", "PAIR", JSON, "说明一对记录为何关联：逐项权重", "show why a pair was linked: the weights one by one", "", "") \
    X(link_cluster, "link cluster", "MODEL RECORD", JSON, "列出与一条记录同一主体的记录", "list the records of one subject", \
      "RECORD 写作 来源:编号。", "RECORD is written SOURCE:ID.")                                            \
    X(link_undo, "link undo", "ACT", JSON, "撤销一次关联操作（运行、决定、分出，或撤销本身）", "undo an act of linkage: a run, a decision, a split, or an undoing", "", "") \
    X(score_list, "score list", "", JSON, "列出评分卡", "list the scorecards", "", "")                          \
    X(score_run, "score run", "CARD", JSON, "按评分卡评价全部主体", "evaluate everybody by a scorecard",   \
      "结果写入 DATA/scores，一次一个文件，可用任何 SQLite 工具打开。",                                      \
      "The result is a file of its own in DATA/scores, which any SQLite tool opens.")                        \
    X(score_runs, "score runs", "[CARD]", JSON, "列出做过的评价", "list the evaluations made", "", "")       \
    X(score_show, "score show", "RUN SUBJECT", JSON, "逐项说明一个主体的得分，或试算改变之后的得分", "show a subject's score item by item, or what it would be", "", "") \
    X(score_compare, "score compare", "RUN RUN", JSON, "比较两次评价的稳定性（PSI）", "compare two evaluations: is the scorecard stable (PSI)", \
      "低于 0.1 为稳定，达到 0.25 为有显著变化（经验值）。", "Below 0.1 is stable, from 0.25 on has shifted (rules of thumb).") \
    X(score_test, "score test", "CARD AS_OF UNTIL", JSON, "回测：当日评分能否预示之后的失信", "back-test: did the scores of a day tell who turned bad by another day", "", "") \
    X(rural_items, "rural items", "", JSON, "列出农户信息清单及每一项的来源（重构）", "list what is told of rural households, and where it comes from (reconstructed)", "", "") \
    X(rural_household, "rural household", "NO", JSON, "一户在各部门的信息：逐项给出取值、来源与时间", "what is known of a rural household: each item with its source and time", \
      "NO 为户号，或成员的公民身份号码。", "NO is the household's number, or a member's resident identity number.") \
    X(rural_rollup, "rural rollup", "", JSON, "汇总全部农户的信息", "roll up what is known of every rural household", \
      "结果写入 DATA/rural，一次一个文件；不落盘的内存引擎由设置 duckdb_memory 限制。", \
      "The result is a file of its own in DATA/rural.  The engine works in memory only, within setting duckdb_memory.") \
    X(rural_verify, "rural verify", "ID", JSON, "逐户核对一次汇总与逐项查找是否一致", "compare a roll-up with look-ups, household by household", \
      "汇总之后又有交付的，自然会有差别。", "What was delivered after the roll-up differs, of course.") \
    X(rural_dump, "rural dump", "ID", PLAIN, "逐户输出一次汇总，每行一个 JSON", "every household of a roll-up as a line of JSON", \
      "输出是明文，含个人信息：妥善保管。", "The lines are plain and about persons: keep them safe.") \
    X(rural_rollups, "rural rollups", "", JSON, "列出做过的汇总", "list the roll-ups made", "", "") \
    X(rural_rate, "rural rate", "", JSON, "按场景包的规则评定最近一次汇总中的全部农户", "rate every household of the newest roll-up by the rules of the pack", \
      "结果写入 DATA/ratings，一次一个文件；村级评议结果取自已发布的数据资源 rural_review。", \
      "The result is a file of its own in DATA/ratings; marks of village committees are those published in resource rural_review.") \
    X(rural_ratings, "rural ratings", "", JSON, "列出做过的评级", "list the ratings made", "", "") \
    X(rural_check_lists, "rural check-lists", "", JSON, "列出交来核查的农户名单", "list the lists of households that were handed in to verify", \
      "只有进度与数目；各户的结果由提交的机构取回。", "How far they are, in numbers; what came of each household is fetched by who asked.") \
    X(rural_check_list, "rural check-list", "ID", JSON, "一份农户核查名单的进度", "how far one list of households is", "", "") \
    X(rural_report, "rural report", "NO", JSON, "出具一户的专项信用报告", "issue the special credit report of a rural household", \
      "NO 为户号，或成员的公民身份号码。用 --pdf 或 --html 给出文件名；以平台密钥签名，记入存证日志。", \
      "NO is the household's number, or a member's resident identity number.  Name the file with --pdf or --html; signed by the platform's key, in the journal.") \
    X(finance_deliver, "finance deliver", "", JSON, "把平台自身尚未交付的事件交付入湖并发布", "deliver the platform's own events that were not delivered yet, and publish them", \
      "注册、产品、需求、办理的事件，企业为假名；服务每小时也自动交付。", "Registrations, products, financings and cases, firms by pseudonym; the server does it every hour, too.") \
    X(finance_statistics, "finance statistics", "", JSON, "融资统计（按基准日当时已发布的数据）", "the figures of financing, from what was published by the end of a day", \
      "输出 CSV；--json 另有漏斗、拒绝原因、金融机构报送的对照与所依据的批次。", "CSV; with --json also the funnel, reasons of refusal, what institutions report beside it, and the batches it rests on.") \
    X(indicator_list, "indicator list", "", JSON, "列出企业指标及其算法", "list the indicators of firms and how each is computed", "", "") \
    X(indicator_run, "indicator run", "", JSON, "计算全部企业的指标（按基准日当时已知的数据）", "compute the indicators of all firms, from what was known as of a day", \
      "结果写入 DATA/features，一次一个文件；不落盘的内存引擎由设置 duckdb_memory 限制。", \
      "The result is a file of its own in DATA/features.  The engine works in memory only, within setting duckdb_memory.") \
    X(indicator_runs, "indicator runs", "", JSON, "列出算过的指标表", "list the tables of indicators made", "", "") \
    X(indicator_show, "indicator show", "USCC", JSON, "一家企业的指标（按基准日当时已知的数据）", "the indicators of one firm, from what was known as of a day", "", "") \
    X(indicator_verify, "indicator verify", "ID", JSON, "按同一时刻重新计算，核对指标表", "compute a table of indicators anew as of its instant and compare", \
      "此后不再共享的记录（如已修复的）不再使用，自然会有差别。", "Records that are no longer shared since (repaired ones) are not used, which differs, of course.") \
    X(indicator_dump, "indicator dump", "ID", PLAIN, "输出一张指标表，每行一家企业（CSV）", "a table of indicators as CSV, a firm a line", \
      "输出是明文，含企业的敏感数据：妥善保管。", "The lines are plain and hold sensitive data of firms: keep them safe.") \
    X(match_list, "match list", "", JSON, "每个金融产品符合的企业数（按一张指标表）", "how many firms each product fits, by a table of indicators", \
      "只给数目，不给名单；1 至 4 家不显示。", "Numbers only, never names; 1 to 4 firms are not shown.") \
    X(match_show, "match show", "PRODUCT", JSON, "符合一个产品的企业数，按区县", "how many firms a product fits, by county", \
      "只给数目，不给名单；1 至 4 家不显示，总数会泄露它时另有一个也不显示。", "Numbers only, never names; 1 to 4 firms are not shown, nor another where the total would tell them.") \
    X(credit_timeliness, "credit timeliness", "permit|penalty", JSON, "双公示及时率：各部门是否在期限内上报", "how much in time departments report permits and penalties", \
      "按作出决定的月份计；首次收到即为上报，工作日按国务院办公厅的放假安排。--list 逐条列出，--csv 写成文件。",   \
      "By the month of the decision; it was reported when it was first received.  --list tells them one by one, --csv writes a file.") \
    X(upward_status, "upward status", "", JSON, "向上级平台上报的状况", "how reporting to the upper platform stands", \
      "每项上报一行：编了多少报文、多少没有回执、收下与退回的记录、最近一次对账。",                            \
      "A line a stream: messages made, those without an answer, records accepted and returned, the last reconciliation.") \
    X(upward_send, "upward send", "[STREAM...]", JSON, "上报：编成报文、送达、取回执", "report: make messages, send them, take the answers in", \
      "没有写名称时为全部。等到都有回执为止，最长 --wait 秒；服务运行时本就在后台上报，两者不会同时进行。",      \
      "All streams unless some are named.  Waits until all is answered, --wait seconds at most.  A running server does the same by itself; the two exclude each other.") \
    X(upward_reconcile, "upward reconcile", "STREAM", JSON, "与上级平台逐日对账，有差异的重新上报再对", "reconcile with the upper platform day by day; what differs is sent again and compared once more", \
      "比较每日的记录数与哈希；仍不一致时退出码为 75。", "Compares counts and hashes of every day; the exit code is 75 where they still differ.") \
    X(upward_resend, "upward resend", "STREAM", JSON, "退回的记录原样再报一次", "send returned records once more as they are", \
      "错在上级平台、且已改正时用；错在本级的，由部门更正后重新交付，会自动再报。",                            \
      "For faults of the upper platform that were mended there.  A department's own are corrected and delivered again, and go up by themselves.") \
    X(upward_messages, "upward messages", "STREAM", JSON, "列出上报报文与回执", "list messages and their acknowledgements", "", "") \
    X(upward_days, "upward days", "STREAM", JSON, "最近一次逐日对账的结果", "the last reconciliation, day by day", "", "") \
    X(upward_returned, "upward returned", "STREAM", JSON, "列出上级平台退回的记录与原因", "list what the upper platform returned, and why", \
      "不显示记录内容；记录由其部门在控制台查看、下载、更正。", "Without the records themselves, which their departments see, download and correct in the console.") \
    X(upward_key, "upward key", "", JSON, "本平台上报用的公钥，在上级平台登记", "the public key to be registered at the upper platform", "", "") \
    X(objection_add, "objection add", "RESOURCE DOUBT", JSON, "对数据提出疑义（疑义校核）", "raise a doubt about data", \
      "只有曾获授权使用该资源的机构可以提出；提供方须在时限内更正或说明维持的理由。",                        \
      "Only who was granted the resource can; its source corrects the data or upholds them within a time limit.") \
    X(objection_list, "objection list", "", JSON, "列出疑义", "list the doubts", "", "")                       \
    X(listing_list, "listing list", "", JSON, "列出凭文书列入奖惩名单的主体", "list who is on a list of reward or punishment by a document", \
      "按规则形成的名单随记录而定，不在其中。主体已遮蔽。", "Lists by rule follow from records and are not among them. Subjects are masked.") \
    X(listing_show, "listing show", "ID", JSON, "名单中的一条和经过", "an entry of a list and what happened", "", "") \
    X(financing_list, "financing list", "", JSON, "列出融资需求", "list what firms want financed", \
      "企业的草稿不在其中。", "Drafts of firms are not among them.") \
    X(financing_show, "financing show", "ID", JSON, "一项融资需求和经过", "a financing and what happened", "", "") \
    X(loan_case_list, "loan-case list", "", JSON, "列出贷款办理", "list the loan cases", "", "") \
    X(loan_case_show, "loan-case show", "ID", JSON, "一件贷款办理和经过", "a loan case and what happened", "", "") \
    X(loan_case_act, "loan-case act", "accept|investigate|refuse|cure|settle ID", JSON, "办理贷款（不涉及金额的步骤）", "take a step of a loan case that needs no amount", \
      "授信、放款、还款等须写金额，经接口办理（/v1/finance/cases、/v1/finance/events）。拒绝须用 --refusal 写 FIN_REFUSAL_REASON 的代码。", \
      "Granting, drawing, repaying and the like take amounts and go through the API (/v1/finance/cases, /v1/finance/events).  A refusal takes --refusal, a code of FIN_REFUSAL_REASON.") \
    X(repair_list, "repair list", "", JSON, "列出信用修复申请", "list the credit repairs", \
      "主体的草稿不在其中。", "Drafts of subjects are not among them.") \
    X(repair_show, "repair show", "ID", JSON, "一件信用修复和经过", "a credit repair and what happened", "", "") \
    X(repair_act, "repair act", "accept|return|repair|provide|confirm|refuse|extend|revoke ID", JSON, "办理信用修复", "take a step of a credit repair", \
      "申请由主体凭通行密钥提出（/v1/me/repairs）。provide 为凭重整裁定暂时修复，confirm 为重整计划执行完毕后确认。", \
      "Subjects ask by their passkey (/v1/me/repairs).  provide repairs provisionally on a ruling of reorganisation, confirm makes that final once the plan was carried out.") \
    X(objection_act, "objection act", "correct|uphold|accept|reopen|appeal|withdraw ID", JSON, "办理疑义", "take a step of a doubt", "", "") \
    X(anomaly_list, "anomaly list", "", JSON, "列出异常", "list what was unusual about calls", "", "")        \
    X(anomaly_decide, "anomaly decide", "dismiss|keep|freeze ID", JSON, "处置异常（安全管理员）", "decide about a flag, as the security administrator", \
      "异常未处置或维持限速时，系统只得到其速率的一部分；freeze 同时冻结该系统。",                           \
      "While a flag is raised or kept its client gets a fraction of its rate; freeze freezes the client as well.") \
    X(look_delay_list, "look-delay list", "", JSON, "列出依法延迟告知的查看", "list looks that an investigation keeps from their subjects", "", "") \
    X(look_delay_act, "look-delay act", "agree|refuse|lift ID", JSON, "办理延迟告知", "take a step of a delayed disclosure", \
      "同意与不同意由审计员办理；提出须通过接口（POST /v1/look-delays）。",                                     \
      "The auditor agrees or refuses; a delay is proposed over the API (POST /v1/look-delays).")              \
    X(usage, "usage", "", JSON, "某月的调用量：各机构、各授权", "what was called in a month, by organisation and grant", \
      "各数由存证日志累计而来，与日志一致；--csv、--xlsx 写成文件。",                                        \
      "All sums follow from the journal; --csv and --xlsx write a file.")                                    \
    X(remind, "remind", "", JSON, "催办、超期上报、标记到期的授权", "remind, escalate what is overdue, mark grants that ended", "", "") \
    X(consent_list, "consent list", "", JSON, "列出授权书", "list the consents of subjects", "", "")           \
    X(consent_show, "consent show", "ID", JSON, "显示一份授权书的全文", "show the whole text of a consent", "", "") \
    X(consent_verify, "consent verify", "ID", PLAIN, "复验授权人的签名", "verify the subject's signature once more", \
      "签署所用的公钥、文本和签名都在存储的材料中；当面书面授权没有签名可验，退出码为 65。",                 \
      "Key, text and signature are in what is stored.  A consent on paper has no signature: the exit code is 65.") \
    X(key_list, "key list", "", JSON, "列出平台的密钥", "list the platform's keys",                          \
      "密钥在数据目录的 keys.sealed 中，密封；打开它的口令见设置项 key_passphrase_file。",                   \
      "Keys lie sealed in keys.sealed of the data folder; for the passphrase see the setting key_passphrase_file.") \
    X(key_show, "key show", "NAME", JSON, "显示一个用途的密钥及其公钥", "show the keys of a purpose with their public halves", "", "") \
    X(key_rotate, "key rotate", "NAME", JSON, "轮换一个用途的密钥", "make a new key for a purpose",           \
      "旧密钥在重叠期内仍被承认，期满后私钥销毁；加密用的旧密钥一直保留，以便读出已加密的内容。",           \
      "The old key still counts during the overlap; then its private half is destroyed.  An old secret stays for what it sealed.") \
    X(key_certificate, "key certificate", "", PLAIN, "输出签署报告所用的证书（PEM）", "print the certificate that reports are signed with (PEM)", \
      "未安装证书（report_certificate、report_key）时为平台自签的证书，首次使用时签发；轮换密钥 document 后换新证书。", \
      "Where none is installed (report_certificate, report_key), the platform's own, made at first use; rotating the key document makes a new one.") \
    X(report_issue, "report issue", "SUBJECT", JSON, "出具一份公共信用信息报告", "issue a public credit report",  \
      "SUBJECT 为标识（如统一社会信用代码）或名称。报告有编号与校验码，记入证据日志，PDF 有电子签名。", \
      "SUBJECT is an identifier such as the credit code, or a name.  The report is numbered, in the journal, and signed where it is a PDF.") \
    X(report_batch, "report batch", "LIST DIR", JSON, "为一批主体出具报告", "issue reports for a list of subjects",      \
      "LIST 一行一个主体；报告以编号为文件名写入 DIR，index.csv 记下每份是谁的。中断后再次执行，只出具 index.csv 中没有的。有主体未能出具时列出原因，退出码为 65。", \
      "LIST has one subject a line; reports go to DIR under their numbers, and index.csv says which is whose.  Started again after a break it makes what index.csv lacks.  Subjects without a report are listed, and the exit code is 65.") \
    X(report_verify, "report verify", "FILE", JSON_NODATA, "离线核验报告：签名、摘要与存证收据", "verify a report without its platform: signature, hash and receipt", \
      "--policy 为平台的日志公钥文件（<平台地址>/journal/policy，应从可信途径取得）；不写时用本机数据目录的。", \
      "--policy names the file with the keys of the platform's journal (<platform>/journal/policy, from a source one trusts); without it that of the data folder.") \
    X(report_list, "report list", "", JSON, "列出已出具的报告（最近 1000 份）", "list the reports that were issued (the last 1000)", "", "") \
    X(report_withdraw, "report withdraw", "NUMBER", JSON, "撤回一份报告，核验时即显示", "withdraw a report; shows when it is verified", "", "") \
    X(ledger_verify, "ledger verify", "FILE", JSON_NODATA, "离线核验协同账本的单证文件，或“资产已被占用”的证明", \
      "verify a deed's file, or the proof of a refusal, without the platform", \
      "FILE 为 /v1/ledger/deeds/{id}/file 所下载的文件，或被拒时所附的 evidence。--policy 为平台的日志公钥文件（<平台地址>/journal/policy，应从可信途径取得）。", \
      "FILE is what /v1/ledger/deeds/{id}/file gives, or the evidence of a refusal.  --policy names the file with the keys of the platform's journal " \
      "(<platform>/journal/policy, from a source one trusts).") \
    X(institution_list, "institution list", "", JSON, "列出金融机构", "list financial institutions", "", "")         \
    X(institution_show, "institution show", "CODE", JSON, "一个金融机构和经过", "a financial institution and what happened", "", "") \
    X(institution_decide, "institution decide", "list|refuse|suspend|resume|delist CODE", JSON, "审核金融机构", "decide about a financial institution", \
      "由平台运营员办理；机构由其专员在“机构与产品”页登记。", "For a platform operator; the institution's steward registers it on page Institutions and products.") \
    X(complaint_list, "complaint list", "", JSON, "列出投诉（不含内容和联系方式）", "list complaints (without what was told and how to reach who complained)", "", "") \
    X(complaint_show, "complaint show", "ID", JSON, "一件投诉的状态、期限和经过", "how a complaint stands, its limit, and what happened", "", "") \
    X(product_list, "product list", "", JSON, "列出金融机构编写的产品的各版本", "list versions of the products that institutions write", \
      "不写 --state 则不列已被取代和已放弃的。", "Without --state those that are superseded or discarded are left out.") \
    X(product_show, "product show", "ID", JSON, "产品的一个版本和经过", "a version of a product and what happened", "", "") \
    X(product_decide, "product decide", "publish|return|take_down ID", JSON, "审核产品的一个版本", "decide about a version of a product", \
      "由平台运营员办理；编写产品的人不能自己上架。", "For a platform operator; nobody publishes what they wrote themselves.") \
    X(policy_list, "policy list", "", JSON, "列出部门编写的政策的各版本", "list versions of the policies that departments write", \
      "不写 --state 则不列已被取代和已放弃的。", "Without --state those that are superseded or discarded are left out.") \
    X(policy_show, "policy show", "ID", JSON, "政策的一个版本和经过", "a version of a policy and what happened", "", "") \
    X(policy_decide, "policy decide", "publish|return|take_down ID", JSON, "审核政策的一个版本", "decide about a version of a policy", \
      "由平台运营员办理；编写政策的人不能自己发布。", "For a platform operator; nobody publishes what they wrote themselves.") \
    X(loan_schedule, "loan schedule", "AMOUNT MONTHS RATE", JSON_NODATA, "还款计划，以及按全部费用折算的年化利率", "payments of a loan, and the annual rate of all its costs", \
      "AMOUNT 以元计（也可写 12万元），RATE 为年利率（%）。利息逐月四舍五入到分。", \
      "AMOUNT in yuan (12万元, too), RATE in percent a year.  Each month's interest is rounded to a fen.") \
    X(account_add, "account add", "ID", JSON, "建立账号，输出邀请链接或直接设定密码", "make an account; prints an invitation, or sets the password",  \
      "在本机操作，等同于系统管理员和安全管理员两步。--password-file 从文件（- 为标准输入）读密码；不写则输出 72 小时内有效、只能用一次的邀请链接。", \
      "On the machine itself, in one step what takes the system and the security administrator in the console.  --password-file reads the " \
      "password from a file (- is standard input); without it an invitation is printed that is valid once and for 72 hours.") \
    X(account_list, "account list", "", JSON, "列出账号", "list the accounts", "", "")                         \
    X(account_invite, "account invite", "ID", JSON, "再发一次邀请链接，以前的作废", "make another invitation; earlier ones end", "", "") \
    X(account_duties, "account duties", "ID DUTIES", JSON, "设定账号的职责", "set the duties of an account",   \
      "DUTIES 以逗号分隔：source_steward、consumer_steward、operator、approver、system_administrator、security_administrator、auditor；后三个互斥。", \
      "DUTIES are separated by commas: source_steward, consumer_steward, operator, approver, system_administrator, security_administrator, " \
      "auditor; the last three exclude each other.")                                                         \
    X(account_enable, "account enable", "ID", JSON, "启用账号", "enable an account", "", "")                   \
    X(account_disable, "account disable", "ID", JSON, "停用账号，结束它的会话", "disable an account and end its sessions", "", "") \
    X(account_unlock, "account unlock", "ID", JSON, "解除密码错误造成的锁定", "lift the lock that wrong passwords brought", "", "") \
    X(account_passkeys, "account passkeys", "ID", JSON, "列出账号的通行密钥", "list the passkeys of an account", "", "") \
    X(account_passkey_remove, "account passkey remove", "ID KEY", JSON, "停用账号的一把通行密钥（遗失时）", "remove a passkey of an account (when it is lost)", \
      "KEY 是 luling account passkeys 列出的编号。唯一的登录方式不能停用。", \
      "KEY is an id that luling account passkeys lists.  The last way to sign in is never removed.")          \
    X(client_add, "client add", "ID", JSON, "登记调用接口的系统", "register a system that calls", "", "")       \
    X(client_key, "client key", "ID FILE", JSON, "登记系统的公钥（JWK 或 PEM）", "register a system's public key (JWK or PEM)", "", "") \
    X(client_list, "client list", "", JSON, "列出系统", "list the systems", "", "")                            \
    X(client_enable, "client enable", "ID", JSON, "启用系统", "enable a system", "", "")                       \
    X(client_disable, "client disable", "ID", JSON, "停用系统，下一次调用即生效", "disable a system; holds from its next call", "", "") \
    X(client_signing, "client signing", "ID required|optional", JSON, "系统的每次调用是否须签名（RFC 9421）", "whether every call of a system must be signed (RFC 9421)", "", "") \
    X(export_list, "export list", "", JSON, "列出导出", "list the exports", "", "")                            \
    X(export_cancel, "export cancel", "ID", JSON, "取消导出，已生成的文件随即删除", "cancel an export; a file that is there goes at once", \
      "进行中的导出在下一千条记录处停下。", "One that is being made stops at its next thousand records.")        \
    X(webhook_list, "webhook list", "", JSON, "列出推送订阅", "list the subscriptions", "", "")               \
    X(webhook_pause, "webhook pause", "ID", JSON, "暂停推送", "pause a subscription", "", "")                  \
    X(webhook_resume, "webhook resume", "ID", JSON, "恢复推送，先重新验证接收方", "resume a subscription; its endpoint proves itself first", "", "") \
    X(webhook_redeliver, "webhook redeliver", "ID", JSON, "重发死信", "send dead letters again",               \
      "不写 --event 则全部重发；事件编号不变，接收方可据以去重。", "All of them without --event; ids stay the same, so that a receiver can tell.") \
    X(campaign_add, "campaign add", "RESOURCE", JSON, "发起按区域采集的任务", "start a campaign of collection by area", "", "") \
    X(campaign_list, "campaign list", "", JSON, "列出采集任务", "list the campaigns of collection", "", "") \
    X(watch_add, "watch add", "SUBJECT", JSON, "登记监测一个主体", "watch a subject", \
      "以登记机构账号的名义，须有含“推送订阅”方式的授权；服务运行时请用 POST /v1/watches。", \
      "In the name of an account of the organisation, under a grant with mode subscribe; beside a running server use POST /v1/watches.") \
    X(watch_end, "watch end", "ID", JSON, "结束对主体的监测", "end a watch", "", "") \
    X(watch_list, "watch list", "", JSON, "列出对主体的监测", "list who watches whom", "主体已遮蔽。", "Subjects are masked.") \
    X(watch_events, "watch events", "", JSON, "列出监测事件，最新的在前", "list events of watched subjects, newest first", \
      "只列出发生了什么；变化的值只有登记监测的机构能读。", "What happened, and no value: those are for the organisation that watches.") \
    X(watch_rules, "watch rules", "", JSON, "列出预警规则及其依据", "list the rules of warning with their basis", "", "") \
    X(watch_status, "watch status", "", JSON, "监测的规模与进度", "how large the watch list is, and what the monitor has still to do", "", "") \
    X(freeze, "freeze", "gateway|organisation|client|resource ID", JSON, "冻结，下一次调用即生效", "freeze; holds from the next call", \
      "冻结全部接口时 ID 写 *。", "ID is * for the gateway.")                                                \
    X(thaw, "thaw", "gateway|organisation|client|resource ID", JSON, "解冻", "thaw", "", "")                   \
    X(freeze_list, "freeze list", "", JSON, "列出冻结着的", "list what is frozen", "", "")                     \
    X(convert, "convert", "text|narrow|company|phone|address|integer|boolean|date|datetime|amount VALUE...", JSON_NODATA, \
      "把一个值按标准转换，供写映射前试用", "convert a value as the standard does, to try out before writing a mapping", \
      "例：luling convert date 2023年5月1日 45047；luling convert amount '46.7000(万元人民币)'。有无法识别的值时退出码为 65。", \
      "For example: luling convert date 2023年5月1日 45047; luling convert amount '46.7000(万元人民币)'.  The exit code is 65 when a " \
      "value cannot be read.")                                                                               \
    X(settings, "settings", "", JSON, "列出所有设置项、当前值及其来源", "list every setting, its value and where it came from", \
      "来源按优先级从低到高：默认值、数据目录下的 luling.conf（名称 = 值，# 开头为注释）、环境变量 LULING_<大写名称>、命令行 --set 名称=值。", \
      "Sources from lowest to highest rank: the default, luling.conf in the data folder (name = value, # starts a comment), the "  \
      "environment (LULING_<NAME>), the command line (--set name=value).")                                   \
    X(errors, "errors", "", JSON_NODATA, "列出所有错误代码、含义和退出码", "list every error code, its meaning and exit code", \
      "", "")                                                                                                \
    X(help, "help", "[COMMAND...]", NODATA, "显示帮助", "show help", "", "")                                 \
    X(completion, "completion", "bash|zsh", NODATA, "输出命令行补全脚本", "print a shell completion script", \
      "bash：luling completion bash > /etc/bash_completion.d/luling；zsh：luling completion zsh > /usr/share/zsh/vendor-completions/_luling。", \
      "bash: luling completion bash > /etc/bash_completion.d/luling; zsh: luling completion zsh > "          \
      "/usr/share/zsh/vendor-completions/_luling.")                                                          \
    X(man, "man", "", NODATA, "输出手册页（roff）", "print the manual page (roff)",                          \
      "阅读：luling man | man -l -", "To read it: luling man | man -l -")
