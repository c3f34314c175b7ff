/** The record of a notebook, and the offers made when it is opened. */

import { nullTranslator } from '@jupyterlab/translation';
import {
  Findings,
  isKernelName,
  parseUri,
  readRecord,
  sameRecord
} from '../notebook';
import type { INotebookStatus } from '../tokens';
import { notebookRecord as record, notebookStatus as stands } from './fake';

const findings = new Findings(nullTranslator.load('conda_store_labext'));

function labels(
  status: INotebookStatus,
  hasKernel = false
): string[] | undefined {
  return findings
    .ofRecord(record, status, hasKernel)
    ?.offers.map(({ label }) => label);
}

describe('records', () => {
  it('are read from metadata, or not at all', () => {
    expect(readRecord({ ...record, token: 'never' })).toEqual(record);
    for (const odd of [
      null,
      'text',
      {},
      { ...record, build_id: '7' },
      { ...record, server: '' }
    ]) {
      expect(readRecord(odd)).toBeNull();
    }
  });

  it('are the same when they name the same build and lockfile', () => {
    expect(sameRecord(record, { ...record })).toBe(true);
    expect(sameRecord(record, { ...record, build_id: 8 })).toBe(false);
    expect(sameRecord(record, { ...record, lockfile: null })).toBe(false);
    expect(sameRecord(record, { ...record, additions: [] })).toBe(false);
    expect(sameRecord(record, null)).toBe(false);
  });

  it('come from the names of an older extension, too', () => {
    const build = { namespace: 'a', environment: 'b', build_id: 12 };
    expect(parseUri('conda-store://a/b:12')).toEqual(build);
    for (const name of ['python3', 'conda-store://a/b', 'conda-store-a-b-12']) {
      expect(parseUri(name)).toBeNull();
    }
    const [offer] = findings.ofName(build).offers;
    expect([offer.label, offer.run]).toEqual(['Run on #12', build]);
  });

  it('are asked for by names of kernels of conda-store alone, and offer its environment without a build', () => {
    for (const name of [
      'conda-env-a-b-py',
      'conda-store-a-b-1',
      'conda-store://a/b:1'
    ]) {
      expect(isKernelName(name)).toBe(true);
    }
    for (const name of ['python3', 'conda', 'my-conda-env-a-py']) {
      expect(isKernelName(name)).toBe(false);
    }
    const environment = { namespace: 'a', environment: 'b', build_id: null };
    const [offer] = findings.ofName(environment).offers;
    expect([offer.label, offer.run]).toEqual(['Run on a/b', environment]);
  });
});

describe('what is offered', () => {
  it('is nothing when the notebook simply runs', () => {
    expect(labels(stands('here', { here: true }), true)).toBeUndefined();
    expect(
      labels(stands('fetchable', { fetchable: true }), true)
    ).toBeUndefined();
  });

  it('is to add what is missing beside the build, of R only said', () => {
    const missing_additions = ['seaborn==0.13.2', 'r::praise==1.0'];
    const status = stands('here', { here: true, missing_additions });
    const finding = findings.ofRecord(record, status, true);
    expect(finding?.message).toBe(
      'This notebook ran with packages added to default/data #7 that are not here: seaborn==0.13.2, praise==1.0.'
    );
    expect(finding?.offers.map(({ add }) => add)).toEqual([
      ['seaborn==0.13.2']
    ]);
  });

  it('is the very build when its kernel is not there', () => {
    expect(labels(stands('here', { here: true }))).toEqual(['Run on #7']);
    expect(labels(stands('fetchable', { fetchable: true }))).toEqual([
      'Run on #7'
    ]);
  });

  it('is the copy of another server as long as its kernel is there, and this one’s environment', () => {
    const here = stands('elsewhere', { here: true, active_build_id: 3 });
    const offers = findings.ofRecord(record, here, false, true)?.offers;
    const build = { namespace: 'default', environment: 'data', build_id: 3 };
    expect(offers?.map(({ label, run }) => [label, run])).toEqual([
      ['Run on #7', record.kernel],
      ['Run on #3 of this server', build]
    ]);
    expect(labels(stands('elsewhere', { here: true }))).toEqual([]);
    expect(labels(stands('elsewhere', { rebuildable: true }))).toEqual([
      'Rebuild from its lockfile'
    ]);
  });

  it('is the newer build, and the old one as long as it can be had', () => {
    const superseded = stands('superseded', {
      fetchable: true,
      active_build_id: 9
    });
    expect(labels(superseded)).toEqual(['Run on #7', 'Switch to #9']);
    expect(labels(superseded, true)).toEqual(['Switch to #9']);
  });

  it('is building the lockfile again when the build was deleted', () => {
    expect(labels(stands('deleted', { rebuildable: true }))).toEqual([
      'Rebuild from its lockfile'
    ]);
    expect(labels(stands('unknown'))).toEqual([]);
  });
});
