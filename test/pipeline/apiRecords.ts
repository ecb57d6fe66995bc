import { type ApiCase, PERSON, TRIAL } from './apiCase.ts'

/** What admins look up, and how they forget a person. */
export const records: ApiCase[] = [
  {
    does: 'shows the ledger',
    operation: 'getLedger',
    path: `/races/${TRIAL}/ledger`,
    status: 200,
    as: 'admin'
  },
  {
    does: 'has no ledger of no race',
    operation: 'getLedger',
    path: '/races/nowhere/ledger',
    status: 404,
    as: 'admin'
  },
  {
    does: 'continues where a page ended alone',
    operation: 'getLedger',
    path: `/races/${TRIAL}/ledger?continuation=other`,
    status: 400,
    as: 'admin'
  },
  {
    does: 'shows it to no timekeeper',
    operation: 'getLedger',
    path: `/races/${TRIAL}/ledger`,
    status: 403,
    as: 'timekeeper'
  },
  {
    does: 'explains a place',
    operation: 'explainRank',
    path: `/races/${TRIAL}/explanations/1`,
    status: 200,
    as: 'admin'
  },
  {
    does: 'explains nobody',
    operation: 'explainRank',
    path: `/races/${TRIAL}/explanations/9`,
    status: 404,
    as: 'admin'
  },
  {
    does: 'names a bad bib',
    operation: 'explainRank',
    path: `/races/${TRIAL}/explanations/one`,
    status: 400,
    as: 'admin'
  },
  {
    does: 'explains nothing to a timekeeper',
    operation: 'explainRank',
    path: `/races/${TRIAL}/explanations/1`,
    status: 403,
    as: 'timekeeper'
  },
  {
    does: 'shows the board as it was',
    operation: 'getBoardAt',
    path: `/races/${TRIAL}/board?at=9000000000000`,
    status: 200,
    as: 'admin'
  },
  {
    does: 'wants the instant',
    operation: 'getBoardAt',
    path: `/races/${TRIAL}/board`,
    status: 400,
    as: 'admin'
  },
  {
    does: 'has no board of no race',
    operation: 'getBoardAt',
    path: '/races/nowhere/board?at=1',
    status: 404,
    as: 'admin'
  },
  {
    does: 'shows it to no timekeeper',
    operation: 'getBoardAt',
    path: `/races/${TRIAL}/board?at=1`,
    status: 403,
    as: 'timekeeper'
  },
  {
    does: 'writes laps',
    operation: 'exportRace',
    path: `/races/${TRIAL}/exports/laps`,
    status: 200,
    as: 'admin'
  },
  {
    does: 'writes racers',
    operation: 'exportRace',
    path: `/races/${TRIAL}/exports/racers`,
    status: 200,
    as: 'admin'
  },
  {
    does: 'writes nothing else',
    operation: 'exportRace',
    path: `/races/${TRIAL}/exports/people`,
    status: 400,
    as: 'admin'
  },
  {
    does: 'writes no race that is not there',
    operation: 'exportRace',
    path: '/races/nowhere/exports/laps',
    status: 404,
    as: 'admin'
  },
  {
    does: 'writes nothing for a timekeeper',
    operation: 'exportRace',
    path: `/races/${TRIAL}/exports/laps`,
    status: 403,
    as: 'timekeeper'
  },
  {
    does: 'shows how to reach a person',
    operation: 'getPerson',
    path: `/people/${PERSON}`,
    status: 200,
    as: 'admin'
  },
  {
    does: 'knows nobody of whom nothing was told',
    operation: 'getPerson',
    path: '/people/nobody',
    status: 404,
    as: 'admin'
  },
  {
    does: 'names a bad id',
    operation: 'getPerson',
    path: '/people/No_Body',
    status: 400,
    as: 'admin'
  },
  {
    does: 'shows it to no timekeeper',
    operation: 'getPerson',
    path: `/people/${PERSON}`,
    status: 403,
    as: 'timekeeper'
  },
  {
    does: 'forgets nobody for a timekeeper',
    operation: 'erasePerson',
    path: `/people/${PERSON}`,
    status: 403,
    as: 'timekeeper'
  },
  {
    does: 'forgets nobody who is not there',
    operation: 'erasePerson',
    path: '/people/nobody',
    status: 404,
    as: 'admin'
  },
  {
    does: 'forgets a person',
    operation: 'erasePerson',
    path: `/people/${PERSON}`,
    status: 204,
    as: 'admin'
  },
  {
    does: 'forgets them again',
    operation: 'erasePerson',
    path: `/people/${PERSON}`,
    status: 204,
    as: 'admin'
  },
  {
    does: 'has nothing left of them',
    operation: 'getPerson',
    path: `/people/${PERSON}`,
    status: 404,
    as: 'admin'
  }
]
