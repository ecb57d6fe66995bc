/** Marks on a 20 by 20 grid. Each goes with one meaning, and that meaning never goes without it. */
export const GLYPHS = {
  best: 'M10 0 20 10 10 20 0 10Z',
  pb: 'M10 1.6a8.400 8.400 0 1 1 0 16.800 8.400 8.400 0 0 1 0-16.800Z',
  invalid:
    'M4.2 1 10 6.8 15.8 1 19 4.2 13.2 10 19 15.8 15.8 19 10 13.2 4.2 19 1 15.8 6.8 10 1 4.2Z',
  up: 'M10 2 19 17H1Z',
  down: 'M10 18 1 3h18Z',
  caution:
    'M10 .8 20 19H0Zm-1.3 6.4.4 6h1.8l.4-6Zm1.3 7.3a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6Z',
  official:
    'M10 .5a9.5 9.5 0 1 1 0 19 9.5 9.5 0 0 1 0-19ZM8.7 14.9 15.4 7 13.3 5.2 8.5 10.9 6.3 8.9 4.4 11Z',
  stop: 'M6 0h8l6 6v8l-6 6H6l-6-6V6Z',
  underReview: 'M10 .5a9.5 9.5 0 1 1 0 19 9.5 9.5 0 0 1 0-19Zm0 3a6.5 6.5 0 1 0 0 13Z',
  search:
    'M8.3 1a7.300 7.300 0 0 1 5.900 11.600l5.300 5.200-1.700 1.700-5.300-5.300A7.300 7.300 0 1 1 8.300 1Zm0 2.400a4.900 4.900 0 1 0 0 9.800 4.900 4.900 0 0 0 0-9.800Z',
  star: 'm10 .8 2.9 6.3 6.800.8-5 4.700 1.300 6.800-6-3.400-6 3.400 1.300-6.800-5-4.700 6.800-.8Z',
  mark: 'M0 0h20v4.5H0zM0 7.75h14.5v4.5H0zM0 15.5h9v4.5H0z'
} as const
export type GlyphName = keyof typeof GLYPHS | 'provisional'
