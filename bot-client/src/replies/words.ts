import type { Pack, Price, Tier } from '../billing/index.js';

export type Lang = 'en' | 'ru';

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
    stars(name: string, stars: number): string;
    card(name: string, price: string): string;
    subscribe(stars: number): string;
  };
  basics: {
    start(name: string): string;
    help(prices: { chat: number; image: number }): string;
    unknown: string;
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
    stoppedPart: string;
    failed(tokens: number, available: number | undefined): string;
    unsure(tokens: number, available: number | undefined): string;
    interrupted(tokens: number, available: number | undefined): string;
    returned(tokens: number, available: number | undefined): string;
    serviceAway: string;
    insufficient(facts: { cost: number; available: number; deficit: number }): string;
    rateLimited(facts: { limit: number; windowSeconds: number; retryAfter: number }): string;
    promptKept: string;
    tooManyOpen: string;
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
    tierDescription(tier: Tier): string;
    packDescription(tokens: number): string;
    gift(tokens: number): string;
    giftJoined(granted: number, available: number): string;
    giftNotMember: string;
    giftUnknown: string;
    thanks(facts: {
      granted: number;
      available: number;
      tierName: string | undefined;
      until: string | null;
    }): string;
    paymentKept: string;
    refunded(revoked: number): string;
    declinedUnknown: string;
    declinedPrice: string;
    declinedAway: string;
    notForSale: string;
  };
  admin: {
    grantUsage: string;
    refundUsage: string;
    userUsage: string;
    granted(user: string, amount: number, available: number): string;
    purse(facts: { available: number; reserved: number; spent: number }): string;
    refused(why: string): string;
    noSuchPayment: string;
    refundDone(user: string): string;
    stuckPayment(id: string, why: string): string;
  };
}
