/**
 * What /docs does in the browser beyond Swagger UI itself. These functions are sent as their source, so they may use
 * nothing from outside themselves but what the page's script sets before them.
 */
import {
  EXAMPLE_API_KEY,
  EXAMPLE_IDEMPOTENCY_KEY,
  EXAMPLE_PROMO_CODE,
  EXAMPLE_RESERVATION,
  EXAMPLE_WEBHOOK,
} from '../schemas/examples.js';

/** What the page keeps: the examples that stand for a value of the moment, and the last ids answered. */
interface Page {
  fareboxExamples: {
    reservation: string;
    apiKey: string;
    webhook: string;
    promoCode: string;
    idempotencyKey: string;
  };
  fareboxReservation?: string;
  fareboxApiKey?: string;
  fareboxWebhook?: string;
  fareboxPromoCode?: string;
}

interface Exchange {
  url: string;
  headers?: Record<string, string>;
  body?: unknown;
  text?: string;
}

function keepLastIds(response: Exchange): Exchange {
  const page = globalThis as unknown as Page;
  const reservation = /"reservationId":"(rsv_[^"]+)"/.exec(response.text ?? '')?.[1];
  if (reservation) page.fareboxReservation = reservation;
  const apiKey = /"id":"(key_[^"]+)"/.exec(response.text ?? '')?.[1];
  if (apiKey) page.fareboxApiKey = apiKey;
  const webhook = /"id":"(whk_[^"]+)"/.exec(response.text ?? '')?.[1];
  if (webhook) page.fareboxWebhook = webhook;
  const promoCode = /"code":"((?:[^"*]+-)?[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{5})"/.exec(
    response.text ?? '',
  )?.[1];
  if (promoCode) page.fareboxPromoCode = promoCode;
  return response;
}

/** The ids of examples become the last ones answered; the example's Idempotency-Key a new one, or it would be a replay. */
function prepareRequest(request: Exchange): Exchange {
  const page = globalThis as unknown as Page;
  const { reservation, apiKey, webhook, promoCode, idempotencyKey } = page.fareboxExamples;
  const replace = (text: string): string =>
    text
      .replace(reservation, page.fareboxReservation ?? reservation)
      .replace(apiKey, page.fareboxApiKey ?? apiKey)
      .replace(webhook, page.fareboxWebhook ?? webhook)
      .replace(promoCode, page.fareboxPromoCode ?? promoCode);
  request.url = replace(request.url);
  if (typeof request.body === 'string') request.body = replace(request.body);
  const headers = request.headers ?? {};
  for (const name of Object.keys(headers)) {
    if (headers[name] !== idempotencyKey) continue;
    const random = Math.random().toString(36).slice(2);
    headers[name] = `try-${Date.now().toString(36)}-${random}`;
  }
  return request;
}

function followColourScheme(): void {
  const page = globalThis as unknown as {
    matchMedia(query: string): { matches: boolean; addEventListener(type: string, to: () => void): void };
    document: { documentElement: { classList: { toggle(name: string, on: boolean): void } } };
  };
  const dark = page.matchMedia('(prefers-color-scheme: dark)');
  const follow = () => page.document.documentElement.classList.toggle('dark-mode', dark.matches);
  dark.addEventListener('change', follow);
  follow();
}

const EXAMPLES: Page['fareboxExamples'] = {
  reservation: EXAMPLE_RESERVATION,
  apiKey: EXAMPLE_API_KEY,
  webhook: EXAMPLE_WEBHOOK,
  promoCode: EXAMPLE_PROMO_CODE,
  idempotencyKey: EXAMPLE_IDEMPOTENCY_KEY,
};

/** The page's own script, behind Swagger UI's bundle. */
export const PAGE_SCRIPT = `globalThis.fareboxExamples = ${JSON.stringify(EXAMPLES)};
(${followColourScheme})();
SwaggerUIBundle({
  dom_id: '#swagger-ui',
  // By the script's own address: the page's may end in a slash, and have a query.
  url: new URL('../openapi.json', document.currentScript.src).href,
  deepLinking: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  requestInterceptor: ${prepareRequest},
  responseInterceptor: ${keepLastIds},
});
`;
