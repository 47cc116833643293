// The rating of the household of the subject that is signed in, and where to object.
import { useQuery } from "@tanstack/react-query";
import { meRatingQuery } from "#api";
import ruralcredit from "../text/ruralcredit";
import { useText } from "../text";
import { Rated } from "./rural-rating";
import { Empty, FailureNote } from "./status";

export function MyRating({ records }: { records(): void }) {
  const { t } = useText(ruralcredit);
  const { data, error } = useQuery(meRatingQuery());
  if (!data) return error ? <FailureNote error={error} /> : <p className="quiet loading" role="status">{t("status.loading")}</p>;
  if (!data.rating) return <Empty text={t("rate.mine_none")} />;
  return (
    <>
      <h2>{t("rate.mine", { no: data.household_no })}</h2>
      <Rated rating={data.rating} own />
      <p className="buttons"><button type="button" className="plain" onClick={records}>{t("rate.to_records")}</button></p>
    </>
  );
}
