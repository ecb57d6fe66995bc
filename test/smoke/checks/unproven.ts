import type { Check } from '../check.ts'

const unproven = (name: string, proves: string, reason: string): Check => ({
  name,
  proves,
  inapplicable: () => reason,
  run: async () => undefined
})

/** What no run of this suite can prove, so that the table does not seem to say it. */
export const UNPROVEN: Check[] = [
  unproven(
    'a zone may fail',
    'prod outlives the loss of a zone without losing an acknowledged reading',
    'nobody can switch a zone off from here: a drill with Azure Chaos Studio during a ride'
  ),
  unproven(
    'a full field for hours',
    'nothing piles up over races back to back',
    'it takes hours: --riders 1000 --race-seconds 600, several times, and the lag alerts'
  ),
  unproven(
    'cars come by IoT Hub',
    "a device's message reaches the hub with its identity",
    'no car speaks MQTT to Grandstand yet; the hub and its route are deployed'
  )
]
