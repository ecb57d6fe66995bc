import { expect, test } from 'vitest'
import { createScreens } from '../../../functions/stages/screens.ts'

test("a screen's link opens sockets for 30 days and nothing else", async () => {
  const signed: object[] = []
  const { link } = createScreens({
    sign: async token => `token-${signed.push(token)}`,
    now: () => 1_772_000_000_000
  })
  const expiresAt = 1_772_000_000_000 + 30 * 86_400_000
  expect(await link('hall-4')).toEqual({ token: 'token-1', expiresAt })
  const audience = 'grandstand-screen'
  expect(signed).toEqual([{ claims: {}, subject: 'hall-4', audience, expiresAt }])
})
