import { BillingClient, BillingError, MeteringClient, WorkFailed } from 'farebox/billing-client';

/** A web page's chat, metered: `ask` is your model. */
export function meteredChat(url: string, apiKey: string, ask: (question: string) => Promise<string>) {
  const metering = new MeteringClient(new BillingClient({ url, apiKey }));
  return async (visitor: string, question: string): Promise<string> => {
    try {
      // Holds the price, asks, then charges. A `cost` next to `value` may charge less than was held.
      const work = async () => ({ value: await ask(question) });
      return (await metering.withTokens(`web:${visitor}`, 'chatgpt_message', work)).value;
    } catch (error) {
      if (error instanceof WorkFailed) return 'That did not work, and cost nothing.';
      if (!(error instanceof BillingError)) throw error;
      if (error.code === 'insufficient-tokens') return `You are ${error.figure('deficit')} tokens short.`;
      if (error.code === 'rate-limited') return 'Too fast; try again in a moment.';
      return 'The token service is away; nothing was charged.';
    }
  };
}
