import { type ApiCase, RACE, TRIAL } from './apiCase.ts'

/** What anyone may read. */
export const visitors: ApiCase[] = [
  { does: 'lists races', operation: 'listRaces', path: '/races', status: 200 },
  { does: 'names a bad state', operation: 'listRaces', path: '/races?state=asleep', status: 400 },
  { does: 'names a bad limit', operation: 'listRaces', path: '/races?limit=0', status: 400 },
  { does: 'shows a race', operation: 'getRace', path: `/races/${RACE}`, status: 200 },
  { does: 'knows no other race', operation: 'getRace', path: '/races/nowhere', status: 404 },
  { does: 'names a bad id', operation: 'getRace', path: '/races/Not_A_Slug', status: 400 },
  {
    does: 'shows the head',
    operation: 'getStandings',
    path: `/races/${RACE}/standings`,
    status: 200
  },
  {
    does: 'has no head of no race',
    operation: 'getStandings',
    path: '/races/nowhere/standings',
    status: 404
  },
  {
    does: 'shows a rank page',
    operation: 'getRankPage',
    path: `/races/${RACE}/standings/ranks/0`,
    status: 200
  },
  {
    does: 'has no further page',
    operation: 'getRankPage',
    path: `/races/${RACE}/standings/ranks/7`,
    status: 404
  },
  {
    does: 'names a bad page',
    operation: 'getRankPage',
    path: `/races/${RACE}/standings/ranks/x`,
    status: 400
  },
  {
    does: 'shows a bib page',
    operation: 'getBibPage',
    path: `/races/${RACE}/standings/bibs/0`,
    status: 200
  },
  {
    does: 'has no further bibs',
    operation: 'getBibPage',
    path: `/races/${RACE}/standings/bibs/7`,
    status: 404
  },
  {
    does: 'shows a lap page',
    operation: 'getLapPage',
    path: `/races/${TRIAL}/standings/laps/0`,
    status: 200
  },
  {
    does: 'has no laps of a ride',
    operation: 'getLapPage',
    path: `/races/${RACE}/standings/laps/0`,
    status: 404
  },
  {
    does: 'names a bad page of laps',
    operation: 'getLapPage',
    path: `/races/${TRIAL}/standings/laps/-1`,
    status: 400
  },
  {
    does: 'shows the names',
    operation: 'getDirectory',
    path: `/races/${RACE}/competitors`,
    status: 200
  },
  {
    does: 'searches them',
    operation: 'getDirectory',
    path: `/races/${RACE}/competitors?q=nobody`,
    status: 200
  },
  {
    does: 'searches for something alone',
    operation: 'getDirectory',
    path: `/races/${RACE}/competitors?q=`,
    status: 400
  },
  {
    does: 'shows one',
    operation: 'getCompetitor',
    path: `/races/${RACE}/competitors/1`,
    status: 200
  },
  {
    does: 'knows no other',
    operation: 'getCompetitor',
    path: `/races/${RACE}/competitors/999`,
    status: 404
  },
  {
    does: 'names a bad bib',
    operation: 'getCompetitor',
    path: `/races/${RACE}/competitors/10001`,
    status: 400
  }
]
