/** Rows that one screen holds. */
export const ROOM_ROWS = 200

/** So many players at most stand in so many columns; fewer players have larger rows. */
const LAYOUTS = [
  { most: 12, columns: 1 },
  { most: 24, columns: 2 },
  { most: 51, columns: 3 },
  { most: 100, columns: 4 },
  { most: ROOM_ROWS, columns: 5 }
] as const

/** Columns of the board, and the rows that each has room for. */
export type Layout = { columns: number; lines: number }

/** How so many players are laid out. */
export function layoutOf(players: number): Layout {
  const { most, columns } = LAYOUTS.find(layout => players <= layout.most) ?? LAYOUTS.at(-1)!
  return { columns, lines: Math.ceil(most / columns) }
}
