/** What is stored is not what was sealed, or cannot be sealed: the message is one sentence for an operator. */
export class SealError extends Error {}
