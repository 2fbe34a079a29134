import type { Pack, Price, Tier } from '../billing/index.js';
import type { Start } from '../payments/product.js';
import type { WaitingPlan } from '../payments/waiting-plans.js';
import type { CodeWords } from './code-words.js';
import type { PlanWords } from './plan-words.js';

export type Lang = 'en' | 'ru';

/** What a message can be besides words, as far as it matters to who is told that it was not read. */
export type Media = 'photo' | 'document' | 'sound' | 'other';

/** More stretches that wait are counted, not listed: a chat message has an end. */
export const MOST_WAITING = 5;

/** What one answer cost, for the line below it. */
export interface CostFacts {
  cost: number;
  left: number;
  requests?: { remaining: number; windowSeconds: number };
}
export interface BalanceFacts {
  available: number;
  reserved: number;
  debt: number;
  affordable: Record<string, number | null>;
  tierName: string;
  renewsAt: string | null;
  paidUntil: string | null;
  monthlyTokens: number;
  /** The time paid for is over and the plan stays until `renewsAt`, without new tokens. */
  inGrace: boolean;
  waiting: WaitingPlan[];
}
/** Every sentence the bot says, in each language. */
export interface Words {
  lang: Lang;
  menu: Record<
    | 'start'
    | 'help'
    | 'chat'
    | 'image'
    | 'balance'
    | 'upgrade'
    | 'code'
    | 'cancel'
    | 'new'
    | 'lang'
    | 'forget'
    | 'paysupport'
    | 'terms',
    string
  >;
  buttons: {
    stop: string;
    retry: string;
    newTopic: string;
    upgrade: string;
    join: string;
    check: string;
    hideLine: string;
    showLine: string;
    again(prompt: string): string;
    priced(name: string, price: string): string;
    subscribe(stars: number): string;
    endRenewal(name: string): string;
    resumeRenewal(name: string): string;
  };
  basics: {
    start(name: string): string;
    help(prices: { chat: number; image: number }): string;
    unknown: string;
    /** Under a button that names nothing of ours. */
    unknownButton: string;
    /** Something that is not text, and came without any. */
    textOnly: string;
    /** What of a message was not read, where its words were. */
    unread: Record<Media, string>;
    askImage: string;
    askChat: string;
    pickLang: string;
    langSet: string;
    newTopic: string;
    forgotten: string;
    cancelled: string;
    nothingToCancel: string;
    alreadyEnded: string;
    alreadyAtIt: string;
    terms: string;
    paysupport(contact: string | undefined): string;
    tooManyWaiting: string;
    lineHidden: string;
    lineShown: string;
    promptGone: string;
    oops: string;
  };
  work: {
    thinking: string;
    drawing: string;
    stopping: string;
    costLine(facts: CostFacts): string;
    stoppedFree(available: number | undefined): string;
    /** Below an answer that is not whole, why. */
    ended: Record<'stopped' | 'length' | 'filter', string>;
    /** Below what had arrived when the AI broke off. */
    brokenOff(tokens: number, available: number | undefined): string;
    filtered(tokens: number, available: number | undefined): string;
    failed(tokens: number, available: number | undefined): string;
    unsure(tokens: number, available: number | undefined): string;
    interrupted(tokens: number, available: number | undefined): string;
    returned(tokens: number, available: number | undefined): string;
    serviceAway: string;
    insufficient(facts: { cost: number; available: number; deficit: number }): string;
    rateLimited(facts: { limit: number; windowSeconds: number; retryAfter: number }): string;
    promptKept: string;
    tooManyOpen: string;
    blocked: string;
    noPhotosHere: string;
  };
  money: {
    balance(facts: BalanceFacts): string;
    plans(tierName: string, available: number): string;
    tierLine(tier: Tier, price: string): string;
    /** A pack called after its size is called so in the reader's language; any other name is the service's. */
    packName(pack: Pack): string;
    packLine(pack: Pack, price: string): string;
    price(price: Price): string;
    subscriptionOffer(tier: Tier): string;
    tierTitle(name: string): string;
    tierDescription(tier: Tier, start: Start | undefined): string;
    packDescription(tokens: number): string;
    gift(tokens: number): string;
    giftJoined(granted: number, available: number): string;
    giftNotMember: string;
    giftUnknown: string;
    thanks(facts: {
      granted: number;
      available: number;
      /** Undefined where it was no plan, or one that waits. */
      tierName: string | undefined;
      until: string | null;
      /** What was bought and waits; its tokens come when it begins. */
      bought: WaitingPlan | undefined;
      waiting: WaitingPlan[];
    }): string;
    paymentKept: string;
    /** Refused by the service for good: what happened, and whom to ask. */
    refusedPayment(contact: string | undefined): string;
    refusedRefund(contact: string | undefined): string;
    refusedJoin(contact: string | undefined): string;
    refunded(revoked: number): string;
    declinedUnknown: string;
    declinedPrice: string;
    /** Something else is in it than when the invoice was sent. */
    declinedChanged: string;
    declinedAway: string;
    notForSale: string;
  };
  plan: PlanWords;
  code: CodeWords;
  admin: {
    grantUsage: string;
    refundUsage: string;
    userUsage: string;
    granted(user: string, amount: number, available: number): string;
    account(facts: { available: number; reserved: number; spent: number }): string;
    gaveMonths(user: string, tierName: string, months: number, plan: WaitingPlan | undefined): string;
    noSuchPlan(word: string, ids: string[]): string;
    refused(why: string): string;
    noSuchPayment: string;
    refundDone(user: string): string;
    refusedErrand(id: string, why: string): string;
    shutOut(why: string): string;
    /** Charge ids that Telegram lists and the bot had not heard of. */
    starsFound(ids: string[]): string;
    noErrands: string;
    errand(id: string, user: string, why: string | undefined): string;
    moreErrands(count: number): string;
    dropUsage: string;
    dropped(id: string): string;
    noSuchErrand: string;
  };
}
