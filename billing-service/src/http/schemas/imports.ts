import { type Static, Type } from 'typebox';
import { MAX_TOKENS } from '../../domain/catalogue/catalogue.js';
import { MAX_REFERENCES } from '../../domain/users/user.js';
import { closed, nullable, tierId, timeInput, userReference } from './common.js';
import { profileMembers } from './user.js';

/** Beyond it sums of tokens would not be exact. */
const MOST = 1000 * MAX_TOKENS;
const { username, firstName, locale } = profileMembers;
const wish = <T extends Parameters<typeof nullable>[0]>(schema: T, options = {}) =>
  Type.Optional(nullable(schema, options));

/** What a line of an export has, so that one is an import's: null is as good as left out. */
export const importLine = closed(
  {
    user: userReference,
    references: wish(
      Type.Array(userReference, {
        maxItems: MAX_REFERENCES,
        description: 'All names of this user, oldest first.',
        examples: [['telegram:123456']],
      }),
    ),
    username: Type.Optional(username),
    firstName: Type.Optional(firstName),
    locale: Type.Optional(locale),
    createdAt: wish(
      timeInput('Since when the user is known; now where it is not said.', '2025-03-01T12:00:00Z'),
    ),
    tier: wish(tierId, { description: '`gift` where it is not said.' }),
    periodEnd: wish(
      timeInput('The end of the current period: tokens of it end then, and the next ones come.'),
    ),
    paidUntil: wish(timeInput('The end of the tier’s paid time; none on gift.', '2030-06-01T00:00:00.000Z')),
    channelSubscribedAt: wish(timeInput('Since when the channel is joined.', '2025-03-01T12:00:00Z')),
    tokensBalance: wish(
      Type.Integer({
        minimum: -MOST,
        maximum: MOST,
        description:
          'What is left; negative in debt. Up to the tier’s `monthlyTokens` end with the period, the rest never does. Not said: what the tier gives.',
        examples: [1200],
      }),
    ),
    tokensSpent: wish(
      Type.Integer({ minimum: 0, maximum: MOST, description: 'All ever spent.', examples: [800] }),
    ),
  },
  { title: 'ImportLine', description: 'A user, with all that was promised.' },
);
export type UserSaid = Static<typeof importLine>;

const count = (description: string, example: number) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description, examples: [example] });

const lineProblem = closed(
  {
    line: count('Its number in the body, from 1.', 3),
    field: Type.Optional(
      Type.String({
        maxLength: 4096,
        description: 'Absent where it is the line as a whole.',
        examples: ['tier'],
      }),
    ),
    message: Type.String({
      maxLength: 4096,
      description: 'What is wrong.',
      examples: ['there is no tier gold'],
    }),
  },
  { title: 'LineProblem', description: 'Why a line was not taken.' },
);

const summary = closed(
  {
    imported: count('Users that are new.', 4998),
    unchanged: count('Users that were known, and are as they were.', 0),
    refused: count('Lines with problems.', 2),
    dryRun: Type.Boolean({ description: 'Nothing was written.', examples: [true] }),
  },
  { title: 'ImportSummary', description: 'The last line. Without it the answer is not whole.' },
);

export const importAnswer = Type.Union([lineProblem, summary], {
  title: 'ImportAnswerLine',
  description: 'A problem, or in the end the summary.',
});

export const importQuery = closed({
  dryRun: Type.Optional(
    Type.Unsafe<'' | 'true' | 'false'>({
      type: 'string',
      enum: ['', 'true', 'false'],
      description: 'Do everything but write: says what would be imported and what would not.',
    }),
  ),
});
