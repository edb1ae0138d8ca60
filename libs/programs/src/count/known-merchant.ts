import type { Register } from '../changes.js';
import type { Subject } from './late-subject.js';
import { UNKNOWN_MERCHANT, type MerchantFacts } from './merchant-facts.js';
import { inOneWord, subjectKey, type SubjectName } from './subject.js';

/** What is known of a merchant's streams. */
export interface KnownSessions {
  session(id: string): Subject | undefined;
}

/** What is known of a merchant as counting goes on, which keeps in it what it learns. */
export interface KnownMerchant extends KnownSessions {
  facts: MerchantFacts;
  subject(name: SubjectName): Subject | undefined;
  keepSubject(name: SubjectName, subject: Subject): void;
}

/** A merchant among all that a batch needs. */
export class MerchantOfBatch implements KnownMerchant {
  /**
   * @param known the facts by merchant
   * @param subjects by {@link subjectKey}
   */
  constructor(
    private readonly merchantId: string,
    private readonly known: Register<MerchantFacts>,
    private readonly subjects: Register<Subject>,
  ) {}

  get facts(): MerchantFacts {
    return this.known.get(this.merchantId) ?? UNKNOWN_MERCHANT;
  }

  set facts(facts: MerchantFacts) {
    this.known.set(this.merchantId, facts);
  }

  subject(name: SubjectName): Subject | undefined {
    return this.subjects.get(this.#key(name));
  }

  session(id: string): Subject | undefined {
    return this.subject({ kind: 'session', id });
  }

  keepSubject(name: SubjectName, subject: Subject): void {
    this.subjects.set(this.#key(name), subject);
  }

  #key(name: SubjectName): string {
    return subjectKey(this.merchantId, inOneWord(name));
  }
}
