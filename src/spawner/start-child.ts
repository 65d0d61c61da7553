/**
 * Starts programs for every part of this process, through one spawner.
 *
 * One for the process and not one for each part, since it stands in for a weakness of the process itself: see run-children.js.
 */
import type { Child, ChildRequest } from './child.js';
import { Spawner } from './spawner.js';

const spawner = new Spawner();

/** The child may turn out not to have been started: see {@link Child.ended}. */
export function startChild(request: ChildRequest): Child {
  return spawner.start(request);
}
