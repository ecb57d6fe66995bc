import { describe, expect, it } from 'vitest'
import { newPlan, planEpisode } from '../../infra/local/functionsHost/durable/actions.ts'

const started = { EventType: 0, EventId: -1 }
const timer = { actionType: 5, fireAt: '2026-07-01T10:00:00.000Z' }
const activity = { actionType: 0, functionName: 'a', input: 1 }

describe('an episode', () => {
  it('counts ids in list order, children first, and leaves out what was known', () => {
    const any = { actionType: 11, compoundActions: [timer, { actionType: 6 }, activity] }
    const first = planEpisode(newPlan(), started, [activity, any], 0)
    expect(first.effects.map(effect => [effect.kind, 'id' in effect && effect.id])).toEqual([
      ['activity', 0],
      ['timer', 1],
      ['activity', 2]
    ])
    const cancelled = { ...any, compoundActions: [{ ...timer, isCanceled: true }] }
    const second = planEpisode(first.plan, started, [activity, cancelled, activity], 0)
    expect(second.effects).toEqual([
      { kind: 'cancel', id: 1 },
      { kind: 'activity', id: 3, name: 'a', input: '1' }
    ])
  })

  it('takes the ids of a retry before those of new actions, with a growing pause', () => {
    const retryOptions = {
      firstRetryIntervalInMilliseconds: 100,
      maxNumberOfAttempts: 3,
      backoffCoefficient: 2
    }
    const retried = { actionType: 1, functionName: 'r', input: '"x"', retryOptions }
    let { plan } = planEpisode(newPlan(), started, [retried], 0)
    const failed = (TaskScheduledId: number) => ({ EventType: 6, EventId: -1, TaskScheduledId })
    const fired = (TimerId: number) => ({ EventType: 11, EventId: -1, TimerId })
    const seen = []
    for (const event of [failed(0), fired(1), failed(2), fired(3), failed(4), fired(5)]) {
      const next = planEpisode(plan, event, [retried], 1000)
      plan = next.plan
      seen.push(next.effects)
    }
    const attempt = (id: number) => [{ kind: 'activity', id, name: 'r', input: '"x"' }]
    const backOff = (id: number, fireAt: number) => [{ kind: 'timer', id, fireAt }]
    expect(seen).toEqual([
      backOff(1, 1100),
      attempt(2),
      backOff(3, 1200),
      attempt(4),
      backOff(5, 1400),
      []
    ])
  })

  it('refuses actions that are not served, by name', () => {
    expect(() => planEpisode(newPlan(), started, [{ actionType: 8 }], 0)).toThrow('callHttp')
  })
})
