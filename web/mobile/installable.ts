import type { Plugin } from 'vite'

/** The folder of the page that is kept on phones. */
const FOLDER = 'mobile'
const NAME = 'Grandstand'
/** The design's ground, which the page also names before it is styled. */
const GROUND = '#08191f'

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

/** Makes the phone's page one that can be installed: its manifest, and a worker that knows every file of this build. */
export function installable(root: string): Plugin {
  return {
    name: 'installable',
    apply: 'build',
    async buildStart() {
      this.emitFile({
        type: 'chunk',
        id: `${root}/${FOLDER}/worker.ts`,
        fileName: `${FOLDER}/worker.js`
      })
      const source = await this.fs.readFile(`${root}/${FOLDER}/maskable.svg`)
      this.emitFile({ type: 'asset', fileName: `${FOLDER}/maskable.svg`, source })
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
        const page = contents.get(`${FOLDER}/index.html`)
        const worker = bundle[`${FOLDER}/worker.js`]
        if (page === undefined || worker?.type !== 'chunk') {
          this.error(`${FOLDER} has no page or no worker`)
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

        const mark = [...needed].find(name => /^assets\/mark-.*\.svg$/.test(name))
        if (!mark) this.error('the page names no icon')
        const icon = (src: string, purpose: string) => ({
          src,
          purpose,
          sizes: 'any',
          type: 'image/svg+xml'
        })
        const manifest = JSON.stringify({
          id: './',
          name: NAME,
          short_name: NAME,
          start_url: './',
          scope: './',
          display: 'standalone',
          background_color: GROUND,
          theme_color: GROUND,
          icons: [icon(`../${mark}`, 'any'), icon('maskable.svg', 'maskable')]
        })
        this.emitFile({ type: 'asset', fileName: `${FOLDER}/manifest.json`, source: manifest })

        // Fonts are kept when they are used: most phones need one of them. A home screen keeps its icon itself.
        const files = [...needed]
          .filter(name => !/\.(woff2|png)$/.test(name))
          .map(name => `../${name}`)
        files.push('manifest.json', 'maskable.svg')
        const version = digestOf([page, manifest, ...files].join('\n'))
        const build = JSON.stringify({ version, page, files })
        if (!worker.code.includes('__BUILD__')) this.error('the worker asks for no build')
        worker.code = worker.code.replaceAll('__BUILD__', () => build)
      }
    }
  }
}
