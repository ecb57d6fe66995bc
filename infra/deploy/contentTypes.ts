import { extname } from 'node:path'

/** What the pages consist of. */
const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2'
}

/** The media type of a file of the pages; undefined for what is no part of them. */
export const contentTypeOf = (file: string): string | undefined => TYPES[extname(file)]
