// The pages that the platform has, read from the endpoint lists of src/services/site, so that a page without a browser test
// is found.
import fs from 'node:fs';
import path from 'node:path';

const SITE = path.join(process.cwd(), 'src/services/site');
const ENDPOINT = /"(site\.[a-z_]+)",\s*(?:(?:api::)?Method::(get|post),\s*)?"(\/[^"]*)"/g;
const FILES = /^\/(static|feeds|sitemap|pictures)\/|\/feed$|\.(txt|xml)$/;  // for programs, not pages

function readEndpoints() {
  const text = fs.readdirSync(SITE).filter((name) => name.endsWith('.cpp'))
    .map((name) => fs.readFileSync(path.join(SITE, name), 'utf8')).join('\n');
  const found = [...text.matchAll(ENDPOINT)].map(([, id, method, address]) => ({ id, method: method ?? 'get', path: address }));
  const named = new Set([...text.matchAll(/"(site\.(?!css|js)[a-z_]+)"/g)].map(([, id]) => id));
  const missed = [...named].filter((id) => !found.some((endpoint) => endpoint.id === id));
  if (missed.length || found.length < 15) throw new Error(`endpoints whose path is not recognised: ${missed.join(', ')}`);
  return found;
}

const endpoints = readEndpoints();

/** {id, path} of every page that is read with GET. */
export const pages = endpoints.filter((endpoint) => endpoint.method === 'get' && !FILES.test(endpoint.path));

const patterns = pages.map(({ id, path: address }) => ({
  id, pattern: new RegExp(`^${address.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`), fixed: !address.includes('{'),
})).sort((one, other) => Number(other.fixed) - Number(one.fixed));

/** The id of the page at this path; the path itself when no page is there. */
export function endpointOf(address) {
  return patterns.find(({ pattern }) => pattern.test(address))?.id ?? address;
}
