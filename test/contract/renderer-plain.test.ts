import { createPlainRenderer } from '../../src/adapters/plain/create-plain-renderer.js';
import { describeRendererContract } from './renderer-contract.js';

describeRendererContract({ name: 'plain', make: () => createPlainRenderer(), target: (files) => files });
