/** Inputs that no reading of files can find: the configuration names them. */
import type { InputRule } from '../../configuration.js';
import { compileGlobs } from '../../glob/glob.js';
import type { TargetName } from '../../ids.js';
import type { TreeView } from '../../tree/tree-view.js';
import type { Closure } from './closure.js';

export interface DeclaredInputs {
  readonly rule: InputRule;
  /** Every file of the tree that the rule names. */
  readonly paths: readonly string[];
}

export function matchInputs(rules: readonly InputRule[], view: TreeView): readonly DeclaredInputs[] {
  return rules.map((rule) => ({ rule, paths: view.paths.filter(compileGlobs(rule.files)) }));
}

export function declaredFor(target: TargetName, inputs: readonly DeclaredInputs[]): Closure {
  const paths = inputs.filter(({ rule }) => isFor(rule, target)).flatMap((each) => each.paths);
  return { paths: new Set(paths), directories: new Set() };
}

function isFor({ applications, environments }: InputRule, { app, env }: TargetName): boolean {
  return (applications?.includes(app) ?? true) && (environments?.includes(env) ?? true);
}
