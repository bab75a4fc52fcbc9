// Figures by endpoint out of the text format of Prometheus.
export interface EndpointFigures { id: string; count: number; refused: number; errors: number; mean_ms: number }

export function endpoint_figures(text: string): EndpointFigures[] {
  const all = new Map<string, EndpointFigures & { sum_s: number }>();
  for (const [, metric, id, status, value] of text.matchAll(/^(\w+)\{endpoint="([^"]+)"(?:,status="(\w+)")?\} ([\d.]+)$/gm)) {
    const one = all.get(id!) ?? { id: id!, count: 0, refused: 0, errors: 0, mean_ms: 0, sum_s: 0 };
    if (metric === 'mingxin_requests_total') {
      one.count += Number(value);
      if (status === '4xx') one.refused += Number(value);
      if (status === '5xx') one.errors += Number(value);
    } else if (metric === 'mingxin_request_seconds_sum') {
      one.sum_s = Number(value);
    }
    all.set(id!, one);
  }
  return [...all.values()]
    .map(({ sum_s, ...one }) => ({ ...one, mean_ms: one.count ? (sum_s * 1000) / one.count : 0 }))
    .sort((a, b) => b.count - a.count);
}
