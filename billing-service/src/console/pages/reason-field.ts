import type { Field } from '../parts/form.js';
import type { Visit } from '../visit.js';

export const reasonField = ({ words }: Visit): Field => ({
  name: 'reason',
  label: words.reason,
  isRequired: true,
  maxLength: 500,
  hint: words.reasonHint,
});
