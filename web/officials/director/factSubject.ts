import type { Fact } from '#contract/ledger'

/** Whose place a fact may have changed, and which lap it is about; each undefined where there is none. */
export type FactSubject = { bib: number | undefined; lapId: string | undefined }

/** What a fact is about; `factOf` knows other facts by their ids, and runs by theirs. */
export function subjectOf(fact: Fact, factOf: (id: string) => Fact | undefined): FactSubject {
  switch (fact.kind) {
    case 'lap':
      return { bib: fact.bib, lapId: fact.id }
    case 'correct':
      return of(fact.lapId)
    case 'retract':
    case 'restore':
    case 'settle':
      return of(fact.of)
    case 'order':
      return { bib: fact.bibs[0], lapId: undefined }
    case 'pause':
    case 'resume':
    case 'runEnd':
    case 'submit':
      return of(fact.runId)
    default:
      return { bib: 'bib' in fact ? fact.bib : undefined, lapId: undefined }
  }

  function of(id: string): FactSubject {
    const subject = factOf(id)
    return {
      bib: subject && 'bib' in subject ? subject.bib : undefined,
      lapId: subject?.kind === 'lap' ? id : undefined
    }
  }
}
