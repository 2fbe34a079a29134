import type { Entry, Payment, Reservation } from '../answers.js';
import type { Page } from '../api.js';
import type { List } from '../parts/list.js';
import { hrefOf, may, type Visit } from '../visit.js';
import { wordFor } from '../words/words.js';

/** A product as it was bought: `professional, 1 month`, `pack-500`, `40 tokens`. */
export function productName({ words, show }: Visit, product: Record<string, unknown>): string {
  if (product.pack) return String(product.pack);
  if (product.tokens) return `${show.number(Number(product.tokens))} ${words.tokens}`;
  const length = product.months ? words.months(Number(product.months)) : show.day(String(product.until));
  return `${product.tier}, ${length}`;
}

export const entryList = ({ words, show }: Visit, page: Page<Entry>): List<Entry> => ({
  id: 'entries',
  title: words.entries,
  rows: page.items,
  nextCursor: page.nextCursor,
  empty: words.nothingYet,
  columns: [
    {
      name: words.time,
      place: 'plain',
      cell: ({ createdAt }) => ({ text: show.time(createdAt), at: createdAt }),
    },
    {
      name: words.what,
      place: 'title',
      cell: (entry) => ({
        text: wordFor(words.kinds, entry.kind),
        raw: entry.kind,
        href: entry.reservationId ? hrefOf('reservations', entry.reservationId) : undefined,
        note:
          [entry.operation ?? entry.source, entry.metadata?.reason].filter(Boolean).join(' · ') || undefined,
      }),
    },
    {
      name: words.amount,
      place: 'side',
      isNumber: true,
      cell: ({ amount }) => ({
        text: show.signed(amount),
        raw: amount,
        tone: amount > 0 ? 'good' : undefined,
      }),
    },
    {
      name: words.balance,
      isNumber: true,
      cell: ({ balanceAfter }) => ({ text: show.number(balanceAfter), raw: balanceAfter }),
    },
  ],
});

export const holdList = ({ words, show }: Visit, rows: Reservation[]): List<Reservation> => ({
  id: 'holds',
  title: words.openHolds,
  rows,
  empty: words.noHolds,
  columns: [
    {
      name: words.operation,
      place: 'title',
      cell: ({ operation, reservationId }) => ({
        text: operation,
        href: hrefOf('reservations', reservationId),
      }),
    },
    {
      name: words.held,
      place: 'side',
      isNumber: true,
      cell: ({ amount }) => ({ text: show.number(amount), raw: amount }),
    },
    { name: words.age, cell: ({ createdAt }) => ({ text: show.fromNow(createdAt), at: createdAt }) },
    { name: words.ends, cell: ({ expiresAt }) => ({ text: show.fromNow(expiresAt), at: expiresAt }) },
  ],
});

export function paymentList(
  visit: Visit,
  rows: Payment[],
  hasUser: boolean,
  nextCursor?: string,
): List<Payment> {
  const { words, show } = visit;
  const user = {
    name: words.user,
    place: 'plain' as const,
    cell: ({ user }: Payment) => ({ text: user, href: hrefOf('users', user) }),
  };
  return {
    id: 'payments',
    title: words.payments,
    rows,
    nextCursor,
    empty: words.noPayments,
    columns: [
      {
        name: words.time,
        place: 'plain',
        cell: ({ createdAt }) => ({ text: show.time(createdAt), at: createdAt }),
      },
      ...(hasUser ? [user] : []),
      { name: words.product, place: 'title', cell: ({ product }) => ({ text: productName(visit, product) }) },
      {
        name: words.paid,
        place: 'side',
        isNumber: true,
        cell: ({ amount, currency }) => ({
          text: show.money(amount, currency),
          raw: `${amount} ${currency}`,
        }),
      },
      {
        name: words.granted,
        isNumber: true,
        cell: ({ granted }) => ({ text: show.number(granted), raw: granted }),
      },
      {
        name: words.payment,
        place: 'plain',
        cell: ({ provider, paymentId }) => ({ text: paymentId, note: provider }),
      },
      {
        name: words.state,
        place: 'plain',
        cell: ({ provider, paymentId, refundedAt, refundedTokens, granted }) => {
          if (refundedAt) return { text: words.refundedOn(show.day(refundedAt)), tone: 'quiet' };
          const part = refundedTokens
            ? words.refundedPart(show.number(refundedTokens), show.number(granted))
            : undefined;
          if (!may(visit, 'payments')) return { text: part ?? '' };
          const href = hrefOf('payments', provider, paymentId, 'refund');
          return { text: words.refund, raw: part ?? '', note: part, href };
        },
      },
    ],
  };
}
