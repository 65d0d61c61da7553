import { createHelm, createHelmRenderer } from '../../src/adapters/helm/create-helm-renderer.js';
import { describeWithTool } from '../tools/require-tool.js';
import { processes } from './git-origin.js';
import { describeRendererContract } from './renderer-contract.js';

/** Prints the chart's other YAML files as they are. */
const everyFile = '{{ range $path, $_ := .Files.Glob "*.yaml" }}\n{{ $.Files.Get $path }}\n---\n{{ end }}';

describeWithTool('helm', 'helm', () => {
  describeRendererContract({
    name: 'helm',
    make: ({ temporaryDirectory }) => createHelmRenderer(createHelm({ processes, temporaryDirectory })),
    target: (files) => ({
      ...files,
      'app/Chart.yaml': 'apiVersion: v2\nname: app\nversion: 0.1.0\n',
      'app/templates/all.yaml': everyFile,
    }),
  });
});
