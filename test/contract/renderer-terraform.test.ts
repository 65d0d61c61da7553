import { createTerraformRenderer } from '../../src/adapters/terraform/create-terraform-renderer.js';
import { processes } from './git-origin.js';
import { describeRendererContract } from './renderer-contract.js';

describeRendererContract({
  name: 'terraform',
  make: ({ temporaryDirectory }) =>
    createTerraformRenderer({ processes, temporaryDirectory, plan: 'refused', fingerprint: () => 'f' }),
  target: (files) =>
    Object.fromEntries(Object.entries(files).map(([path, file]) => [path.replace(/\.yaml$/, '.tf'), file])),
});
