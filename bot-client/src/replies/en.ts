import { enCode } from './en-code.js';
import { enMoney } from './en-money.js';
import { enPlan } from './en-plan.js';
import { firstOf } from './first-of.js';
import { en, enCount } from './plural.js';
import { dayAndWait, inSeconds } from './relative-time.js';
import type { Words } from './words.js';

const tokens = (value: number) => enCount(value, 'token', 'tokens');
const have = (available: number | undefined) =>
  available === undefined ? '' : ` You have ${en(available)} now.`;
const back = (count: number, available: number | undefined) => {
  if (count === 0) return 'It cost you nothing.';
  const them = count === 1 ? 'Your 1 token is' : `Your ${tokens(count)} are`;
  if (available === undefined)
    return 'It costs you nothing: the tokens held for it come back by themselves in a moment.';
  return `${them} back.${have(available)}`;
};
const window = (seconds: number) => {
  if (seconds === 60) return 'this minute';
  if (seconds === 3_600) return 'this hour';
  return seconds === 86_400 ? 'today' : `per ${enCount(seconds, 'second', 'seconds')}`;
};
const every = (seconds: number) =>
  ({ 60: 'a minute', 3600: 'an hour', 86400: 'a day' })[seconds] ??
  `in ${enCount(seconds, 'second', 'seconds')}`;

export const enWords: Words = {
  lang: 'en',
  menu: {
    start: 'Start, and what I can do',
    help: 'Commands and prices',
    chat: 'Ask me something',
    image: 'Draw a picture',
    balance: 'Your tokens and plan',
    upgrade: 'Plans and token packs',
    code: 'Redeem a promo code',
    cancel: 'Stop what is running',
    new: 'Begin a new topic',
    lang: 'Language',
    forget: 'Forget our conversation',
    paysupport: 'Help with payments',
    terms: 'Terms',
  },
  buttons: {
    stop: '⏹ Stop',
    retry: '🔁 Retry',
    newTopic: '🆕 New topic',
    upgrade: '⭐ Plans and packs',
    join: '📣 Open the channel',
    check: '✅ I have joined',
    hideLine: 'Hide the line of costs',
    showLine: 'Show the line of costs',
    again: (prompt) => `▶️ Send again: ${prompt}`,
    priced: (name, price) => `${name} · ${price}`,
    endRenewal: (name) => `Stop renewing ${name}`,
    resumeRenewal: (name) => `Renew ${name} again`,
    subscribe: (stars) => `Subscribe · ⭐ ${en(stars)} a month`,
  },
  basics: {
    start: (name) =>
      `Hello, ${name}! Write me anything and I answer. /image draws a picture.\n\nEvery answer says what it cost, and if something fails, your tokens come back by themselves.`,
    help: ({ chat, image }) =>
      `Just write, or:\n/chat ask me something (${tokens(chat)})\n/image draw a picture (${tokens(image)})\n/balance your tokens\n/upgrade plans and packs\n/code redeem a promo code\n/new begin a new topic\n/cancel stop what is running\n/lang language\n/forget delete our conversation\n/paysupport help with payments\n/terms the terms`,
    unknown: 'I do not know that command. /help lists those I do.',
    unknownButton: 'I no longer know this button.',
    textOnly: 'I read text only. Write me anything and I answer, or /image draws what you describe.',
    unread: {
      photo: 'I cannot see the picture; this answers your words alone.',
      document: 'I cannot open the file; this answers your words alone.',
      sound: 'I cannot listen to it; this answers your words alone.',
      other: 'I read your words alone; this answers them.',
    },
    askImage: 'What shall I draw? Describe it in your next message, or /cancel.',
    askChat: 'What would you like to know? Just write it.',
    pickLang: 'Which language shall I speak?',
    langSet: 'I speak English now.',
    newTopic: 'A fresh start: I no longer look at what we said before.',
    forgotten: 'Done: I have forgotten our conversation and the requests I kept for you.',
    cancelled: 'Cancelled.',
    nothingToCancel: 'There is nothing running to cancel.',
    alreadyEnded: 'That has ended already.',
    alreadyAtIt: 'I am on it already.',
    terms:
      'You buy tokens for answers and pictures of this bot. A plan lasts for the time paid and its tokens for their month. What fails is not charged. Questions about a payment: /paysupport.',
    paysupport: (contact) =>
      `Something wrong with a payment? Write to ${contact ?? 'the owner of this bot'} with the date and the amount. They answer it, not Telegram's support.`,
    tooManyWaiting: 'One thing after another, please: I am still working on what you sent before.',
    lineHidden: 'The line of costs is off. /balance brings it back.',
    lineShown: 'Every answer says what it cost again.',
    promptGone: 'I no longer have that request. Please send it again.',
    oops: 'Something went wrong on my side. You were not charged; please try again.',
  },
  work: {
    thinking: '✍️ Writing…',
    drawing: '🎨 Drawing…',
    stopping: 'Stopping',
    costLine: ({ cost, left, requests }) =>
      [
        tokens(cost),
        `${en(left)} left`,
        ...(requests === undefined
          ? []
          : [`${enCount(requests.remaining, 'request', 'requests')} left ${window(requests.windowSeconds)}`]),
      ].join(' · '),
    stoppedFree: (available) => `Stopped before the first word, so it cost nothing.${have(available)}`,
    ended: {
      stopped: '⏹ stopped',
      length: '✂️ This is as long as one answer gets. Write “go on” for more.',
      filter: '✂️ The AI’s own filter cut it off here.',
    },
    brokenOff: (count, available) => `⚠️ The answer broke off here. ${back(count, available)}`,
    filtered: (count, available) => `The AI’s own filter refused to answer this. ${back(count, available)}`,
    failed: (count, available) => `Sorry, that did not work. ${back(count, available)}`,
    unsure: (count, available) =>
      `Telegram did not confirm that my answer reached you, so you are not charged for it. ${back(count, available)}`,
    interrupted: (count, available) =>
      `I was restarted while working on your request. ${back(count, available)}`,
    returned: (count, available) => `${tokens(count)} of a request that failed came back.${have(available)}`,
    serviceAway:
      'I cannot reach the token service at the moment, so I did not start. Nothing was charged; please try again in a minute.',
    insufficient: ({ cost, available, deficit }) =>
      `This takes ${tokens(cost)} and you have ${en(available)}: ${en(deficit)} short.`,
    rateLimited: ({ limit, windowSeconds, retryAfter }) =>
      `Your plan allows ${enCount(limit, 'request', 'requests')} ${every(windowSeconds)}. The next one is free ${inSeconds(retryAfter, 'en')}.`,
    promptKept: 'I keep your request and offer it again when you can go on.',
    noPhotosHere:
      'Pictures are not allowed in this chat, so I did not draw. In a private chat with me they are.',
    blocked:
      'Your account has been stopped by the operator. Nothing was charged; /paysupport says whom to ask.',
    tooManyOpen: 'Too much of yours is running at once. Wait until something has finished.',
  },
  money: enMoney,
  plan: enPlan,
  code: enCode,
  admin: {
    grantUsage:
      'Usage: /grant <user> <amount> [reason]\nor, for months of a plan: /grant <user> <plan> [months] [reason]',
    refundUsage: 'Usage: /refund <user> <charge id>',
    userUsage: 'Usage: /user <user>',
    granted: (user, amount, available) =>
      `${user}: ${amount > 0 ? '+' : ''}${tokens(amount)}, now ${en(available)}.`,
    account: ({ available, reserved, spent }) =>
      `${en(available)} available, ${en(reserved)} held, ${en(spent)} spent`,
    gaveMonths: (user, tierName, months, plan) =>
      `${user}: ${tierName} for ${enCount(months, 'month', 'months')}, ${plan === undefined ? 'from now' : `from ${dayAndWait(plan.from, 'en')}`}. What was paid for is kept.`,
    noSuchPlan: (word, ids) => `There is no plan "${word}" to give. There are: ${ids.join(', ')}.`,
    refused: (why) => `Refused: ${why}`,
    noSuchPayment: 'This user has no payment with that charge id.',
    refundDone: (user) => `The Stars went back to ${user}; the tokens are being taken back.`,
    refusedErrand: (id, why) =>
      `⚠️ The service refuses ${id}: ${why}\nIt is kept and tried again every ten minutes. /errands lists what waits, /drop ends it.`,
    shutOut: (why) =>
      `⚠️ The service does not let this bot in: ${why}\nPayments are kept until it does; see BILLING_API_KEY.`,
    starsFound: (ids) =>
      `⚠️ Telegram lists ${enCount(ids.length, 'payment or refund', 'payments or refunds')} that I had not heard of: ${firstOf(ids)}\nThe service is being told. /errands lists what it has not taken yet.`,
    noErrands: 'Nothing waits for the service.',
    errand: (id, user, why) => `${id}\n${user}: ${why ?? 'on its way'}`,
    moreErrands: (count) => `… and ${en(count)} more.`,
    dropUsage: 'Usage: /drop <name, as /errands shows it>',
    dropped: (id) => `${id} is ended and will not be sent again.`,
    noSuchErrand: 'Nothing of that name waits; see /errands.',
  },
};
