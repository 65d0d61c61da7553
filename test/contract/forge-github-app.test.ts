import { githubApp } from '../adapters/github/github-harness.js';
import { forgeContract } from './forge-contract.js';

forgeContract(githubApp);
