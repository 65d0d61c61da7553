/** One life of the bot: from its start to its death. */
import type { FastifyInstance } from 'fastify';
import type { App } from '../../../src/app/app.js';
import type { Mortal } from './reach.js';

export class Incarnation implements Mortal {
  #state: 'alive' | 'dead' = 'alive';
  readonly death: Promise<'died'>;
  #die: (word: 'died') => void = () => undefined;

  constructor(
    readonly number: number,
    readonly app: App,
    readonly server: FastifyInstance,
  ) {
    this.death = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  die(): void {
    this.#state = 'dead';
    this.#die('died');
  }

  isDead(): boolean {
    return this.#state === 'dead';
  }
}
