// A subject's own page: signed in by its passkey, without an account.  Who looked at its data and whether that list is whole, what the
// departments have on record and objections to it, consents to give and withdraw.
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, type ReactNode } from "react";
import { useLocation } from "react-router";
import { meRatingQuery, type Me } from "#api";
import { MyConsents, useOffers } from "../parts/me-consents";
import { invitedBy } from "../parts/invited";
import { MyLooks, useLooks } from "../parts/me-looks";
import { MyObjections, useObjections } from "../parts/me-objections";
import { MyPortals } from "../parts/me-portals";
import { MyRecords } from "../parts/me-records";
import { MyRepairs } from "../parts/me-repairs";
import { MyWatches } from "../parts/me-watches";
import { Page } from "../parts/page";
import { Staying, type Stay } from "../parts/stay";
import { Tabs, useTab } from "../parts/tabs";
import { offerTour } from "../parts/tours";
import meText from "../text/me";
import { useText } from "../text";

// What only some subjects have comes when it is looked at.
const MyComplaints = lazy(() => import("../parts/me-complaints").then((m) => ({ default: m.MyComplaints })));
const MyEnterprise = lazy(() => import("../parts/me-enterprise").then((m) => ({ default: m.MyEnterprise })));
const MyFirms = lazy(() => import("../parts/me-firms").then((m) => ({ default: m.MyFirms })));
const MyRating = lazy(() => import("../parts/me-rating").then((m) => ({ default: m.MyRating })));

const TABS = ["looks", "records", "consents", "objections", "complaints", "enterprise", "firms", "rating"];

function Inside({ me, stay, rest }: { me: Me | undefined; stay: Stay; rest: ReactNode }) {
  const { t, num } = useText(meText);
  const [named, choose] = useTab(TABS);
  const tab = invitedBy(useLocation().hash) === null ? named : "firms";
  const looks = useLooks().data?.pages[0]?.total;
  const offers = useOffers().data?.items.length;
  const rated = !!useQuery(meRatingQuery()).data?.rating;
  const open = useObjections().data?.items.filter((o) => o.open).length;

  useEffect(() => {
    offerTour("subject");
    return () => offerTour(null);
  }, []);

  return (
    <Page title={t("me.title")} help={t("me.help")} lead={me && <><strong>{me.title}</strong> <code>{me.subject}</code></>} actions={rest}>
      <Tabs label={t("me.tabs")} current={tab} choose={choose} tabs={[
        { id: "looks", text: t("me.tab_looks"), count: !!looks && num(looks) }, { id: "records", text: t("me.tab_records") }, { id: "consents", text: t("me.tab_consents"), count: !!offers && num(offers) },
        { id: "objections", text: t("me.tab_objections"), count: !!open && num(open) },
        ...(me?.scheme === "uscc" ? [{ id: "enterprise", text: t("me.tab_enterprise") }] : []),
        ...(me?.scheme === "resident_id" ? [{ id: "firms", text: t("me.tab_firms") }] : []),
        ...(rated ? [{ id: "rating", text: t("me.tab_rating") }] : []),
        { id: "complaints", text: t("me.tab_complaints") },
      ]}>
        <Suspense fallback={<p className="quiet" role="status">{t("status.loading")}</p>}>{tab === "looks" ? <><MyWatches /><MyLooks passkey={stay.passkey} /><MyPortals /></> : tab === "records" ? <MyRecords followed={() => choose("objections")} /> : tab === "consents" ? <MyConsents /> : tab === "rating" && rated ? <MyRating records={() => choose("records")} /> : tab === "complaints" ? <MyComplaints /> : tab === "enterprise" ? <MyEnterprise /> : tab === "firms" ? <MyFirms /> : <><MyObjections /><MyRepairs /></>}</Suspense>
      </Tabs>
    </Page>
  );
}

export default function MePage() {
  const { t } = useText(meText);
  const before = <section><h2>{t("me.none_yet")}</h2><p>{t("me.none_how")}</p><p className="quiet">{t("me.signing")}</p></section>;
  return <Staying title={t("me.title")} lead={t("me.lead")} help={t("me.help")} before={before}>{(me, stay, rest) => <Inside me={me} stay={stay} rest={rest} />}</Staying>;
}
