import type { Plugin } from 'vite'

const text = (source: string | Uint8Array): string =>
  typeof source === 'string' ? source : new TextDecoder().decode(source)

/** 64 bits of FNV-1a in hexadecimal: tells versions apart and guards no secret. */
function digestOf(content: string): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(content)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  }
  return hash.toString(16)
}

/**
 * Gives the page of a folder a worker that knows every file of this build which the page can come to need, whenever it
 * loads it; `except` are files that are kept when they are used.
 */
export function kept(root: string, folder: string, except?: RegExp): Plugin {
  const PAGE = `${folder}/index.html`
  const WORKER = `${folder}/worker.js`
  return {
    name: 'kept',
    apply: 'build',
    buildStart() {
      this.emitFile({ type: 'chunk', id: `${root}/worker.ts`, fileName: WORKER })
    },
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const contents = new Map(
          Object.values(bundle).map(file => [
            file.fileName,
            file.type === 'chunk' ? file.code : text(file.source)
          ])
        )
        const page = contents.get(PAGE)
        const worker = bundle[WORKER]
        if (page === undefined || worker?.type !== 'chunk') {
          this.error(`${folder} has no page or no worker`)
        }
        // An older browser takes no worker with imports.
        if (worker.imports.length > 0) this.error(`the worker imports ${worker.imports.join()}`)

        /** Every file that a file names, and those that these name. */
        const needed = new Set<string>()
        const follow = (content: string): void => {
          for (const [name, inside] of contents) {
            const base = name.startsWith('assets/') ? name.slice('assets/'.length) : undefined
            if (!base || needed.has(name) || !content.includes(base)) continue
            needed.add(name)
            follow(inside)
          }
        }
        follow(page)

        // What else lies in the folder has a name that says nothing of its content.
        const own = [...contents.keys()].filter(
          name => name.startsWith(`${folder}/`) && name !== PAGE && name !== WORKER
        )
        const files = [...needed, ...own]
          .filter(name => !except?.test(name))
          .map(name => `../${name}`)
        const version = digestOf(
          [page, ...own.map(name => contents.get(name)), ...files].join('\n')
        )
        const build = JSON.stringify({ version, page, files })
        if (!worker.code.includes('__BUILD__')) this.error('the worker asks for no build')
        worker.code = worker.code.replaceAll('__BUILD__', () => build)
      }
    }
  }
}
