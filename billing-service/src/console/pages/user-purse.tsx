import type { BalanceView, Grant, LimitState, Tier } from '../answers.js';
import { withQuery } from '../api.js';
import type { Visit } from '../visit.js';
import { wordFor } from '../words/words.js';

export function Purse({
  visit,
  balance,
  tier,
}: {
  visit: Visit;
  balance: BalanceView;
  tier: Tier | undefined;
}) {
  const { words, show } = visit;
  return (
    <section class="card purse">
      <h2>{words.balance}</h2>
      <p class="big">
        <strong class={balance.available < 0 ? 'bad' : undefined}>{show.number(balance.available)}</strong>{' '}
        <span>{words.available}</span>
      </p>
      <GrantBar grants={balance.grants} reserved={balance.reserved} />
      <ul class="grants">
        {balance.grants.map((grant) => (
          <li class={`source ${grant.source}`}>
            <b>{show.number(grant.remaining)}</b> {wordFor(words.sources, grant.source)}
            <small>
              {grant.expiresAt
                ? `${words.until} ${show.day(grant.expiresAt)} (${show.fromNow(grant.expiresAt)})`
                : words.noEnd}
            </small>
          </li>
        ))}
        {balance.moreGrants && <li>…</li>}
      </ul>
      <dl class="pairs">
        <Pair name={words.tier} value={tier?.name ?? balance.tier} />
        <Pair name={words.held} value={show.number(balance.reserved)} />
        <Pair name={words.spent} value={show.number(balance.spent)} />
        {balance.debt > 0 && <Pair name={words.debt} value={show.number(balance.debt)} />}
      </dl>
      <h3>{words.enoughFor}</h3>
      <dl class="pairs ids">
        {Object.entries(balance.affordable).map(([operation, times]) => (
          <Pair name={operation} value={times === null ? words.free : `${show.number(times)} ×`} />
        ))}
      </dl>
      <p class="below">
        <a href={withQuery('/console/usage', { user: balance.user })}>{words.usage}</a>
      </p>
    </section>
  );
}

const Pair = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);

const WIDTH = 1000;

/** The grants in the order in which they burn; drawn, because a style in the page would be against its policy. */
function GrantBar({ grants, reserved }: { grants: Grant[]; reserved: number }) {
  const total = grants.reduce((sum, { remaining }) => sum + remaining, 0);
  if (total === 0) return null;
  let from = 0;
  const parts = grants.map(({ source, remaining }) => {
    const x = from;
    from += (remaining / total) * WIDTH;
    return { source, x, width: from - x };
  });
  return (
    <svg class="bar" viewBox={`0 0 ${WIDTH} 40`} preserveAspectRatio="none" aria-hidden="true">
      {parts.map(({ source, x, width }) => (
        <rect class={`source ${source}`} x={x} y="0" width={Math.max(0, width - 2)} height="40" />
      ))}
      <rect class="held" x="0" y="32" width={Math.min(1, reserved / total) * WIDTH} height="8" />
    </svg>
  );
}

export function PaidTime({ visit, balance }: { visit: Visit; balance: BalanceView }) {
  const { words, show } = visit;
  const { renewsAt, paidUntil, upcoming } = balance;
  return (
    <section class="card">
      <h2>{words.paidTime}</h2>
      <dl class="pairs">
        <Pair
          name={words.renews}
          value={renewsAt ? `${show.day(renewsAt)} (${show.fromNow(renewsAt)})` : '–'}
        />
        <Pair
          name={words.paidUntil}
          value={paidUntil ? `${show.day(paidUntil)} (${show.fromNow(paidUntil)})` : '–'}
        />
      </dl>
      {upcoming.length > 0 && (
        <ol class="waits">
          {upcoming.map(({ tier, from, until, payment }) => (
            <li>
              <b>{tier}</b> {show.day(from)} – {show.day(until)}
              <small>{payment ? `${payment.provider} ${payment.paymentId}` : words.byHand}</small>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

export function Limits({ visit, limits }: { visit: Visit; limits: LimitState[] }) {
  const { words, show } = visit;
  if (limits.length === 0) return null;
  return (
    <section class="card">
      <h2>{words.limitsNow}</h2>
      <ul class="limits">
        {limits.map(({ operation, limit, windowSeconds, remaining, resetAt }) => (
          <li>
            <span>
              {operation === '*' ? words.allOperations : operation}, {show.length(windowSeconds)}
            </span>
            <meter
              min={0}
              max={limit}
              value={remaining}
              aria-label={`${operation} ${show.length(windowSeconds)}`}
            />
            <span class={remaining === 0 ? 'bad' : undefined}>
              {words.leftOf(show.number(remaining), show.number(limit))}
              {remaining < limit && resetAt && <small>{words.allBack(show.fromNow(resetAt))}</small>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
