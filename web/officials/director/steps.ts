import type { Step } from '#contract/office'
import type { Phase } from '#contract/race'
import type { RaceDetail } from '#contract/standings'

/** A step of a race's life as it is offered: what it means, and how sure one has to be. */
export type OfferedStep = {
  step: Step
  title: string
  meaning: string
  phases: readonly Phase[]
  /** `press` once, say `yes`, or type the race's `name`. */
  sure: 'press' | 'yes' | 'name'
}

/** What an admin may order before the classification is signed. */
export const STEPS: readonly OfferedStep[] = [
  {
    step: 'open',
    title: 'Open the race',
    meaning: 'Its configuration is frozen, and competitors and runs are taken from now on.',
    phases: ['scheduled'],
    sure: 'press'
  },
  {
    step: 'start',
    title: 'Start the race',
    meaning: 'The gun: the race’s clock runs from now on.',
    phases: ['open'],
    sure: 'press'
  },
  {
    step: 'close',
    title: 'Close the race',
    meaning:
      'No lap begins any more; what is on its way still counts. Then the classification is provisional. A closed race is not started again.',
    phases: ['running'],
    sure: 'yes'
  },
  {
    step: 'abort',
    title: 'Abort the race',
    meaning:
      'It ends at once and for good, without a result. The ledger keeps what was timed. Nothing brings the race back.',
    phases: ['scheduled', 'open', 'countdown', 'running'],
    sure: 'name'
  }
]

/** Why a step is not for now; undefined where it is. */
export function untimely(
  { step, phases }: OfferedStep,
  { phase, startsAt }: Pick<RaceDetail, 'phase' | 'startsAt'>
): string | undefined {
  if (!phases.includes(phase)) return `Not while the race is ${PHASE_WORDS[phase].toLowerCase()}.`
  return step === 'start' && startsAt !== null ? 'It starts by its timetable.' : undefined
}

/** The step that comes next; undefined where the race goes on by itself. */
export const nextOf = (race: Pick<RaceDetail, 'phase' | 'startsAt'>): OfferedStep | undefined =>
  STEPS.find(offered => offered.step !== 'abort' && untimely(offered, race) === undefined)

export const PHASE_WORDS: Record<Phase, string> = {
  scheduled: 'Scheduled',
  open: 'Open',
  countdown: 'Starting',
  running: 'Running',
  finishing: 'Finishing',
  provisional: 'Provisional',
  official: 'Official',
  aborted: 'Aborted'
}
