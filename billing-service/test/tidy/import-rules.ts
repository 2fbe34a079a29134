/** Which room may import what (ARCHITECTURE.md, "Rooms"). Types count as much as values: an arrow is an arrow. */
import { importsOf, type SourceFile } from './source-file.js';

interface ImportRule {
  why: string;
  /** Files the rule is about. */
  from: RegExp;
  except?: RegExp;
  /** Import targets they must not have. */
  never: RegExp;
}

const SERVICE = 'billing-service/src';

/** Rooms of the domain from the top down: none may import one above it, so that each can be read without it. */
function roomsInOrder(...rooms: string[]): ImportRule[] {
  return rooms.slice(1).map((room, i) => ({
    why: `the domain's ${room} knows nothing of ${rooms.slice(0, i + 1).join(', ')}`,
    from: new RegExp(`^${SERVICE}/domain/${room}/`),
    never: new RegExp(`^${SERVICE}/domain/(${rooms.slice(0, i + 1).join('|')})/`),
  }));
}

export const IMPORT_RULES: ImportRule[] = [
  { why: 'the bot imports nothing of the service', from: /^bot-client\/src\//, never: /^billing-service\// },
  { why: 'the service imports nothing of the bot', from: /^billing-service\//, never: /^bot-client\// },
  {
    why: 'common knows no program',
    from: /^common\//,
    never: /^(billing-service|bot-client|cli|bench)\//,
  },
  {
    why: 'the command line is a client: it knows the billing client by its door, and nothing else of the programs',
    from: /^cli\/src\//,
    never: /^(billing-service|bench|bot-client\/(?!src\/billing\/index\.ts$))/,
  },
  {
    why: 'nothing knows the command line',
    from: /^(billing-service|bot-client|bench)\//,
    never: /^cli\//,
  },
  { why: 'sources import no tests', from: /^[^/]+\/src\//, never: /^[^/]+\/test\// },
  {
    why: 'OpenTelemetry only where it is loaded late: by common/src/open-telemetry.ts',
    from: /^(common|billing-service|bot-client)\//,
    except: /^common\/src\/(open-telemetry|otlp-exporter)\.ts$/,
    never: /^@opentelemetry\//,
  },
  {
    why: 'open-telemetry.ts is imported by open-tracing.ts alone, and only if a setting asks for it',
    from: /^(common|billing-service|bot-client)\//,
    except: /^common\/src\/open-tracing\.ts$/,
    never: /^common\/src\/open-telemetry\.ts$/,
  },
  {
    why: 'telegraf only in bot-client/src/telegram',
    from: /^(billing-service|bot-client|bench)\//,
    except: /^bot-client\/(src\/telegram|test)\//,
    never: /^telegraf(\/|$)/,
  },
  {
    why: 'database and Redis drivers only in stores',
    from: new RegExp(`^${SERVICE}/`),
    except: new RegExp(`^${SERVICE}/stores/[^/]+/`),
    never: /^(pg|ioredis|drizzle-orm|@electric-sql\/pglite)(\/|$)/,
  },
  {
    why: 'Fastify only in http and the files that put the rooms together, right in src',
    from: new RegExp(`^${SERVICE}/`),
    except: new RegExp(`^${SERVICE}/(http/|[^/]+\\.ts$)`),
    never: /^(fastify|fastify-plugin|@fastify\/.*)$/,
  },
  {
    why: 'domain knows domain only; what it needs of the outside is an interface in domain/ports',
    from: new RegExp(`^${SERVICE}/domain/`),
    never: new RegExp(`^${SERVICE}/(http|jobs|readers|stores|[^/]+\\.ts$)`),
  },
  {
    why: 'a port knows values of the domain, and decides nothing',
    from: new RegExp(`^${SERVICE}/domain/ports/`),
    never: new RegExp(`^${SERVICE}/domain/.*/(reserve|commit|refund|apply|grant|read|put|list)-[^/]*$`),
  },
  ...roomsInOrder('tokens', 'limits', 'users', 'account'),
  ...roomsInOrder('payments', 'account', 'plan', 'catalogue'),
  {
    why: 'paid time is pure: it knows nothing of tokens, of stores or of the time of day',
    from: new RegExp(`^${SERVICE}/domain/plan/`),
    never: new RegExp(`^${SERVICE}/domain/(?!plan/|catalogue/)`),
  },
  {
    why: 'the console knows http and domain only',
    from: new RegExp(`^${SERVICE}/console/`),
    never: new RegExp(`^${SERVICE}/(jobs|readers|stores|[^/]+\\.ts$)`),
  },
  {
    why: 'nothing below knows the console',
    from: new RegExp(`^${SERVICE}/(http|domain|stores|jobs|readers)/`),
    never: new RegExp(`^${SERVICE}/console/`),
  },
  {
    why: 'stores know domain only',
    from: new RegExp(`^${SERVICE}/stores/`),
    never: new RegExp(`^${SERVICE}/(http|jobs|readers|[^/]+\\.ts$)`),
  },
  {
    why: 'jobs know domain only',
    from: new RegExp(`^${SERVICE}/jobs/`),
    never: new RegExp(`^${SERVICE}/(http|readers|stores|[^/]+\\.ts$)`),
  },
  {
    why: 'what follows the ledger knows domain only',
    from: new RegExp(`^${SERVICE}/readers/`),
    never: new RegExp(`^${SERVICE}/(http|jobs|stores|[^/]+\\.ts$)`),
  },
  {
    why: 'http knows domain only',
    from: new RegExp(`^${SERVICE}/http/`),
    never: new RegExp(`^${SERVICE}/(jobs|readers|stores|[^/]+\\.ts$)`),
  },
];

export function forbiddenImports(file: SourceFile): string[] {
  return IMPORT_RULES.filter((rule) => rule.from.test(file.path) && !rule.except?.test(file.path)).flatMap(
    (rule) =>
      importsOf(file)
        .filter((target) => rule.never.test(target) && target !== file.path)
        .map((target) => `${file.path} imports ${target}: ${rule.why}`),
  );
}
