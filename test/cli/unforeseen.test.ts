import { expect, it } from 'vitest';
import { startProgram } from '../processes/programs.js';

it('tells what no command foresaw in a sentence, and where it came from only to who asks', async () => {
  const environment = {
    APP_ID: '7',
    PRIVATE_KEY: '-----BEGIN PRIVATE KEY-----\\nbm90IGEga2V5\\n-----END PRIVATE KEY-----',
    WEBHOOK_SECRET: 'secret',
  };
  const [plain, debugging] = [{}, { LOG_LEVEL: 'debug' }].map((more) =>
    startProgram(['doctor'], { ...environment, ...more }),
  );
  expect([await plain?.ended, await debugging?.ended]).toEqual([1, 1]);
  expect(plain?.errors()).toBe('lockkeeper: The private key of the GitHub App is no PEM private key\n');
  expect(debugging?.errors()).toMatch(/^lockkeeper: The private key .*\n[^]*\n {4}at /);
});
