// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Config, type LedgerSnapshot } from '@zenoh-segments/core';

/** How the bytes travel between the two processes. */
export type Path = 'SHM' | 'TCP';

/** One row of the result: an input, sent over one path. */
export interface Job {
  readonly file: string;
  readonly path: Path;
  readonly port: number;
  /** How often the whole input is published. */
  readonly rounds: number;
}

/** What the subscriber tells the parent. */
export type FromSubscriber = { readonly kind: 'ready' } | ({ readonly kind: 'received' } & Received);

export interface Received {
  readonly batches: number;
  readonly rows: number;
  readonly bytes: number;
  /** Bytes and seconds of the rounds after the first, which is verified value by value and therefore slow. */
  readonly timedBytes: number;
  readonly seconds: number;
  /** Values of the first round compared with an independent reading of the input; the other rounds are compared by byte. */
  readonly valuesCompared: number;
  /** Batches whose body came as one piece of memory, as only shared memory brings a large one. */
  readonly inOnePiece: number;
  readonly ledger: LedgerSnapshot;
  readonly names: readonly string[];
  readonly firstRows: readonly (readonly string[])[];
  readonly shmFiles: readonly string[];
}

/** What the publisher tells the parent at its end. */
export interface Published {
  readonly kind: 'published';
  readonly batches: number;
  readonly ledger: LedgerSnapshot;
  readonly shmFiles: readonly string[];
}

/** What a child tells when it can't go on. */
export interface Failed {
  readonly kind: 'failed';
  readonly message: string;
}

export const KEY = 'main-job/data';

/** One of the real data sets of the npm package vega-datasets. */
export function dataset(name: string): string {
  const entry = createRequire(import.meta.url).resolve('vega-datasets');
  return fileURLToPath(new URL(`../data/${name}`, pathToFileURL(entry)));
}

export function nameOf(job: Job): string {
  return basename(job.file);
}

export function isCsv(job: Job): boolean {
  return job.file.endsWith('.csv');
}

/** The two processes meet on one loopback port, and nobody else. */
export function configOf(job: Job, side: 'listen' | 'connect'): Config {
  const config = new Config();
  config.insertJson5('scouting/multicast/enabled', 'false');
  config.insertJson5('scouting/gossip/enabled', 'false');
  config.insertJson5(`${side}/endpoints`, JSON.stringify([`tcp/127.0.0.1:${job.port}`]));
  config.insertJson5('transport/shared_memory/enabled', JSON.stringify(job.path === 'SHM'));
  return config;
}

/** A child process's job. From now on its errors are the parent's to tell. */
export function jobOfThisProcess(): Job {
  process.on('uncaughtException', ({ message }) => {
    tell({ kind: 'failed', message }, () => process.exit(1));
  });
  return JSON.parse(process.argv[2] as string) as Job;
}

export function tell(message: FromSubscriber | Published | Failed, then = () => {}): void {
  process.send?.(message, then);
}
