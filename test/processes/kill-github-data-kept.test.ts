import { describe, it } from 'vitest';
import { killBetweenSteps } from './kill-between-steps.js';

describe('a release on github while the bot is killed between every two steps, DATA_DIR kept', () => {
  it('arrives, and nothing is doubled', { timeout: 180_000 }, () => killBetweenSteps('github', 'kept'));
});
