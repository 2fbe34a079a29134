import type { Visit } from '../visit.js';

export const yesOrNo = ({ words }: Visit) => [
  { value: 'no', text: words.no },
  { value: 'yes', text: words.yes },
];
