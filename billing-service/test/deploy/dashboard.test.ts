/** The dashboard asks for figures that are there, and is put where compose and Grafana look for it. */
import t from 'tap';
import { parse } from 'yaml';
import { dashboardPanels } from '../support/dashboard-panels.js';
import { figuresIn, figuresInDocs, unknownFigures } from '../support/named-figures.js';
import { projectFile } from '../support/project-file.js';

const panels = dashboardPanels();
const queries = panels.flatMap((panel) => panel.queries);

t.test('every panel asks for figures that docs/operations.md tells of', async (t) => {
  t.ok(queries.length > 30, 'the queries were found');
  for (const { title, queries } of panels)
    for (const query of queries) t.same(unknownFigures(query), [], `${title}: ${query}`);
});

t.test('no two panels have one name, and none lies on another', async (t) => {
  t.equal(new Set(panels.map(({ title }) => title)).size, panels.length);
  const places = panels.map(({ place }) => `${place.x},${place.y}`);
  t.equal(new Set(places).size, places.length);
});

t.test('what the money alerts ask for can be seen on it', async (t) => {
  const shown = new Set(queries.flatMap(figuresIn));
  for (const name of figuresInDocs().filter((name) =>
    /audit_mismatches|invariants|uncollected|outbox_/.test(name),
  ))
    t.ok(shown.has(name), name);
});

t.test('Grafana finds it where docker-compose.yml puts it', async (t) => {
  const { services } = parse(projectFile('docker-compose.yml')) as {
    services: { grafana: { volumes: string[] } };
  };
  const { providers } = parse(projectFile('deploy/grafana/provisioning/dashboards/farebox.yml')) as {
    providers: { options: { path: string } }[];
  };
  const folder = providers[0]?.options.path;
  t.ok(services.grafana.volumes.includes(`./deploy/grafana/farebox.json:${folder}/farebox.json:ro`));
});
