import { createCommandRenderer } from '../../src/adapters/command/create-command-renderer.js';
import { processes } from './git-origin.js';
import { describeRendererContract } from './renderer-contract.js';

const all = 'for file in "$1"/*.yaml; do cat "$file"; echo ---; done';

describeRendererContract({
  name: 'command',
  make: ({ temporaryDirectory }) => {
    const commands = { all: ['sh', '-c', all, 'sh', '{directory}'] } as const;
    const renderer = createCommandRenderer({ processes, temporaryDirectory, commands });
    return { ...renderer, render: (source) => renderer.render({ ...source, command: 'all' }) };
  },
  target: (files) => files,
});
