import rights from '../../../infra/rights.json' with { type: 'json' }
import { type Attempt, ask } from './attempt.ts'
import type { Cloud } from './cloud.ts'

const HUB = 'Microsoft.Devices/IotHubs'

/** A car's twin read and changed and a method of it called, and what nobody may do to the fleet. */
export function iotHubAttempts({ plan: { ports }, deviceId }: Cloud): Attempt[] {
  const { read, write, invoke } = rights.dataActions.iotHub
  const attempt = (
    right: string,
    actions: string[],
    path: string,
    init?: RequestInit
  ): Attempt => ({
    service: 'iotHub',
    where: 'fleet',
    right,
    actions,
    call: by => {
      const url = `https://localhost:${ports.iotHubRest}${path}?api-version=2021-04-12`
      return ask(by, 'https://iothubs.azure.net', url, init)
    }
  })
  const twin = `/twins/${deviceId}`
  const send = (method: string, body: object) => ({ method, body: JSON.stringify(body) })
  return [
    attempt('read', read, twin),
    attempt('read', read, '/devices/query', send('POST', { query: 'SELECT * FROM devices' })),
    attempt('write', write, twin, send('PATCH', { properties: { desired: { stop: true } } })),
    attempt('invoke', invoke, `${twin}/methods`, send('POST', { methodName: 'identify' })),
    attempt('register', [`${HUB}/devices/write`], '/devices/stranger', send('PUT', {})),
    attempt('remove', [`${HUB}/devices/delete`], `/devices/${deviceId}`, { method: 'DELETE' }),
    attempt('configure', [`${HUB}/configurations/write`], '/configurations/all', send('PUT', {})),
    attempt('plan', [`${HUB}/jobs/write`], '/jobs/v2/all', send('PUT', {}))
  ]
}
