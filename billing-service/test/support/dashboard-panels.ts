import { projectFile } from './project-file.js';

export interface Panel {
  title: string;
  queries: string[];
  place: { x: number; y: number };
}

interface Dashboard {
  panels: { type: string; title: string; gridPos: Panel['place']; targets?: { expr: string }[] }[];
}

/** The panels of deploy/grafana/farebox.json, without the rows between them. */
export function dashboardPanels(): Panel[] {
  const { panels } = JSON.parse(projectFile('deploy/grafana/farebox.json')) as Dashboard;
  return panels
    .filter(({ type }) => type !== 'row')
    .map(({ title, gridPos: place, targets = [] }) => ({
      ...{ title, place },
      queries: targets.map(({ expr }) => expr),
    }));
}
