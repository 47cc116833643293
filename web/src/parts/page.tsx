// The frame of a page: its title (also that of the tab), what it is for, its help, and what belongs beside them.
import { useEffect, useState, type ReactNode } from "react";
import { Link } from "react-router";
import { useText } from "../text";
import { Drawer } from "./drawer";
import { Icon } from "./icon";
import { startTour, useTours } from "./tours";

interface Props {
  title: string;
  lead?: ReactNode;
  /** Where "back" leads, and what it is called. */
  back?: [href: string, text: string];
  badges?: ReactNode;
  /** What a newcomer should know: a paragraph a line. */
  help?: string;
  /** A narrow column: forms and letters. */
  slim?: boolean;
  /** The title stands on a band of its own, with what `band` holds under it. */
  band?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}

export function PageHelp({ title, text }: { title: string; text: string }) {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  const { offered } = useTours();
  return (
    <>
      <button type="button" className="round help" data-tour="help" aria-label={t("nav.help")} title={t("nav.help")} onClick={() => setOpen(true)}><Icon name="help" /></button>
      <Drawer open={open} title={t("nav.help_of", { title })} onClose={() => setOpen(false)}>
        {text.split("\n").map((line) => <p key={line}>{line}</p>)}
        {offered && <p className="buttons"><button type="button" className="plain small" onClick={() => { setOpen(false); startTour(); }}>{t("nav.tour")}</button></p>}
      </Drawer>
    </>
  );
}

export function Page({ title, lead, back, badges, help, slim, band, actions, children }: Props) {
  const { t } = useText();
  useEffect(() => {
    document.title = `${title} · ${t("brand")}`;
  }, [title, t]);

  const head = (
    <>
      {back && <p className="crumb"><Link to={back[0]}><Icon name="back" />{back[1]}</Link></p>}
      <div className="titled"><h1>{title}</h1>{help && <PageHelp title={title} text={help} />}</div>
      {lead && <p className="lead">{lead}</p>}
      {badges && <p className="badges">{badges}</p>}
      {actions && <p className="buttons">{actions}</p>}
    </>
  );
  if (band !== undefined)
    return <div><div className="hero"><div className="wrap">{head}{band}</div></div><div className="wrap">{children}</div></div>;
  return <div className={slim ? "wrap slim" : "wrap"}><header className="page">{head}</header>{children}</div>;
}
