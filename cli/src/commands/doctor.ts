import { command } from '../command.js';
import type { Finding } from '../doctor/finding.js';
import {
  lookAtKey,
  lookAtStores,
  lookAtVersions,
  lookAtWork,
  lookForService,
} from '../doctor/look-at-service.js';
import { lookAtAddress, lookAtDotEnv } from '../doctor/look-at-settings.js';
import { EXIT } from '../exit-codes.js';
import { counted } from '../output/figures.js';
import { textWidth } from '../output/text-width.js';

export const doctor = command({
  name: 'doctor',
  summary: 'Is all well? Settings, key, stores, clocks, versions, webhooks, and what to do.',
  details:
    'Also checks the .env of the folder it runs in. Ends with 0 where all is well, 3 where no service answers, else 4.',
  isLocal: true,
  run: async ({ service, settings, terminal, times, show }) => {
    const found: Finding[] = [...lookAtAddress(settings), ...(await lookAtDotEnv(settings))];
    const reached = await lookForService(service, settings);
    found.push(...reached);
    const isAway = reached.some(({ state }) => state === 'bad');
    if (!isAway) {
      const [stores, versions, key] = await Promise.all([
        lookAtStores(service),
        lookAtVersions(service),
        lookAtKey(service, settings, times),
      ]);
      found.push(...stores, ...versions, ...key);
      if (key.every(({ state }) => state !== 'bad')) found.push(...(await lookAtWork(service)));
    }
    const troubles = found.filter(({ state }) => state !== 'ok').length;
    const report = { ok: troubles === 0, findings: found };
    show({ body: report, text: JSON.stringify(report, undefined, 2), headers: {} }, () => {
      const { paint } = terminal;
      const marks = { ok: paint.green('✓'), warn: paint.yellow('!'), bad: paint.red('✗') };
      const width = Math.max(...found.map(({ what }) => textWidth(what)));
      return [
        ...found.map(
          ({ what, state, words }) =>
            `${marks[state]} ${what}${' '.repeat(width - textWidth(what))}  ${words}`,
        ),
        '',
        troubles === 0
          ? paint.green('All is well.')
          : paint.bold(`${counted(troubles, 'thing')} to look at.`),
      ];
    });
    if (isAway) return EXIT.away;
    return troubles === 0 ? EXIT.ok : EXIT.trouble;
  },
});
