/**
 * Rules for texts: a pattern for machines and the same rule in words for whoever breaks it. Patterns are plain ranges,
 * anchored and without nesting, so that every tool reads them and none takes longer than one walk over the text.
 */
export interface TextRule {
  pattern: string;
  /** Follows the name of the field; never shown in openapi.yaml. */
  'x-words': string;
}

const CONTROLS = '\\u0000-\\u001f\\u007f-\\u009f';
/** What JavaScript takes for a space, by name: other languages' `\s` have others. */
const SPACES = '\\u0020\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff';
/** A character of an id: no space, no control character. A lone surrogate gets into no string that we are given. */
const VISIBLE = `[^${CONTROLS}${SPACES}]`;

const rule = (pattern: string, words: string): TextRule => ({ pattern, 'x-words': words });

export const REFERENCE = rule(
  `^[a-z][a-z0-9_-]*:${VISIBLE}+$`,
  'must be provider:id, such as telegram:123456: a small letter, then small letters, digits, _ or - before the colon; no spaces or control characters after it',
);
export const CATALOGUE_ID = rule(
  '^[a-z0-9][a-z0-9_-]*$',
  'must be small letters, digits, _ or -, with a letter or a digit first',
);
export const UNIT = rule(
  '^[a-z][a-z0-9_]{0,31}$',
  'must be 1 to 32 small letters, digits or _, with a letter first',
);
export const OPERATION_OR_ALL = rule(
  '^(?:\\*|[a-z0-9][a-z0-9_-]*)$',
  'must be an operation’s id (small letters, digits, _ or -) or *',
);
export const PROVIDER = rule(
  '^[a-z][a-z0-9_-]*$',
  'must be small letters, digits, _ or -, with a letter first',
);
export const CURRENCY = rule('^[A-Z]{3}$', 'must be three capital letters, such as USD or XTR');
export const VISIBLE_TEXT = rule(`^${VISIBLE}+$`, 'must have no spaces or control characters');
export const LINE = rule(`^[^${CONTROLS}]*$`, 'must have no control characters');
export const WORD = rule('^[A-Za-z0-9_]+$', 'must be letters, digits or _');
export const PROMO_PREFIX = rule(
  '^[A-Za-z0-9][A-Za-z0-9-]*$',
  'must be letters, digits or -, with a letter or a digit first',
);
export const CALL = rule('^[a-z][A-Za-z]*$', 'must be a call’s operationId, such as grantTokens');
export const RESERVATION_ID = rule('^[!-~]+$', 'must be an id that reserve answered: no spaces, ASCII only');
export const CURSOR = rule('^[A-Za-z0-9_=.:-]+$', 'must be the nextCursor of the page before');
export const DIMENSION_LIST = rule('^[a-z]+(?:,[a-z]+)?$', 'must be one or two names with a comma between');
export const TIME_ZONE = rule(
  '^[A-Za-z][A-Za-z0-9_+/-]*$',
  'must be a time zone’s name, such as Europe/Moscow',
);
export const WHOLE_NUMBER = rule('^(?:0|[1-9][0-9]{0,15})$', 'must be a whole number');
export const DATE_TIME = rule(
  '^(?:19[7-9][0-9]|[2-9][0-9]{3})-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,9})?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})$',
  'must be a date-time of the years 1970 to 9999, such as 2030-01-01T00:00:00Z',
);

/** The key of an idempotent call; a header, so its ends are never spaces. */
export const IDEMPOTENCY_KEY = rule('^[!-~](?:[ -~]*[!-~])?$', 'must be 1 to 255 printable ASCII characters');
