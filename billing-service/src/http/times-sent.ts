import type { IncomingMessage } from 'node:http';

/** How often a header was sent: of some Node keeps the first, and joins the others. `name` in small letters. */
export function timesSent({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>, name: string): number {
  let times = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const header = rawHeaders[i] as string;
    if (header.length === name.length && header.toLowerCase() === name) times += 1;
  }
  return times;
}
