import { createKustomizeRenderer } from '../../src/adapters/kustomize/create-kustomize-renderer.js';
import { describeWithTool } from '../tools/require-tool.js';
import { processes } from './git-origin.js';
import { describeRendererContract } from './renderer-contract.js';

describeWithTool('kustomize', 'kustomize', () => {
  describeRendererContract({
    name: 'kustomize',
    make: ({ temporaryDirectory }) => createKustomizeRenderer({ processes, temporaryDirectory }),
    target: (files) => {
      const resources = Object.keys(files).map((path) => `- ${path.slice('app/'.length)}\n`);
      return { ...files, 'app/kustomization.yaml': `resources:\n${resources.join('')}` };
    },
  });
});
