import type { KnownMerchant } from '../count/known-merchant.js';
import {
  lateForOf,
  LateSubject,
  recordOf,
  type Subject,
} from '../count/late-subject.js';
import { UNKNOWN_MERCHANT } from '../count/merchant-facts.js';
import type { RecordedEvent } from '../count/recount.js';
import type { SubjectKind, SubjectName } from '../count/subject.js';

/** All that a granter in memory knows of a merchant beside its progress. */
export class MerchantInMemory implements KnownMerchant {
  facts = UNKNOWN_MERCHANT;
  /** By identifier, so that no key has to be made. */
  readonly #orders = new Map<string, Subject>();
  readonly #sessions = new Map<string, Subject>();
  /** Goals ask for the same one after the other. */
  #lastSessionId: string | null = null;
  #lastSession: Subject | undefined;
  readonly #videos = new Map<string, Subject>();
  readonly #products = new Map<string, Subject>();
  /** Null where they are not remembered. */
  readonly #events: RecordedEvent[] | null;

  /** @param remembers whether its events can be counted anew */
  constructor(remembers: boolean) {
    this.#events = remembers ? [] : null;
  }

  subject({ kind, id }: SubjectName): Subject | undefined {
    return this.#of(kind).get(id);
  }

  session(id: string): Subject | undefined {
    if (id !== this.#lastSessionId) {
      this.#lastSessionId = id;
      this.#lastSession = this.#sessions.get(id);
    }
    return this.#lastSession;
  }

  keepSubject({ kind, id }: SubjectName, subject: Subject): void {
    this.#of(kind).set(id, subject);
    if (kind === 'session') this.#lastSessionId = null;
  }

  /** Goals that begin now have found nothing of what came before. @param begun see `HeldGoal.id` */
  beginGoals(begun: readonly string[]): void {
    this.#lastSessionId = null;
    for (const subjects of [
      this.#orders,
      this.#sessions,
      this.#videos,
      this.#products,
    ])
      for (const [id, subject] of subjects) {
        const apart = new Map(lateForOf(subject));
        for (const goalId of begun) apart.set(goalId, undefined);
        if (apart.size > 0)
          subjects.set(id, new LateSubject(recordOf(subject), apart));
      }
    for (const one of this.#events ?? [])
      one.lateFor = [...one.lateFor, ...begun];
  }

  #of(kind: SubjectKind): Map<string, Subject> {
    switch (kind) {
      case 'order':
        return this.#orders;
      case 'session':
        return this.#sessions;
      case 'video':
        return this.#videos;
      case 'product':
        return this.#products;
    }
  }

  remember({ event, lateFor }: RecordedEvent): void {
    this.#events?.push({ event, lateFor });
  }

  /** What is remembered, in the order in which it was accepted. @throws Error where it is not */
  get remembered(): readonly RecordedEvent[] {
    if (!this.#events)
      throw new Error('what was not remembered is to be counted anew');
    return this.#events;
  }
}
