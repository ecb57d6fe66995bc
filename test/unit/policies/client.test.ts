import { afterAll, describe, expect, it } from 'vitest'
import { FRONT_DOOR_ID, type FrontDoor, startFrontDoor } from '../../frontDoor.ts'

const WRONG_CODES = 60

const doors: FrontDoor[] = []
afterAll(() => Promise.all(doors.map(door => door.close())))

/** A door before whose takeSeat one client has guessed too often, and how it answers the next by other headers. */
async function usedUp(headers: Record<string, string>, frontDoorId?: string) {
  const door = await startFrontDoor(frontDoorId === undefined ? {} : { frontDoorId })
  doors.push(door)
  const ask = async (more: Record<string, string>) => {
    const answer = await fetch(`${door.url}/races/r1/seats`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...more },
      body: '{"nickname":"Ada"}'
    })
    await answer.text()
    return answer.status
  }
  door.answer.status = 403
  for (let call = 0; call < WRONG_CODES; call++) expect(await ask(headers)).toBe(403)
  door.answer.status = 201
  return ask
}
const by = (id: string, client: string) => ({ 'x-azure-fdid': id, 'x-azure-clientip': client })

describe('a limit by address', () => {
  it('counts the visitor that our Front Door names, not its edge', async () => {
    const ask = await usedUp(by(FRONT_DOOR_ID, '203.0.113.1'))
    expect(await ask(by(FRONT_DOOR_ID, '203.0.113.1'))).toBe(429)
    expect(await ask(by(FRONT_DOOR_ID, '203.0.113.2'))).toBe(201)
    expect(await ask({})).toBe(201)
  })

  it('does not believe who shows another id, or none', async () => {
    const ask = await usedUp({})
    expect(await ask({})).toBe(429)
    expect(await ask({ 'x-azure-clientip': '203.0.113.9' })).toBe(429)
    expect(await ask(by('99999999-2222-4333-8444-555555555555', '203.0.113.9'))).toBe(429)
    expect(await ask(by(FRONT_DOOR_ID, '203.0.113.9'))).toBe(201)
  })

  it.each(['none', ''])(
    'believes nobody where there is no Front Door, not who guesses "%s"',
    async id => {
      const ask = await usedUp({}, id)
      expect(await ask(by(id, '203.0.113.9'))).toBe(429)
    }
  )
})
