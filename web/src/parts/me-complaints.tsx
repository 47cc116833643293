// Complaints of the subject that is signed in: made here without a code, and followed here.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { meComplaintAct, meComplaintAdd, meComplaintShowQuery, meComplaintsListQuery, type ComplaintCard } from "#api";
import complaint from "../text/complaint";
import { useText } from "../text";
import { StatusTag } from "./badges";
import { OwnComplaint, useWhom } from "./complaint";
import { ComplaintForm } from "./complaint-form";
import { Empty, FailureNote } from "./status";

const MOST = 100;

const isMine = (q: { queryKey: readonly unknown[] }): boolean => q.queryKey[0] === "me.complaints.list";

function Whole({ id }: { id: string }) {
  const { t } = useText(complaint);
  const client = useQueryClient();
  const ask = meComplaintShowQuery({ id });
  const { data, error } = useQuery(ask);
  if (error) return <FailureNote error={error} />;
  if (!data) return <p className="quiet" role="status">{t("status.loading")}</p>;
  return <OwnComplaint of={data} take={async (body) => {
    client.setQueryData(ask.queryKey, await meComplaintAct({ id }, body));
    await client.invalidateQueries({ predicate: isMine });
  }} />;
}

function Card({ of: c, open, toggle }: { of: ComplaintCard; open: boolean; toggle(): void }) {
  const { t, pick, day } = useText(complaint);
  const whom = useWhom();
  return (
    <li>
      {open ? <Whole id={c.id} /> : (
        <div className="panel">
          <p className="badges"><StatusTag of={c} /></p>
          <h3>{whom(c)} · {pick(c.kind_title, c.kind_title_en)}</h3>
          <p className="quiet">{c.id} · {day(c.created_at)}</p>
          <p className="buttons"><button type="button" className="plain small" onClick={toggle}>{t("cpl.open")}</button></p>
        </div>
      )}
    </li>
  );
}

export function MyComplaints() {
  const { t } = useText(complaint);
  const client = useQueryClient();
  const [open, setOpen] = useState<string | null>(null);
  const { data, error } = useQuery(meComplaintsListQuery({ limit: MOST }));
  return (
    <>
      <details>
        <summary>{t("cpl.new")}</summary>
        <ComplaintForm own send={(body) => meComplaintAdd(body)} made={(c) => { setOpen(c.id); void client.invalidateQueries({ predicate: isMine }); }} />
      </details>
      <h2>{t("cpl.mine")}</h2>
      {error ? <FailureNote error={error} /> : !data ? <p className="quiet" role="status">{t("status.loading")}</p>
        : data.items.length ? <ul className="candidates">{data.items.map((c) => <Card key={c.id} of={c} open={c.id === open} toggle={() => setOpen(c.id)} />)}</ul> : <Empty text={t("cpl.none")} />}
    </>
  );
}
