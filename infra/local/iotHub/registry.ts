import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Journal } from '../cosmos/journal.ts'
import { stableId } from '../stableId.ts'
import { type Half, newHalf } from './twin.ts'

/** How a device is registered. */
export type Device = {
  deviceId: string
  /** Base64: it signs its own tokens. A device without one comes by certificate. */
  key?: string
  disabled?: boolean
}

/** A registered device and what the hub remembers of it. Changes of the last four are kept by `save`. */
export type Entry = {
  readonly device: Device
  /** Tells a device from a later one of the same name. */
  readonly generationId: string
  desired: Half
  reported: Half
  /** Topics that its session hears: clients count on them when they come back. */
  topics: Set<string>
  /** When the device was last heard; undefined before it ever was. */
  lastActivity: Date | undefined
}

export type Registry = {
  /** By device id. */
  entries: ReadonlyMap<string, Entry>
  /** Resolves when the entry is on disk as it is now. */
  save(entry: Entry): Promise<void>
  /** Forgets what was remembered; devices stay registered. */
  reset(): Promise<void>
  close(): Promise<void>
}

type Line = {
  deviceId: string
  desired: Half
  reported: Half
  topics: string[]
  lastActivity?: string
}

/** The hub's devices, with what `dir` remembers of them; lines of devices that are registered no more are dropped. */
export async function openRegistry(dir: string, devices: Device[]): Promise<Registry> {
  const entries = new Map<string, Entry>()
  for (const device of devices) entries.set(device.deviceId, newEntry(device))
  const lines = () => [...entries.values()].map(lineOf)
  await mkdir(dir, { recursive: true })
  const journal = await Journal.open(
    join(dir, 'twins.jsonl'),
    record => {
      const { deviceId, topics, lastActivity, ...halves } = record as Line
      const entry = entries.get(deviceId)
      if (!entry) return
      Object.assign(entry, halves, { topics: new Set(topics) })
      entry.lastActivity = lastActivity === undefined ? undefined : new Date(lastActivity)
    },
    { lines, chars: () => lines().join('').length }
  )
  return {
    entries,
    save(entry) {
      journal.append(lineOf(entry))
      return journal.durable()
    },
    reset() {
      for (const entry of entries.values()) Object.assign(entry, newEntry(entry.device))
      return journal.rewrite()
    },
    close: () => journal.close()
  }
}

const newEntry = (device: Device): Entry => ({
  device,
  generationId: stableId(`device:${device.deviceId}`),
  desired: newHalf(),
  reported: newHalf(),
  topics: new Set(),
  lastActivity: undefined
})

const lineOf = ({ device, desired, reported, topics, lastActivity }: Entry): string =>
  JSON.stringify({
    deviceId: device.deviceId,
    desired,
    reported,
    topics: [...topics],
    ...(lastActivity && { lastActivity: lastActivity.toISOString() })
  } satisfies Line)
