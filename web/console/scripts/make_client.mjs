// node scripts/make_client.mjs OPENAPI OUT: writes a typed function for each operation of the API. Run by every
// build, so that the client is never older than docs/openapi.json; the result is not kept in the repository.
import { readFileSync, writeFileSync } from 'node:fs';

const [source, target] = process.argv.slice(2);
const api = JSON.parse(readFileSync(source, 'utf8'));

const pascal = (id) => id.split(/[._]/).map((part) => part[0].toUpperCase() + part.slice(1)).join('');

function type_of(schema, indent) {
  if (!schema) return 'unknown';
  if (schema.format === 'binary') return 'Blob';
  if (Array.isArray(schema.type)) return `${type_of({ ...schema, type: schema.type[0] }, indent)} | null`;
  switch (schema.type) {
    case 'integer': return 'number';
    case 'string': return 'string';
    case 'boolean': return 'boolean';
    case 'array': return `${schema.items?.type ? type_of(schema.items, indent) : 'string'}[]`;
    case 'object': return schema.properties ? object_type(schema, indent) : 'Record<string, unknown>';
    default: return 'unknown';
  }
}

function object_type(schema, indent) {
  const inner = indent + '  ';
  const required = new Set(schema.required ?? []);
  const lines = Object.entries(schema.properties).map(([name, value]) =>
    `${inner}/** ${value.title ?? ''} */\n${inner}${name}${required.has(name) ? '' : '?'}: ${type_of(value, inner)};`);
  return `{\n${lines.join('\n')}\n${indent}}`;
}

function input_of(operation) {
  const properties = {}, required = [];
  const place = { path: [], query: [], body: [] };
  for (const parameter of operation.parameters ?? []) {
    properties[parameter.name] = parameter.schema;
    if (parameter.required) required.push(parameter.name);
    place[parameter.in].push(parameter.name);
  }
  const [media, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  for (const [name, schema] of Object.entries(content?.schema.properties ?? {})) {
    properties[name] = schema;
    place.body.push(name);
  }
  required.push(...(content?.schema.required ?? []));
  return { schema: { properties, required }, place, media };
}

let text = `// Made from docs/openapi.json by scripts/make_client.mjs; not to be edited.
import { call, type CallOptions } from './call';

`;
for (const [path, methods] of Object.entries(api.paths)) {
  for (const [method, operation] of Object.entries(methods)) {
    const name = operation.operationId, kind = pascal(name);
    const { schema, place, media } = input_of(operation);
    const [, success] = Object.entries(operation.responses).find(([status]) => status.startsWith('2'));
    const [reply_media, reply] = Object.entries(success.content ?? {})[0] ?? [];
    const blob = reply_media && reply_media !== 'application/json';
    const any_input = Object.keys(schema.properties).length > 0;
    const optional = schema.required.length === 0;
    const input_type = any_input ? object_type(schema, '').replaceAll(': Blob;', ': File;') : '{}';
    if (any_input) text += `export interface ${kind}Input ${input_type}\n`;
    text += `export type ${kind}Reply = ${blob ? 'Blob' : type_of(reply?.schema, '')};\n`;
    text += `/** ${operation.summary} */\nexport const ${name.replaceAll('.', '_')} = (`;
    text += `${any_input ? `input: ${kind}Input${optional ? ' = {}' : ''}, ` : ''}options: CallOptions = {}): Promise<${kind}Reply> =>\n`;
    const shape = JSON.stringify({ method: method.toUpperCase(), path, query: place.query, body: place.body, form: media === 'multipart/form-data', blob: Boolean(blob) });
    text += `  call<${kind}Reply>(${shape}, ${any_input ? '{ ...input }' : '{}'}, options);\n\n`;
  }
}
writeFileSync(target, text);
