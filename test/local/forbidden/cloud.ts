import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { fileURLToPath } from 'node:url'
import type { TokenCredential } from '@azure/identity'
import device from 'azure-iot-device'
import { Mqtt } from 'azure-iot-device-mqtt'
import { identitySettings } from '../../../infra/local/appSettings.ts'
import { endpointsOf } from '../../../infra/local/endpoints.ts'
import { planCloud } from '../../../infra/local/plan.ts'
import { keepRunning } from '../../../infra/local/processes.ts'
import { seedDatabase } from '../../../infra/local/seed.ts'

const SERVICES = ['keyVault', 'storage', 'eventHubs', 'cosmos', 'webPubSub']

export type Cloud = Awaited<ReturnType<typeof openCloud>>

/** All services of a local cloud as `npm start` runs them, one car that is connected, and no app. */
export async function openCloud() {
  const dir = await mkdtemp(join(tmpdir(), 'grandstand-forbidden-'))
  const plan = await planCloud(dir)
  const settingsOf = await identitySettings(plan)
  const start = (name: string, env = {}) => {
    const file = fileURLToPath(new URL(`../../../infra/local/parts/${name}.ts`, import.meta.url))
    const NODE_EXTRA_CA_CERTS = plan.caFile
    return keepRunning(
      { name, file, options: plan, env: { NODE_EXTRA_CA_CERTS, ...env } },
      `${dir}/logs`
    )
  }
  const parts = [
    await start('entra'),
    ...(await Promise.all(SERVICES.map(name => start(name)))),
    await start('iotHub', settingsOf('iotHub'))
  ]
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), plan.ca])
  await seedDatabase(plan)
  const outside = endpointsOf(plan, {})
  const [registered] = outside.iotHub.devices
  if (!registered) throw new Error('No car is registered')
  const car = device.Client.fromConnectionString(registered.connectionString, Mqtt)
  await car.setOptions({ ca: plan.ca })
  await car.open()
  car.onDeviceMethod('identify', (_request, response) => response.send(200, undefined))

  /** The token that the endpoint gives to this app's process, for whatever resource its client asks for. */
  const credentialOf = (identity: string): TokenCredential => ({
    async getToken(scopes) {
      const { IDENTITY_ENDPOINT = '', IDENTITY_HEADER = '' } = settingsOf(identity)
      const url = new URL(IDENTITY_ENDPOINT)
      url.searchParams.set('api-version', '2019-08-01')
      url.searchParams.set('resource', String(scopes).replace(/\/\.default$/, ''))
      const answer = await fetch(url, { headers: { 'x-identity-header': IDENTITY_HEADER } })
      const { access_token, expires_on } = (await answer.json()) as Record<string, string>
      if (!access_token) throw new Error(`${identity} got no token for ${url}: ${answer.status}`)
      return { token: access_token, expiresOnTimestamp: Number(expires_on) * 1_000 }
    }
  })

  return {
    plan,
    outside,
    deviceId: registered.deviceId,
    credentialOf,
    async close() {
      await car.close()
      await Promise.all(parts.map(part => part.stop()))
      await rm(dir, { recursive: true })
    }
  }
}
