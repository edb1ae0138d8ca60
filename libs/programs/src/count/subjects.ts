import type { Register } from '../changes.js';
import type { Subject } from './late-subject.js';
import {
  inOneWord,
  subjectKey,
  type SubjectKind,
  type SubjectName,
} from './subject.js';

/** The subjects of merchants, as they are found and left. */
export interface Subjects {
  of(merchantId: string, name: SubjectName): Subject | undefined;
  keep(merchantId: string, name: SubjectName, subject: Subject): void;
}

/** Those that a batch needs. */
export class KeyedSubjects implements Subjects {
  /** @param subjects by {@link subjectKey} */
  constructor(private readonly subjects: Register<Subject>) {}

  of(merchantId: string, name: SubjectName): Subject | undefined {
    return this.subjects.get(subjectKey(merchantId, inOneWord(name)));
  }

  keep(merchantId: string, name: SubjectName, subject: Subject): void {
    this.subjects.set(subjectKey(merchantId, inOneWord(name)), subject);
  }
}

/** All that there are, by merchant, kind and identifier: so none needs a key to be made. */
export class AllSubjects implements Subjects {
  readonly #byMerchant = new Map<string, SubjectsByKind>();

  of(merchantId: string, { kind, id }: SubjectName): Subject | undefined {
    return this.#byMerchant.get(merchantId)?.[kind].get(id);
  }

  keep(merchantId: string, { kind, id }: SubjectName, subject: Subject): void {
    let subjects = this.#byMerchant.get(merchantId);
    if (!subjects) {
      subjects = {
        order: new Map(),
        session: new Map(),
        video: new Map(),
        product: new Map(),
      };
      this.#byMerchant.set(merchantId, subjects);
    }
    subjects[kind].set(id, subject);
  }

  change(change: (subject: Subject) => Subject): void {
    for (const kinds of this.#byMerchant.values())
      for (const subjects of Object.values(kinds))
        for (const [id, subject] of subjects) subjects.set(id, change(subject));
  }
}

type SubjectsByKind = Record<SubjectKind, Map<string, Subject>>;
