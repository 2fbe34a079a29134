/** Every alert says what to do, is tested both ways, and asks for figures that are there. */
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { parse } from 'yaml';
import { chapter, figuresIn, unknownFigures } from '../support/named-figures.js';
import { projectFile } from '../support/project-file.js';
import { required, whereFound } from '../support/test-environment.js';

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; runbook: string };
}
interface RuleTest {
  alert_rule_test: { alertname: string; exp_alerts: unknown[] }[];
}

const RULES = 'deploy/prometheus/farebox-rules.yml';
const TESTS = 'deploy/prometheus/farebox-rules.test.yml';
const { groups } = parse(projectFile(RULES)) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const names = rules.map(({ alert }) => alert);

t.test('docs/operations.md has a section for each alert, by its name, and no other', async (t) => {
  t.ok(names.length > 20, 'the alerts were found');
  const sections = chapter('Alerts').split(/^### /m).slice(1);
  t.same(
    sections.map((section) => section.split('\n')[0]),
    names,
  );
  for (const section of sections) {
    const parts = [...section.matchAll(/^- \*\*(\w+)\*\*: ./gm)].map(([, part]) => part);
    t.same(parts, ['Seen', 'Why', 'Do'], `${section.split('\n')[0]}`);
  }
  for (const { alert, labels, annotations } of rules) {
    t.match(labels.severity, /^(critical|warning)$/, alert);
    t.ok(annotations.summary, alert);
    t.equal(annotations.runbook, `docs/operations.md#${alert.toLowerCase()}`);
  }
});

t.test('each alert has a test where it fires and one where it does not', async (t) => {
  const { tests } = parse(projectFile(TESTS)) as { tests: RuleTest[] };
  const cases = tests.flatMap((test) => test.alert_rule_test);
  for (const name of names) {
    const fires = cases.filter((one) => one.alertname === name).map((one) => one.exp_alerts.length > 0);
    t.same(fires.sort(), [false, true], name);
  }
});

t.test('alerts ask only for figures that docs/operations.md tells of', async (t) => {
  t.same(unknownFigures('sum by (le) (rate(farebox_no_such_bucket{a_b="c_d"}[5m])) > 1'), [
    'farebox_no_such',
  ]);
  for (const { alert, expr } of rules) {
    t.ok(figuresIn(expr).length > 0 || /^up|nodejs_/.test(expr), `${alert}: its figures were found`);
    t.same(unknownFigures(expr), [], alert);
  }
});

t.test('promtool runs the alerts’ own tests', whereFound('TEST_PROMETHEUS', 'prometheus'), async (t) => {
  const promtool = join(dirname(required('TEST_PROMETHEUS')), 'promtool');
  const folder = fileURLToPath(new URL('../../../../deploy/prometheus/', import.meta.url));
  const run = (...args: string[]) => execFileSync(promtool, args, { cwd: folder, encoding: 'utf8' });
  t.match(run('check', 'rules', 'farebox-rules.yml'), /SUCCESS/);
  t.match(run('test', 'rules', 'farebox-rules.test.yml'), /SUCCESS/);
  t.match(run('check', 'config', 'prometheus.yml'), /SUCCESS/);
});
