import type { KnownMerchant } from '../count/known-merchant.js';
import {
  lateForOf,
  LateSubject,
  recordOf,
  type Subject,
} from '../count/late-subject.js';
import { UNKNOWN_MERCHANT } from '../count/merchant-facts.js';
import type { RecordedEvent } from '../count/recount.js';
import type { OrdersInMemory } from './orders-in-memory.js';
import type { SubjectKind, SubjectName } from '../count/subject.js';

/** What a subject is once goals begin that found nothing of it. @param begun see `HeldGoal.id` */
export function beforeGoals(
  subject: Subject,
  begun: readonly string[],
): Subject {
  const apart = new Map(lateForOf(subject));
  for (const goalId of begun) apart.set(goalId, undefined);
  return apart.size > 0 ? new LateSubject(recordOf(subject), apart) : subject;
}

/** All that a granter in memory knows of a merchant beside its progress. */
export class MerchantInMemory implements KnownMerchant {
  facts = UNKNOWN_MERCHANT;
  /** By identifier, so that no key has to be made. */
  readonly #sessions = new Map<string, Subject>();
  /** Goals ask for the same one after the other. */
  #lastSessionId: string | null = null;
  #lastSession: Subject | undefined;
  readonly #videos = new Map<string, Subject>();
  readonly #products = new Map<string, Subject>();
  /** Null where they are not remembered. */
  readonly #events: RecordedEvent[] | null;

  /**
   * @param number among the merchants, from 0
   * @param orders of all merchants
   * @param remembers whether its events can be counted anew
   */
  constructor(
    private readonly number: number,
    private readonly orders: OrdersInMemory,
    remembers: boolean,
  ) {
    this.#events = remembers ? [] : null;
  }

  subject({ kind, id }: SubjectName): Subject | undefined {
    return kind === 'order'
      ? this.orders.get(this.number, id)
      : this.#of(kind).get(id);
  }

  session(id: string): Subject | undefined {
    if (id !== this.#lastSessionId) {
      this.#lastSessionId = id;
      this.#lastSession = this.#sessions.get(id);
    }
    return this.#lastSession;
  }

  keepSubject({ kind, id }: SubjectName, subject: Subject): void {
    if (kind === 'order') this.orders.set(this.number, id, subject);
    else this.#of(kind).set(id, subject);
    if (kind === 'session') this.#lastSessionId = null;
  }

  /**
   * Goals that begin now have found nothing of what came before. Orders are not the merchant's to change.
   *
   * @param begun see `HeldGoal.id`
   */
  beginGoals(begun: readonly string[]): void {
    this.#lastSessionId = null;
    for (const subjects of [this.#sessions, this.#videos, this.#products])
      for (const [id, subject] of subjects)
        subjects.set(id, beforeGoals(subject, begun));
    for (const one of this.#events ?? [])
      one.lateFor = [...one.lateFor, ...begun];
  }

  #of(kind: Exclude<SubjectKind, 'order'>): Map<string, Subject> {
    switch (kind) {
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
