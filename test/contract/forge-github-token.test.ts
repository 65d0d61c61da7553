import { githubToken } from '../adapters/github/github-harness.js';
import { forgeContract } from './forge-contract.js';

forgeContract(githubToken);
