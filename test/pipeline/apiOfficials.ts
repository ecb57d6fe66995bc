import { type ApiCase, CREATED, KEY, LAP, LAPS, trial } from './apiCase.ts'

/** What officials enter, create and order; the cars are switched off. */
export const officials: ApiCase[] = [
  {
    does: 'creates a race',
    operation: 'createRace',
    path: '/races',
    status: 201,
    as: 'admin',
    body: CREATED
  },
  {
    does: 'knows the same race again',
    operation: 'createRace',
    path: '/races',
    status: 200,
    as: 'admin',
    body: CREATED
  },
  {
    does: 'keeps another race from its id',
    operation: 'createRace',
    path: '/races',
    status: 409,
    as: 'admin',
    body: { ...CREATED, capacity: 7 }
  },
  {
    does: 'creates a race that an official opens',
    operation: 'createRace',
    path: '/races',
    status: 201,
    as: 'admin',
    body: trial('api-closed')
  },
  {
    does: 'refuses a race of two ids',
    operation: 'createRace',
    path: '/races',
    status: 400,
    as: 'admin',
    body: { ...CREATED, id: 'other' }
  },
  {
    does: 'refuses a race by nobody',
    operation: 'createRace',
    path: '/races',
    status: 401,
    body: CREATED
  },
  {
    does: 'refuses a race by a timekeeper',
    operation: 'createRace',
    path: '/races',
    status: 403,
    as: 'timekeeper',
    body: CREATED
  },
  {
    does: 'enters a lap',
    operation: 'recordLap',
    path: LAPS,
    status: 201,
    as: 'timekeeper',
    headers: KEY,
    body: LAP
  },
  {
    does: 'enters the same lap once',
    operation: 'recordLap',
    path: LAPS,
    status: 201,
    as: 'timekeeper',
    headers: KEY,
    body: { ...LAP, valid: true }
  },
  {
    does: 'keeps another lap from its key',
    operation: 'recordLap',
    path: LAPS,
    status: 422,
    as: 'timekeeper',
    headers: KEY,
    body: { ...LAP, lap: 2 }
  },
  {
    does: 'refuses a lap without a key',
    operation: 'recordLap',
    path: LAPS,
    status: 400,
    as: 'timekeeper',
    body: LAP
  },
  {
    does: 'refuses a malformed key',
    operation: 'recordLap',
    path: LAPS,
    status: 400,
    as: 'timekeeper',
    headers: { 'idempotency-key': 'a/b/c/d/e' },
    body: LAP
  },
  {
    does: 'has no laps in no race',
    operation: 'recordLap',
    path: '/races/nowhere/runs/run-1/laps',
    status: 404,
    as: 'timekeeper',
    headers: KEY,
    body: LAP
  },
  {
    does: 'takes no laps before the opening',
    operation: 'recordLap',
    path: '/races/api-closed/runs/run-1/laps',
    status: 409,
    as: 'timekeeper',
    headers: KEY,
    body: LAP
  },
  {
    does: 'refuses a lap by an admin',
    operation: 'recordLap',
    path: LAPS,
    status: 403,
    as: 'admin',
    headers: KEY,
    body: LAP
  },
  {
    does: 'makes a link',
    operation: 'createScreenLink',
    path: '/screens',
    status: 201,
    as: 'admin',
    body: { name: 'hall-4' }
  },
  {
    does: 'refuses a name that is none',
    operation: 'createScreenLink',
    path: '/screens',
    status: 400,
    as: 'admin',
    body: { name: 'Hall 4' }
  },
  {
    does: 'makes none for a screen',
    operation: 'createScreenLink',
    path: '/screens',
    status: 401,
    as: 'screen',
    body: { name: 'hall-4' }
  },
  {
    does: 'shows the cars to a timekeeper',
    operation: 'getFleet',
    path: '/fleet',
    status: 200,
    as: 'timekeeper'
  },
  {
    does: 'shows them to an admin',
    operation: 'getFleet',
    path: '/fleet',
    status: 200,
    as: 'admin'
  },
  { does: 'shows them to no other', operation: 'getFleet', path: '/fleet', status: 401 },
  { does: 'shows them to no car', operation: 'getFleet', path: '/fleet', status: 403, as: 'car' },
  {
    does: 'stops a car for when it comes',
    operation: 'callDevice',
    path: '/fleet/car-1/stop',
    status: 200,
    as: 'timekeeper'
  },
  {
    does: 'releases it',
    operation: 'callDevice',
    path: '/fleet/car-1/release',
    status: 200,
    as: 'admin'
  },
  {
    does: 'knows no other car',
    operation: 'callDevice',
    path: '/fleet/car-77/stop',
    status: 404,
    as: 'admin'
  },
  {
    does: 'knows no other method',
    operation: 'callDevice',
    path: '/fleet/car-1/go',
    status: 400,
    as: 'admin'
  },
  {
    does: 'names a bad device',
    operation: 'callDevice',
    path: '/fleet/Car_1/stop',
    status: 400,
    as: 'admin'
  },
  {
    does: 'obeys no rider',
    operation: 'callDevice',
    path: '/fleet/car-1/stop',
    status: 401,
    as: 'seat'
  },
  {
    does: 'obeys no car',
    operation: 'callDevice',
    path: '/fleet/car-1/stop',
    status: 403,
    as: 'car'
  },
  {
    does: 'stops all cars',
    operation: 'stopFleet',
    path: '/fleet/stop',
    status: 200,
    as: 'timekeeper'
  },
  { does: 'stops them for nobody', operation: 'stopFleet', path: '/fleet/stop', status: 401 },
  {
    does: 'stops them for no car',
    operation: 'stopFleet',
    path: '/fleet/stop',
    status: 403,
    as: 'car'
  }
]
