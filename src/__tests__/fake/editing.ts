/** Models of the editing page on a conda-store in memory. */

import { nullTranslator } from '@jupyterlab/translation';
import type { IDraft } from '../../model';
import { EditorModel } from '../../model';
import { newSpecification } from '../../specification';
import type { IBuildDetail } from '../../tokens';
import { FakeApi } from './api';
import { build, environment } from './nouns';

const trans = nullTranslator.load('conda_store_labext');

/** The models that a test makes, and what it does with them. */
export class Editing {
  readonly api = new FakeApi();
  readonly built: IBuildDetail[] = [];
  private readonly _models: EditorModel[] = [];

  constructor() {
    this.api.rows = [
      environment('data', { current_build_id: 1, may: ['build'] })
    ];
    this.api.buildRows = [build(1)];
  }

  make(draft: Partial<IDraft>): EditorModel {
    const model = new EditorModel({
      api: this.api,
      trans,
      draft,
      built: made => this.built.push(made)
    });
    this._models.push(model);
    return model;
  }

  /** Return the loaded model of a new environment. */
  async create(text = newSpecification('data')): Promise<EditorModel> {
    const model = this.make({ text, saved: text });
    await model.load();
    return model;
  }

  /** Return the loaded model of `default/data`. */
  async edit(rest: Partial<IDraft> = {}): Promise<EditorModel> {
    const model = this.make({
      namespace: 'default',
      environment: 'data',
      ...rest
    });
    await model.load();
    return model;
  }

  /** Return the calls of a route. */
  asked(route: string): string[] {
    return this.api.calls.filter(call => call.startsWith(`${route} `));
  }

  dispose(): void {
    this._models.forEach(model => model.dispose());
  }
}
