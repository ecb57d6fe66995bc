import { expect } from 'vitest'
import { API_AUDIENCE, startFrontDoor } from '../../frontDoor.ts'
import { documentedResponse } from '../../openapiDocument.ts'

/** A reading that a rider may send. */
export const reading = {
  seq: 0,
  t: 1_772_000_000_000,
  cadence: 88,
  resistance: 40,
  power: 210,
  distance: 1_000,
  work: 20
}
/** What a car may send. */
export const carBody = {
  boot: 4,
  readings: [{ seq: 0, t: 12, x: 1.5, y: 0, yaw: 0.1, speed: 1.4, wheelsOnTrack: true }]
}

/** A race that an admin may create. */
export const raceBody = {
  id: 'r1',
  raceId: 'r1',
  name: 'First',
  format: { kind: 'fastestLap' },
  course: { courseId: 'hall', name: 'Hall' },
  capacity: 4,
  timetable: {}
}

export type Send = {
  path?: string
  method?: string
  token?: string | undefined
  body?: unknown
  headers?: Record<string, string>
}

export type PolicyDoor = Awaited<ReturnType<typeof openPolicyDoor>>

/** The front door under a clock of its own, with a rider and a car who may pass it. */
export async function openPolicyDoor() {
  /** What the gateway takes for the time, in ms since 1970. */
  const clock = { now: Date.now() }
  const door = await startFrontDoor({ now: () => clock.now })
  const token = await door.seat('r1', 17)
  const carToken = await door.sign({ roles: ['viewer', 'car'] }, API_AUDIENCE)

  /** Sends and returns the answer, which the API's description must hold. */
  async function send({ path = '/races/r1/telemetry', method = 'POST', ...rest }: Send) {
    const body = typeof rest.body === 'object' ? JSON.stringify(rest.body) : rest.body
    const response = await fetch(door.url + path, {
      method,
      headers: {
        ...(rest.token ? { authorization: `Bearer ${rest.token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...rest.headers
      },
      ...(body === undefined ? {} : { body: body as string })
    })
    const text = await response.text()
    const problem = response.headers.get('content-type') === 'application/problem+json'
    if (problem) {
      const documented = documentedResponse(method, path, response.status)
      expect(documented?.mediaType).toBe('application/problem+json')
      expect(documented?.check(JSON.parse(text))).toEqual([])
    }
    return { status: response.status, headers: response.headers, text }
  }

  return {
    ...door,
    clock,
    /** The seat of bib 17 in race r1. */
    token,
    send,
    /** Sends what must be refused at the door. */
    refused: async (request: Send) => {
      const { status, headers, text } = await send(request)
      expect(door.received).toEqual([])
      const { type, detail, ...rest } = JSON.parse(text)
      expect(rest.status).toBe(status)
      return { status, headers, kind: type.split('/').at(-1), detail }
    },
    /** A token of the official `oid` with these roles. */
    official: (roles: string[], oid = 'o-1') => door.sign({ oid, roles }, API_AUDIENCE),
    /** A car's request, but for what is given. */
    car: (request: Send): Send => ({
      path: '/cars/car-16/telemetry',
      token: carToken,
      body: carBody,
      ...request
    }),
    /** A rider's request, but for what is given. */
    rider: (request: Send): Send => ({ token, body: reading, ...request }),
    /** As before the first request: time, counters, what the backend got and what it answers. */
    reset: async () => {
      clock.now = Date.now()
      await door.reset()
      door.received.length = 0
      Object.assign(door.answer, { status: 201, headers: {}, body: '' })
    }
  }
}
