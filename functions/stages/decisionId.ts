/**
 * Id of the next decision on a fact (its correction, retraction or restoration) after `revision` others: who creates it
 * second decided without knowing of the first, and is told so.
 */
export const decisionId = (subject: string, revision: number): string => `${subject}.${revision}`
