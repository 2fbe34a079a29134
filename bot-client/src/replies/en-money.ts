import type { Price, Tier } from '../billing/index.js';
import { enPlan } from './en-plan.js';
import { isCalledAfterSize } from './pack-name.js';
import { en, enCount } from './plural.js';
import { untilMoment } from './relative-time.js';
import type { Words } from './words.js';

const tokens = (value: number) => enCount(value, 'token', 'tokens');
const OPERATIONS: Record<string, [string, string]> = {
  chatgpt_message: ['chat message', 'chat messages'],
  image_generation: ['image', 'images'],
};

function buys(affordable: Record<string, number | null>): string {
  const parts = Object.entries(affordable).flatMap(([id, count]) => {
    const names = OPERATIONS[id];
    return names === undefined || count === null ? [] : [enCount(count, ...names)];
  });
  return parts.length === 0 ? '' : `Enough for ${parts.join(' or ')}.`;
}

function price({ currency, amount }: Price): string {
  if (currency === 'XTR') return `⭐ ${en(amount)}`;
  return new Intl.NumberFormat('en-US', { style: 'currency', currency }).format(amount / 100);
}

const perMinute = (tier: Tier) => {
  const policy = tier.policies.find((one) => one.operation === '*' && one.windowSeconds === 60);
  return policy === undefined ? '' : `, ${enCount(policy.limit, 'request', 'requests')} a minute`;
};

const STARTS = {
  after: '. Begins when what you have paid for before is over',
  now: '. Begins now; the rest of the present month passes meanwhile',
};

export const enMoney: Words['money'] = {
  balance: ({ available, reserved, debt, affordable, ...plan }) => {
    const { tierName, renewsAt, paidUntil, monthlyTokens, inGrace, waiting } = plan;
    const lines = [`💰 ${tokens(available)}`];
    if (reserved > 0) lines.push(`(${en(reserved)} more held for what is running)`);
    if (debt > 0) lines.push(`You owe ${tokens(debt)}; they are paid from what comes next.`);
    lines.push(buys(affordable), '', `Plan: ${tierName}`);
    if (inGrace && renewsAt !== null) return [...lines, enPlan.grace(tierName, renewsAt)].join('\n');
    if (paidUntil !== null)
      lines.push(`Paid for until ${untilMoment(paidUntil, 'en').replace('in ', '')} from now.`);
    if (renewsAt !== null) lines.push(`Renews with ${tokens(monthlyTokens)} ${untilMoment(renewsAt, 'en')}.`);
    lines.push(...enPlan.waiting(waiting));
    return lines.join('\n');
  },
  plans: (tierName, available) => `You are on ${tierName}, with ${tokens(available)}.`,
  tierLine: (tier, cost) =>
    `${tier.name}: ${tokens(tier.monthlyTokens)} a month${perMinute(tier)}${tier.features.map((one) => `, ${one}`).join('')} — ${cost}`,
  packName: (pack) => (isCalledAfterSize(pack) ? tokens(pack.tokens) : pack.name),
  packLine: (pack, cost) =>
    `${isCalledAfterSize(pack) ? '' : `${pack.name}: `}${tokens(pack.tokens)}, once — ${cost}`,
  price,
  subscriptionOffer: (tier) =>
    `${tier.name}: ${tokens(tier.monthlyTokens)} a month${perMinute(tier)}.\nIt renews every 30 days until you cancel it in Telegram's settings, under My Stars.`,
  tierTitle: (name) => `${name}, one month`,
  tierDescription: (tier, start) =>
    `${tokens(tier.monthlyTokens)} a month${perMinute(tier)}${start === undefined ? '' : STARTS[start]}`,
  packDescription: (count) => `${tokens(count)}, added to your balance at once`,
  gift: (count) => `🎁 Join our channel and get ${tokens(count)} every month, free.`,
  giftJoined: (granted, available) =>
    granted > 0
      ? `🎁 Thank you for joining: ${tokens(granted)} for you. You have ${en(available)} now.`
      : `You are in. You have ${tokens(available)}.`,
  giftNotMember: 'I do not see you in the channel yet. Join it, then tap again.',
  giftUnknown:
    'Telegram could not tell me whether you are in the channel. Nothing has changed; please try again in a minute.',
  thanks: ({ granted, available, tierName, until, bought, waiting }) => {
    const have = `You have ${tokens(available)} now.`;
    if (bought !== undefined) return `✅ Thank you! ${enPlan.bought(bought)} ${have}`;
    const plan =
      tierName === undefined
        ? ''
        : ` You are on ${tierName}${until === null ? '' : `, paid for another ${untilMoment(until, 'en').replace('in ', '')}`}.`;
    const got = granted > 0 ? ` ${tokens(granted)} added.` : '';
    return [`✅ Thank you!${got}${plan} ${have}`, ...enPlan.waiting(waiting)].join('\n');
  },
  paymentKept:
    'Your payment arrived and is kept safe. The token service is away at the moment; your tokens come as soon as it is back. You need not do anything.',
  refusedPayment: (contact) =>
    `Your payment arrived, but the token service does not accept it, so nothing was credited. It is kept on record. Please write to ${contact ?? 'the owner of this bot'} with the date and the amount: you get what you paid for, or your money back.`,
  refusedRefund: (contact) =>
    `Your payment was returned, but the token service could not book that. If your tokens look wrong, write to ${contact ?? 'the owner of this bot'}.`,
  refusedJoin: (contact) =>
    `You joined our channel, but the token service could not note it. Please write to ${contact ?? 'the owner of this bot'}.`,
  refunded: (revoked) => `Your payment was refunded, and ${tokens(revoked)} taken back.`,
  declinedUnknown: 'This is no longer for sale. You were not charged; see /upgrade.',
  declinedPrice: 'The price has changed. You were not charged; see /upgrade for the new one.',
  declinedChanged: 'What is in it has changed since this invoice. You were not charged; see /upgrade.',
  declinedAway: 'The shop is closed for a moment. You were not charged; please try again in a minute.',
  notForSale: 'There is nothing for sale at the moment.',
};
