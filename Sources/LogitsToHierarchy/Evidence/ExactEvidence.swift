/// What is known exactly of groups' reassigned probabilities.
///
/// R[G] depends on G and the rows of G alone, not on the other groups, so evidence stays valid once it is computed.
package typealias ExactEvidence = [Group: ReassignedProbability]
