// Every file of the project that is generated from its code. Add one here and run `npm run generate`.
import { configurationSchema, policyFileSchema } from '../src/config/json-schema.js';
import { referencePage } from '../src/config/reference-page.js';
import { commandsPage } from './commands-page.js';
import { metricsPage } from './metrics-page.js';

export interface GeneratedFile {
  /** Relative to the project. */
  readonly path: string;
  /** The whole content; formatted on writing unless it is Markdown. Must not depend on time or machine. */
  readonly render: () => string;
}

export const generatedFiles: readonly GeneratedFile[] = [
  { path: 'schema/lockkeeper.schema.json', render: () => JSON.stringify(configurationSchema()) },
  { path: 'schema/policy.schema.json', render: () => JSON.stringify(policyFileSchema()) },
  { path: 'docs/configuration.md', render: referencePage },
  { path: 'docs/commands.md', render: commandsPage },
  { path: 'docs/metrics.md', render: metricsPage },
];
