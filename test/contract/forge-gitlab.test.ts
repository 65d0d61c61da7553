import { forgeContract } from './forge-contract.js';
import { gitlabHarness } from './gitlab-harness.js';

forgeContract(gitlabHarness);
