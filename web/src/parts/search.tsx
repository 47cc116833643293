// A box to search in: what is written is asked for when the hand rests.
import { useEffect, useState } from "react";
import { Icon } from "./icon";

const WAIT_MS = 200; // after the last key, before asking

interface Props {
  q: string;
  label: string;
  hint: string;
  ask(q: string): void;
}

export function SearchBox({ q, label, hint, ask }: Props) {
  const [text, setText] = useState(q);
  useEffect(() => {
    if (text.trim() === q) return;
    const timer = setTimeout(() => ask(text.trim()), WAIT_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <form className="search" role="search" onSubmit={(e) => { e.preventDefault(); ask(text.trim()); }}>
      <label className="unseen" htmlFor="q">{label}</label>
      <Icon name="search" />
      <input type="search" id="q" value={text} onChange={(e) => setText(e.target.value)} placeholder={hint} autoComplete="off" maxLength={200} />
    </form>
  );
}
