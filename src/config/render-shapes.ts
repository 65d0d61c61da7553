/** Keys of `.lockkeeper.yaml` that say what makes manifests of a target, and of which files. */
import { fields, list, optional, required, text } from './shape.js';
import {
  applicationName,
  chartPath,
  commandName,
  environmentReference,
  inputGlob,
  namePattern,
  valuesPath,
} from './text-formats.js';

const SOME = { min: 1, max: 100 };

export const command = fields('render', {
  command: required(
    text(commandName),
    "The name of a command from the server's settings (`LOCKKEEPER_RENDER_COMMANDS`); what it prints are the target's manifests.",
  ),
});

export const helm = fields(
  'helm',
  {
    chart: optional(
      text(chartPath),
      "The chart's directory, from the top of the repository; with `./` or `../` in front, from the target's directory. With it, directories that hold only values files are rendered by helm.",
      "the target's directory",
    ),
    values: optional(
      list(text(valuesPath), SOME),
      "Values files, the later over the earlier, from the target's directory; with `/` in front, from the top of the repository. Each must be there.",
      "those that are there of `values-{env}`, `values.{env}`, `values/{env}` and `{env}` (`.yaml` or `.yml`) in the chart, then, where the chart is elsewhere, `values` and the same names in the target's directory",
    ),
    release: optional(text(namePattern), "The release's name.", '`{app}`'),
    namespace: optional(text(namePattern), 'The namespace that helm is told.', 'none is told'),
  },
  {},
);

export const input = fields('inputs', {
  files: required(list(text(inputGlob), SOME), 'Patterns over paths from the top of the repository.'),
  environments: optional(list(text(environmentReference), SOME), 'Only targets in these read them.', 'all of them'),
  applications: optional(list(text(applicationName), SOME), 'Only targets of these read them.', 'all of them'),
});
