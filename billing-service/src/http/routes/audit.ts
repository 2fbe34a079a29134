import { Type } from 'typebox';
import { auditAccounts } from '../../domain/account/audit-accounts.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { closed, pagination, queryInteger } from '../schemas/common.js';
import { sendOutcome } from '../send-outcome.js';

const count = (description: string) => Type.Integer({ minimum: 0, description });
const sum = (description: string) => Type.Integer({ description });

const auditAnswer = closed(
  {
    accounts: count('Accounts compared.'),
    entries: count('Entries summed.'),
    mismatches: Type.Array(
      closed({
        account: Type.String({ maxLength: 32, description: 'The account’s number.' }),
        figure: Type.String({ maxLength: 64, description: 'Which sum does not agree.' }),
        expected: sum('By the ledger.'),
        actual: sum('In the account.'),
      }),
      { maxItems: 1000, description: 'Empty where every balance equals the ledger.' },
    ),
    nextCursor: Type.Optional(
      Type.String({
        maxLength: 4096,
        description:
          'Only where `seconds` were over before the last account: pass as `cursor` for the others.',
      }),
    ),
  },
  { title: 'Audit', description: 'Balances against the ledger.' },
);

/** It reads everything, in short statements: the one call that may take longer than callers are promised. */
const ANSWER_WITHIN_MS = 600_000;

/** GET /audit */
export const audit: RouteFactory = ({ ledger }) =>
  defineRoute({
    method: 'GET',
    url: '/audit',
    config: { scopes: ['admin', 'support'], answerWithinMs: ANSWER_WITHIN_MS },
    schema: {
      operationId: 'audit',
      tags: ['Operations'],
      summary: 'Prove that balances equal the ledger',
      description:
        'Compares every account with the sums of its entries, grants and open reservations, each as it is at one ' +
        'instant. Reads everything, some seconds for each million entries, and keeps nobody waiting. A ledger for which ' +
        'ten minutes are too short is walked in parts, each of about so many `seconds`.',
      querystring: closed({
        seconds: Type.Optional(
          queryInteger({
            minimum: 1,
            maximum: 300,
            description: 'Stop after so long, with `nextCursor`. Absent: go on to the last account.',
          }),
        ),
        cursor: pagination.cursor,
      }),
      response: { 200: auditAnswer },
    },
    handler: async (request, reply) => {
      const { cursor, seconds } = request.query;
      const page = await auditAccounts(
        { ledger },
        { cursor, seconds: seconds === undefined ? undefined : Number(seconds), patience: request.patience },
      );
      return sendOutcome(request, reply, page, 200, ({ mismatches, ...rest }) => ({
        ...rest,
        mismatches: mismatches.map(({ userId, ...figures }) => ({ account: String(userId), ...figures })),
      }));
    },
  });
