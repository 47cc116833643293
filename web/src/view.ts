// What a page is: it loads, then draws from what it loaded; drawing again (another language) loads nothing.

export interface View {
  /** Text of the tab; called when it draws. */
  title(): string;
  load(): Promise<void>;
  draw(): Node;
  /** Ends whatever still runs, such as a stream of events. */
  close?(): void;
}

/** What a page may ask of the shell. */
export interface Shell {
  redraw(): void;
  go(href: string, options?: { replace?: boolean }): void;
}
