import { Type } from 'typebox';
import type { ServiceView } from '../services.js';
import { toIso } from '../to-iso.js';
import { closed, nullable, time } from './common.js';

const text = (description: string, example: string, maxLength = 128) =>
  Type.String({ maxLength, description, examples: [example] });
const count = (description: string) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description, examples: [1] });

const instance = closed(
  {
    id: text('Made at its start.', 'b5cf0ef4-1c5e-4d0e-9a4e-0c1f6f0b8a11'),
    host: text('The machine.', 'farebox-1', 255),
    version: text('Its version.', '0.1.0'),
    startedAt: time,
    seenAt: { ...time, description: 'When it last said that it is there; every 10 s.' },
  },
  { title: 'Instance', description: 'A running process of the service.' },
);

const pool = closed(
  {
    name: text('Which pool.', 'ordinary'),
    size: count('Connections.'),
    idle: count('Those not in use.'),
    most: count('As many as there may be.'),
    waiting: count('Calls that wait for one.'),
  },
  { title: 'Pool', description: 'Connections to the database.' },
);

const setting = closed(
  {
    name: text('Of the setting.', 'PORT'),
    value: nullable(
      Type.String({
        maxLength: 16_384,
        description: 'Null: not set. Without passwords; a secret that is set is `***`.',
      }),
      { examples: ['3000'] },
    ),
  },
  { title: 'Setting', description: 'A setting as it is in force.' },
);

export const serviceAnswer = closed(
  {
    version: text('Of the service.', '0.1.0'),
    node: text('Of Node.js.', '20.19.0'),
    database: text('`postgres` or `pglite`.', 'postgres'),
    clockBehindMs: Type.Number({
      description: 'How far this machine’s clock is behind the database’s; negative: ahead.',
      examples: [0],
    }),
    instances: Type.Array(instance, { maxItems: 201, description: 'This one first.' }),
    pools: Type.Array(pool, { maxItems: 10 }),
    settings: Type.Array(setting, { maxItems: 100 }),
  },
  { title: 'Service', description: 'What answers.' },
);

export const serviceBody = (view: ServiceView) => ({
  ...{ version: view.version, node: process.versions.node, database: view.database },
  clockBehindMs: view.clockBehindMs(),
  instances: view.instances.seen().map(({ startedAt, seenAt, ...rest }) => ({
    ...{ ...rest, startedAt: toIso(startedAt), seenAt: toIso(seenAt) },
  })),
  pools: Object.entries(view.pools()).map(([name, state]) => ({ name, ...state })),
  settings: view.settings,
});
