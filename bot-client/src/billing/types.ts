import type { operations } from './schema.js';

/** The service's words, from its OpenAPI document (schema.d.ts is generated; a test holds it to openapi.yaml). */
export type OperationId = keyof operations;
type JsonOf<Part> = Part extends { content: { 'application/json': infer Body } } ? Body : never;
type RequestOf<Name extends OperationId> = operations[Name] extends { requestBody?: infer Body }
  ? JsonOf<Body>
  : never;
type AnswerOf<Name extends OperationId, Status extends number> = operations[Name] extends {
  responses: infer Answers;
}
  ? { [One in Status]: One extends keyof Answers ? JsonOf<Answers[One]> : never }[Status]
  : never;

type Ok = 200 | 201 | 202;
/** What the call takes, by its operationId in openapi.yaml. */
export type Body<Name extends OperationId> = RequestOf<Name>;
/** What the call answers when it has done what was asked. */
export type Answer<Name extends OperationId> = AnswerOf<Name, Ok>;
/** What may stand behind the `?` of the call. */
export type Query<Name extends OperationId> = operations[Name] extends { parameters: { query?: infer Asked } }
  ? NonNullable<Asked>
  : never;

type LineOf<Part> = Part extends { content: { 'application/x-ndjson': infer Line } } ? Line : never;
/** One line of a call that takes lines. */
export type BodyLine<Name extends OperationId> = LineOf<operations[Name]['requestBody']>;
/** One line of a call that answers in lines. */
export type AnswerLine<Name extends OperationId> = LineOf<
  operations[Name]['responses'] extends { 200: infer Answered } ? Answered : never
>;

export interface List<Item> {
  items: Item[];
  nextCursor?: string;
}
type ItemOf<Page> = Page extends { items: (infer Item)[] } ? Item : never;

export type ReserveRequest = RequestOf<'reserveTokens'>;
export type Reservation = AnswerOf<'reserveTokens', 201>;
export type ReservationState = AnswerOf<'readReservation', 200>;
export type Balance = Reservation['balance'];
export type Affordable = Reservation['affordable'];
export type LimitState = NonNullable<Reservation['limit']>;
export type Committed = AnswerOf<'commitTokens', 200>;
export type Refunded = AnswerOf<'refundTokens', 200>;
export type Quote = AnswerOf<'quoteTokens', 200>;
export type GrantRequest = RequestOf<'grantTokens'>;
export type Granted = AnswerOf<'grantTokens', 201>;
export type UserBalance = AnswerOf<'readBalance', 200>;
export type User = AnswerOf<'readUser', 200>;
export type Entry = ItemOf<AnswerOf<'listEntries', 200>>;
export type Tier = ItemOf<AnswerOf<'listTiers', 200>>;
export type Pack = ItemOf<AnswerOf<'listPacks', 200>>;
export type Operation = ItemOf<AnswerOf<'listOperations', 200>>;
export type Price = Tier['prices'][number];
export type PromoCodesWish = RequestOf<'createPromoCodes'>;
export type PromoCode = ItemOf<AnswerOf<'listPromoCodes', 200>>;
export type Redeemed = AnswerOf<'redeemPromoCode', 201>;
export type PaymentRequest = RequestOf<'applyPayment'>;
export type Payment = AnswerOf<'applyPayment', 201>;
export type Product = PaymentRequest['product'];
export type PaymentLine = ItemOf<AnswerOf<'listPayments', 200>>;
export type PaymentRefund = AnswerOf<'refundPayment', 200>;
export type Subscription = AnswerOf<'subscribeChannel', 200>;
