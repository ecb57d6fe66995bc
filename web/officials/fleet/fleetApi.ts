import * as v from 'valibot'
import { type DeviceMethod, DeviceOutcome, Fleet, FleetOutcome } from '#contract'
import type { Call } from '../../call.ts'

/** The fleet's routes; each throws `ApiError`, or `SignInNeeded`. */
export type FleetApi = {
  list(): Promise<Fleet>
  stopAll(): Promise<FleetOutcome>
  order(deviceId: string, method: DeviceMethod): Promise<DeviceOutcome>
}

/** The fleet's routes behind `call`, which knows who asks. */
export function createFleetApi(call: Call): FleetApi {
  const post = async (path: string): Promise<unknown> =>
    (await call(path, { method: 'POST' })).json()
  return {
    list: async () => v.parse(Fleet, await (await call('/fleet')).json()),
    stopAll: async () => v.parse(FleetOutcome, await post('/fleet/stop')),
    order: async (deviceId, method) =>
      v.parse(DeviceOutcome, await post(`/fleet/${deviceId}/${method}`))
  }
}
