import type { Plugin } from 'vite'

const NAME = 'Grandstand'
/** The design's ground, which the page also names before it is styled. */
const GROUND = '#08191f'

/** Makes the phone's page one that can be installed: its manifest, and an icon that systems cut to their shape. */
export function installable(root: string): Plugin {
  return {
    name: 'installable',
    apply: 'build',
    async buildStart() {
      const source = await this.fs.readFile(`${root}/mobile/maskable.svg`)
      this.emitFile({ type: 'asset', fileName: 'mobile/maskable.svg', source })
    },
    generateBundle(_, bundle) {
      const mark = Object.keys(bundle).find(name => /^assets\/mark-.*\.svg$/.test(name))
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
      this.emitFile({ type: 'asset', fileName: 'mobile/manifest.json', source: manifest })
    }
  }
}
