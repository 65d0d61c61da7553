import { describe, it } from 'vitest';
import { killBetweenSteps } from './kill-between-steps.js';

describe('a release on github while the bot is killed between every two steps, DATA_DIR kept and deleted in turn', () => {
  it('arrives, and nothing is doubled', { timeout: 300_000 }, () => killBetweenSteps('github', 'kept'));
});
