/* compliance.h - what an application is checked for before anybody reviews it: name, severity, message zh, message en, basis.
 *
 * An ERROR stops the submission; a WARNING is shown to whoever decides.  The function is check_<name> in compliance.c; %s in a message
 * is what the finding is about. */
#define LL_COMPLIANCE(X)                                                                                     \
    X(organisation_known, ERROR, "目录中没有申请机构 %s", "the catalogue has no organisation %s", "own")      \
    X(purpose_stated, ERROR, "使用用途过于简单：%s；应说明用数据做什么", "the purpose says too little: %s; say what the data are for", \
      "recalled: 政务数据共享条例")                                                                          \
    X(basis_named, ERROR, "使用依据“%s”没有写明法律、法规、规章或协议的名称（用《》）",                      \
      "the legal basis '%s' names no act, rule or agreement by its title in 《》", "recalled: 政务数据共享条例") \
    X(resource_known, ERROR, "目录中没有数据资源 %s", "the catalogue has no resource %s", "own")              \
    X(shareable, ERROR, "数据资源 %s 属于不予共享", "resource %s is not shared with anybody", "quoted: 政务信息资源目录编制指南(试行)") \
    X(not_own, ERROR, "数据资源 %s 由申请机构自己提供", "resource %s is the applicant's own", "own")          \
    X(item_known, ERROR, "没有信息项 %s", "there is no item %s", "own")                                       \
    X(plain_consent, ERROR, "信息项 %s 为 3 级以上，要求不遮盖时必须经主体授权", "item %s is of grade 3 or above: unmasked it needs the subject's consent", \
      "own; 个人信息保护法第十三条 recalled")                                                                \
    X(licence_covers, ERROR, "%s 来自商业来源，其许可不含申请的使用方式、场景或期限", "%s was bought: its licence does not have the mode, the scenario or the time that are asked for", "own") \
    X(mode_stated, ERROR, "没有写明使用方式%s", "no mode of use is stated%s", "recalled: 政务数据共享条例")   \
    X(period, ERROR, "使用期限不对：%s；应从现在起、不超过三年", "the period is wrong: %s; it must lie ahead and last three years at most", "own") \
    X(volume, ERROR, "没有写明预计的每日调用量%s", "the calls expected a day are not stated%s", "own")        \
    X(already_granted, WARNING, "已有生效的授权 %s 包含同一资源", "the active grant %s has the same resource already", "own") \
    X(everything, WARNING, "申请了 %s 的全部信息项；应只申请必需的", "all items of %s are asked for; ask for those that are needed", \
      "recalled: 个人信息保护法第六条")                                                                      \
    X(sensitive_export, WARNING, "以导出或推送方式使用 %s，其中有 3 级以上信息项", "%s is to be exported or pushed and has items of grade 3 or above", "own") \
    X(open_network, WARNING, "没有限定调用来源的网段%s", "the networks that calls may come from are not limited%s", "own") \
    X(no_attachment, WARNING, "有条件共享的申请没有附件%s", "an application for conditional sharing has no attachment%s", "own")
