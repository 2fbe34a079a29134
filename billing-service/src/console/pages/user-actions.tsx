import type { BalanceView, Tier, User } from '../answers.js';
import { ActForm, type Field } from '../parts/form.js';
import { hrefOf, may, type Visit } from '../visit.js';
import { EraseForm } from './erase-user.js';
import { LimitForms } from './limit-user.js';
import { MergeForm } from './merge-user.js';
import { reasonField } from './reason-field.js';
import { ReferenceForms } from './user-references.js';

interface Props {
  visit: Visit;
  user: User;
  tiers: Tier[];
  balance: BalanceView;
}

/** Each form leads to a preview first. */
export function UserActions({ visit, user, tiers, balance }: Props) {
  const { words } = visit;
  return (
    <section class="card actions" aria-labelledby="actions">
      <h2 id="actions">{words.actions}</h2>
      <details open>
        <summary>{words.grantTokens}</summary>
        <ActForm
          {...{ visit, id: 'grant', action: hrefOf('users', user.user, 'grant'), submit: words.preview }}
          fields={grantFields(visit)}
        />
      </details>
      <details>
        <summary>{words.changeTier}</summary>
        <ActForm
          {...{ visit, id: 'set-tier', action: hrefOf('users', user.user, 'tier'), submit: words.preview }}
          fields={tierFields(visit, tiers, balance.tier)}
        />
      </details>
      <LimitForms {...{ visit, user }} />
      {may(visit, 'users') && <ReferenceForms {...{ visit, user }} />}
      {may(visit, 'admin') && <MergeForm {...{ visit, user }} />}
      {may(visit, 'admin') && <EraseForm {...{ visit, user }} />}
    </section>
  );
}

const grantFields = (visit: Visit): Field[] => {
  const { words } = visit;
  const sources = ['promo', 'adjustment', 'topup'] as const;
  return [
    { name: 'amount', label: words.amount, type: 'number', isRequired: true, hint: words.grantHint },
    {
      name: 'source',
      label: words.source,
      type: 'select',
      value: 'promo',
      options: sources.map((value) => ({ value, text: words.sources[value] })),
    },
    {
      name: 'expiresAt',
      label: words.expires(visit.show.zone),
      type: 'datetime-local',
      hint: words.noEndHint,
    },
    reasonField(visit),
  ];
};

const tierFields = (visit: Visit, tiers: Tier[], present: string): Field[] => {
  const { words } = visit;
  return [
    {
      name: 'tier',
      label: words.tier,
      type: 'select',
      value: present,
      options: tiers.map(({ id, name }) => ({ value: id, text: name })),
    },
    { name: 'months', label: words.monthsLabel, type: 'number', value: 1, min: 1 },
    reasonField(visit),
  ];
};
