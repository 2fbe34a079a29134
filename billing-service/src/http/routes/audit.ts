import { Type } from 'typebox';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { closed } from '../schemas/common.js';

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
        'instant. Reads everything, a thousand accounts at a time: some seconds for each million entries.',
      response: { 200: auditAnswer },
    },
    handler: async () => {
      const { mismatches, ...counts } = await ledger.audit();
      return {
        ...counts,
        mismatches: mismatches.map(({ userId, ...rest }) => ({ account: String(userId), ...rest })),
      };
    },
  });
