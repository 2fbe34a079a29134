import { randomUUID } from 'node:crypto';
import type { Visit } from '../visit.js';
import { momentIn } from '../zoned-time.js';

export interface Field {
  name: string;
  label: string;
  type?: 'text' | 'number' | 'datetime-local' | 'textarea' | 'select' | 'checkboxes';
  value?: string | number | undefined;
  options?: { value: string; text: string }[];
  isRequired?: boolean;
  hint?: string;
  /** Of checkboxes: those that are ticked. */
  ticked?: string[];
  min?: number;
  maxLength?: number;
}

interface Props {
  visit: Visit;
  action: string;
  fields: Field[];
  submit: string;
  hidden?: Record<string, string>;
  /** Of the ids, where a page has several forms. */
  id: string;
}

/** A form that leads to a preview. Its key is made here, so a form that is sent twice acts once. */
export const ActForm = ({ visit, action, fields, submit, id, hidden }: Props) => (
  <form method="post" action={action} class="act">
    <Hidden values={{ csrf: visit.csrf, key: randomUUID(), ...hidden }} />
    {fields.map((field) => (
      <FieldView field={field} id={`${id}-${field.name}`} />
    ))}
    <button type="submit">{submit}</button>
  </form>
);

/** A form whose choices stand in the address of what it shows. */
export const Filters = ({ action, fields, submit }: Pick<Props, 'action' | 'fields' | 'submit'>) => (
  <form method="get" action={action} class="filters">
    {fields.map((field) => (
      <FieldView field={field} id={field.name} />
    ))}
    <button type="submit">{submit}</button>
  </form>
);

export const Hidden = ({ values }: { values: Record<string, string> }) => (
  <>
    {Object.entries(values).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
  </>
);

function FieldView({ field, id }: { field: Field; id: string }) {
  const { label, hint, type } = field;
  if (type === 'checkboxes') return <Checkboxes field={field} />;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <Control field={field} id={id} />
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}

/** Each is a field of its own: `scope-tokens`, `yes` where ticked. */
const Checkboxes = ({ field: { name, label, options = [], ticked = [], hint } }: { field: Field }) => (
  <fieldset>
    <legend>{label}</legend>
    {options.map(({ value, text }) => (
      <label>
        <input type="checkbox" name={`${name}-${value}`} value="yes" checked={ticked.includes(value)} />{' '}
        {text}
      </label>
    ))}
    {hint && <small>{hint}</small>}
  </fieldset>
);

function Control({ field, id }: { field: Field; id: string }) {
  const { name, type = 'text', value, options = [], isRequired, hint, min, maxLength } = field;
  const common = { id, name, required: isRequired, 'aria-describedby': hint ? `${id}-hint` : undefined };
  if (type === 'select')
    return (
      <select {...common}>
        {options.map((option) => (
          <option value={option.value} selected={option.value === value}>
            {option.text}
          </option>
        ))}
      </select>
    );
  if (type === 'textarea') return <textarea {...common} rows={4} value={String(value ?? '')} />;
  const typed = { ...common, value, autocomplete: 'off' as const };
  if (type === 'number') return <input {...typed} type="number" inputMode="numeric" min={min} step={1} />;
  if (type === 'datetime-local') return <input {...typed} type="datetime-local" />;
  return <input {...typed} type="text" maxLength={maxLength} />;
}

/** What somebody typed that cannot be sent to the API. */
export class FormError extends Error {
  constructor(
    readonly field: string,
    readonly rule: string,
  ) {
    super(`${field} ${rule}`);
  }
}

export function wholeNumber({ request, words }: Visit, name: string): number {
  const text = (request.form[name] ?? '').trim().replace('−', '-');
  if (!/^-?\d{1,15}$/.test(text)) throw new FormError(name, words.mustBeWhole);
  return Number(text);
}

export function line({ request, words }: Visit, name: string): string {
  const text = (request.form[name] ?? '').trim();
  if (text === '') throw new FormError(name, words.mustBeFilled);
  return text;
}

/** A time that was typed in, in the operator's time zone; undefined where the field was left empty. */
export function momentOf({ request, words, show }: Visit, name: string): string | undefined {
  const local = request.form[name] ?? '';
  if (local === '') return undefined;
  const moment = momentIn(show.zone, local);
  if (moment === null) throw new FormError(name, words.mustBeTime);
  return new Date(moment).toISOString();
}
