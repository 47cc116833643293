/* deal_sweep.c - see deal_sweep.h. */
#include "apps/finance/deal_sweep.h"

#include "apps/finance/complaint.h"
#include "apps/finance/loan_case.h"

const struct ll_flow_swept ll_deal_swept[LL_DEAL_SWEPT] = {
    {LL_FLOW_LOAN_CASE,
     "SELECT id, state, NULL, organisation, due_at, changed_at FROM loan_case WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1000",
     ll_loan_lapse},
    {LL_FLOW_FINANCING,
     "SELECT id, state, NULL, NULL, open_until, changed_at FROM financing f WHERE state = 'published' AND NOT EXISTS (SELECT 1 FROM"
     " loan_case c WHERE c.financing = f.id AND c.state NOT IN ('draft', 'refused', 'lapsed', 'withdrawn')) ORDER BY open_until LIMIT 1000",
     ll_financing_act},
    {LL_FLOW_COMPLAINT,
     "SELECT id, state, NULL, organisation, due_at, changed_at FROM complaint WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1000",
     ll_complaint_lapse},
};
