import type { WaitingPlan } from '../payments/waiting-plans.js';
import { planLength } from './plan-length.js';
import { en, enCount } from './plural.js';
import { dayAndWait, dayOf, untilMoment } from './relative-time.js';
import { MOST_WAITING, type Words } from './words.js';

const tokens = (value: number) => enCount(value, 'token', 'tokens');

function length({ from, until }: WaitingPlan): string {
  const { months, days } = planLength(from, until);
  const parts = [
    ...(months === 0 ? [] : [enCount(months, 'month', 'months')]),
    ...(days === 0 ? [] : [enCount(days, 'day', 'days')]),
  ];
  return parts.join(' and ');
}

const stretch = (plan: WaitingPlan) =>
  `${plan.name} from ${dayAndWait(plan.from, 'en')}, for ${length(plan)}`;

export const enPlan: Words['plan'] = {
  waiting: (plans) => [
    ...plans
      .slice(0, MOST_WAITING)
      .map((plan, index) => `${index === 0 ? 'Next' : 'Then'}: ${stretch(plan)}.`),
    ...(plans.length > MOST_WAITING ? [`And ${en(plans.length - MOST_WAITING)} more after that.`] : []),
  ],
  grace: (tierName, until) =>
    `The time you paid for is over. ${tierName} stays for another ${untilMoment(until, 'en').replace('in ', '')}, without new tokens; /upgrade continues it.`,
  wouldWait: ({ tierName, presentName, begins, monthlyTokens, hasPacks }) => {
    const same = tierName === presentName;
    const what = same
      ? `You have ${tierName} already. Another month`
      : `You have ${presentName}. A month of ${tierName}`;
    const now = hasPacks ? 'A pack is added at once.\nOr start the month now' : 'Start the month now';
    const move = same ? '' : `you move to ${tierName} and `;
    return [
      `${what} would begin on ${dayAndWait(begins, 'en')} and bring its tokens then, none today.`,
      '',
      `Need tokens now? ${now}: ${tokens(monthlyTokens)} at once, but ${move}the days left of your present month pass meanwhile.`,
    ].join('\n');
  },
  startNow: 'Start now',
  startAfter: (begins) => `From ${dayOf(begins, 'en')}`,
  bought: (plan) => `You have ${stretch(plan)}; its tokens come then.`,
  renewal: (name, until, state) => {
    const when = dayAndWait(until, 'en');
    if (state === 'active') return `${name} renews itself on ${when}.`;
    if (state === 'failed')
      return `${name} was not renewed: Telegram could not charge you. It ends on ${when}.`;
    const where = state === 'canceled' ? ' You can resume it in Telegram’s settings, under My Stars.' : '';
    return `${name} does not renew itself; it ends on ${when}.${where}`;
  },
  renewalChanged: (state, name, until) => {
    const ends = until === undefined ? '' : ` It ends on ${dayAndWait(until, 'en')}.`;
    if (state === 'active') return `${name} renews itself again.`;
    if (state === 'failed')
      return `Telegram could not charge you for the next month of ${name}.${ends} To keep it, top up your Stars or buy a month by /upgrade.`;
    return `You ended your subscription to ${name}: nothing more is charged.${ends} You can resume it in Telegram’s settings, under My Stars.`;
  },
  renewalUnchanged: (name) =>
    `Telegram did not change the renewal of ${name}. Please try again, or do it in Telegram’s settings, under My Stars.`,
  noRenewal: (name) => `No subscription to ${name} of yours is running.`,
  willEnd: (name, next) => `Your subscription to ${name} will not renew any more once you pay for ${next}.`,
  stillRenews: (name) =>
    `⚠️ Your subscription to ${name} still renews: I could not end it. Please end it in Telegram’s settings, under My Stars, or by /upgrade.`,
};
