/**
 * Of the contract, by the rules of semantic versioning: that of the npm package and of the AsyncAPI document. A topic's
 * name bears its major version.
 */
export const CONTRACT_VERSION = '1.0.0';
