// The code of an invitation to act for a firm, where its address was opened.
const CODE = /^#firm=(.+)$/;

export const invitedBy = (hash: string): string | null => {
  const found = CODE.exec(hash)?.[1];
  return found ? decodeURIComponent(found) : null;
};
