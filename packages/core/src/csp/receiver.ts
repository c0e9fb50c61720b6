/**
 * The address that browsers report to: an endpoint of our own, which reads both formats, answers 204 to everything, and
 * says nothing.
 * @module
 */
import type { BodyReader, Endpoint, Reply, Step } from '../kernel/index.ts';
import type { ReportCollector } from './collector.ts';
import { readReports, REPORT_TYPES } from './violation.ts';

/** Bytes of one body: a batch of the Reporting API, with the page's whole policy in each report. */
const LIMIT = 65_536;
/** Whoever reports learns nothing of what became of it. */
const RECEIVED: Reply = Object.freeze({ reply: 204, headers: Object.freeze([]) });

/** The endpoint at `path`. */
export function reportEndpoint(path: string): Endpoint {
  return {
    method: 'POST',
    path,
    without: {
      body: 'the receiver reads the two kinds of reports itself, to a limit of its own',
      csrf: 'reports come from browsers, which know no token, and change nothing of anybody',
      cors: 'reports are sent by sandboxed pages too, and nothing is there to be read',
    },
  };
}

/** The steps of the endpoint. */
export function receiving(collector: ReportCollector): readonly Step[] {
  const reader: BodyReader = {
    whole(bytes, { facts }) {
      for (const report of readReports(bytes, facts.host)) collector.add(report, facts.id);
      return null;
    },
  };
  return [
    {
      place: 'body',
      plan: {
        limit: LIMIT,
        reader(contentType) {
          // What is not read is not parsed either: a flood costs what its heads cost.
          if (!collector.admit()) return null;
          const [type = ''] = (contentType ?? '').split(';', 1);
          if (REPORT_TYPES.has(type.trim().toLowerCase())) return reader;
          collector.add('malformed', '');
          return null;
        },
      },
    },
    { place: 'endpoint', run: () => RECEIVED },
  ];
}
