import type { Case } from './model.ts'

const always = {
  environmentName: 'venue',
  location: 'westeurope',
  alertEmail: 'race@example.org',
  principalId: '00000000-0000-4000-8000-00000000000d'
}

/** As few ways to deploy as reach every branch of the template; the checker tries them all. */
export const CASES: Case[] = [
  { name: 'dev', parameters: { ...always, environmentType: 'dev', budgetStart: '' } },
  {
    name: 'dev with a domain and entities on the scheduler, registered by hand',
    parameters: {
      ...always,
      // Static Web Apps is not offered there.
      location: 'germanywestcentral',
      environmentType: 'dev',
      durableBackend: 'durableTaskScheduler',
      customDomain: 'race.example.org',
      deployEntra: false,
      apiClientId: '00000000-0000-4000-8000-000000000002',
      pagesClientId: '00000000-0000-4000-8000-000000000003'
    }
  },
  {
    name: 'test by a workflow',
    parameters: {
      ...always,
      environmentType: 'test',
      principalType: 'ServicePrincipal',
      budgetStart: '2026-01-01'
    }
  },
  {
    name: 'prod with a domain and entities on the scheduler',
    parameters: {
      ...always,
      environmentType: 'prod',
      durableBackend: 'durableTaskScheduler',
      customDomain: 'race.example.org',
      ridersIssuer:
        'https://00000000-0000-4000-8000-000000000004.ciamlogin.com/00000000-0000-4000-8000-000000000004/v2.0',
      ridersAudience: '00000000-0000-4000-8000-000000000005',
      ridersClientId: '00000000-0000-4000-8000-000000000006'
    }
  }
]
