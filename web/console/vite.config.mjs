import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** NAME.gz beside each file: the server sends it as it is. */
function compressed_copies() {
  return {
    name: 'compressed-copies',
    writeBundle({ dir }) {
      for (const name of readdirSync(join(dir, 'assets'))) {
        if (!/\.(js|css|svg)$/.test(name)) continue;
        const file = join(dir, 'assets', name);
        writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  base: '/console/',
  plugins: [vue(), compressed_copies()],
  build: {
    outDir: 'dist',
    target: 'es2022',
    assetsInlineLimit: 0, // data: addresses of scripts and fonts are not allowed by the policy
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 800,
  },
});
