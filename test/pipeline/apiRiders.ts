import { type ApiCase, KEY, NOW_READING, RACE } from './apiCase.ts'

/** What riders and cars send, and the sockets of riders and screens. */
export const riders: ApiCase[] = [
  {
    does: 'opens a socket to a screen',
    operation: 'negotiate',
    path: `/races/${RACE}/negotiate`,
    status: 200,
    as: 'screen'
  },
  {
    does: 'opens a socket to a rider',
    operation: 'negotiate',
    path: `/races/${RACE}/negotiate`,
    status: 200,
    as: 'seat'
  },
  {
    does: 'opens none to a rider of another race',
    operation: 'negotiate',
    path: '/races/other/negotiate',
    status: 403,
    as: 'seat'
  },
  {
    does: 'opens none to nobody',
    operation: 'negotiate',
    path: `/races/${RACE}/negotiate`,
    status: 401
  },
  {
    does: 'gives a seat',
    operation: 'takeSeat',
    path: `/races/${RACE}/seats`,
    status: 201,
    headers: KEY,
    body: { nickname: 'ليلى', country: 'UAE' }
  },
  {
    does: 'gives the same one again',
    operation: 'takeSeat',
    path: `/races/${RACE}/seats`,
    status: 201,
    headers: KEY,
    body: { nickname: 'ليلى', country: 'UAE' }
  },
  {
    does: 'keeps another rider from its key',
    operation: 'takeSeat',
    path: `/races/${RACE}/seats`,
    status: 422,
    headers: KEY,
    body: { nickname: 'Bo' }
  },
  {
    does: 'gives nobody the name of another',
    operation: 'takeSeat',
    path: `/races/${RACE}/seats`,
    status: 409,
    body: { nickname: 'åsa 🚲' }
  },
  {
    does: 'refuses a nameless rider',
    operation: 'takeSeat',
    path: `/races/${RACE}/seats`,
    status: 400,
    body: { nickname: ' ' }
  },
  {
    does: 'has no seats in no race',
    operation: 'takeSeat',
    path: '/races/nowhere/seats',
    status: 404,
    body: { nickname: 'A' }
  },
  {
    does: 'keeps a seat',
    operation: 'renewSeat',
    path: `/races/${RACE}/seats/1/renewal`,
    status: 200,
    as: 'seat'
  },
  {
    does: 'keeps it for nobody else',
    operation: 'renewSeat',
    path: `/races/${RACE}/seats/2/renewal`,
    status: 403,
    as: 'seat'
  },
  {
    does: 'keeps none for nobody',
    operation: 'renewSeat',
    path: `/races/${RACE}/seats/1/renewal`,
    status: 401
  },
  {
    does: 'keeps others from a seat',
    operation: 'leaveSeat',
    path: `/races/${RACE}/seats/2`,
    status: 403,
    as: 'seat'
  },
  {
    does: 'takes a reading',
    operation: 'sendTelemetry',
    path: `/races/${RACE}/telemetry`,
    status: 202,
    as: 'seat',
    body: { ...NOW_READING, seq: 1, t: 1 }
  },
  {
    does: 'refuses what is no JSON',
    operation: 'sendTelemetry',
    path: `/races/${RACE}/telemetry`,
    status: 400,
    as: 'seat',
    body: 'ride on'
  },
  {
    does: 'refuses an unknown field',
    operation: 'sendTelemetry',
    path: `/races/${RACE}/telemetry`,
    status: 400,
    as: 'seat',
    body: { ...NOW_READING, t: 1, bib: 7 }
  },
  {
    does: 'refuses an unsigned reading',
    operation: 'sendTelemetry',
    path: `/races/${RACE}/telemetry`,
    status: 401,
    body: { ...NOW_READING, t: 1 }
  },
  {
    does: 'refuses a reading for another race',
    operation: 'sendTelemetry',
    path: '/races/other/telemetry',
    status: 403,
    as: 'seat',
    body: { ...NOW_READING, t: 1 }
  },
  {
    does: 'refuses a huge body',
    operation: 'sendTelemetry',
    path: `/races/${RACE}/telemetry`,
    status: 413,
    as: 'seat',
    body: 'x'.repeat(20_000)
  },
  {
    does: 'takes a car',
    operation: 'sendCarTelemetry',
    path: '/cars/car-9/telemetry',
    status: 202,
    as: 'car',
    body: {
      boot: 1,
      readings: [{ seq: 0, t: 0, x: 1, y: 1, yaw: 0, speed: 1, wheelsOnTrack: true }]
    }
  },
  {
    does: 'refuses a rider as a car',
    operation: 'sendCarTelemetry',
    path: '/cars/car-9/telemetry',
    status: 401,
    as: 'seat',
    body: { boot: 1, readings: [] }
  },
  {
    does: 'gives a seat back',
    operation: 'leaveSeat',
    path: `/races/${RACE}/seats/1`,
    status: 204,
    as: 'seat'
  },
  {
    does: 'keeps no seat that was given back',
    operation: 'renewSeat',
    path: `/races/${RACE}/seats/1/renewal`,
    status: 401,
    as: 'seat'
  }
]
