/** Every change of who may do what, and of who may talk to whom. */
import { changesValue, firstDifference, type DangerRule } from './resource-step.js';

const RBAC_GROUPS: readonly string[] = ['rbac.authorization.k8s.io', 'authorization.openshift.io'];

const NETWORK_POLICIES: readonly string[] = [
  'networking.k8s.io/NetworkPolicy',
  'policy.networking.k8s.io/AdminNetworkPolicy',
  'policy.networking.k8s.io/BaselineAdminNetworkPolicy',
  'policy.networking.k8s.io/ClusterNetworkPolicy',
  'crd.projectcalico.org/NetworkPolicy',
  'crd.projectcalico.org/GlobalNetworkPolicy',
  'projectcalico.org/NetworkPolicy',
  'projectcalico.org/GlobalNetworkPolicy',
  'cilium.io/CiliumNetworkPolicy',
  'cilium.io/CiliumClusterwideNetworkPolicy',
  'security.istio.io/AuthorizationPolicy',
];

export const accessRule: DangerRule = (step) => {
  if (!changesValue(step)) return [];
  const path = firstDifference(step);
  const { group, kind } = step;
  if (RBAC_GROUPS.includes(group) || (group === '' && kind === 'ServiceAccount')) {
    return [{ kind: 'touches-rbac', path }];
  }
  return NETWORK_POLICIES.includes(`${group}/${kind}`) ? [{ kind: 'touches-network-policy', path }] : [];
};
