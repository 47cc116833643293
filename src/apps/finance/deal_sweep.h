/* deal_sweep.h - what time does to financings and loan cases: reminders, escalations, offers that the firm did not answer, grants past their validity,
 * financings past their day with nothing under way; complaints whose answer nobody rated; rows for ll_flow_sweep (share/flow_sweep.h). */
#ifndef LL_APPS_FINANCE_DEAL_SWEEP_H
#define LL_APPS_FINANCE_DEAL_SWEEP_H

#include "share/flow_sweep.h"

enum { LL_DEAL_SWEPT = 3 };
extern const struct ll_flow_swept ll_deal_swept[LL_DEAL_SWEPT];

#endif
