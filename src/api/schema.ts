/**
 * The types of the HTTP API, generated from `docs/openapi.json` by `jlpm api:types`; change those of
 * `conda_store_labext/models/` instead.
 */

export type components = {
  schemas: {
    /**
     * @description An action on an environment; `edit` changes its description or active build.
     * @enum {string}
     */
    Action: 'build' | 'edit' | 'delete' | 'cancel' | 'delete_build';
    /** @description The line that activates an environment in a terminal's shell. */
    Activation: {
      line: string;
    };
    /** @description Packages as pip's requirements. */
    AddRequest: {
      packages: string[];
    };
    /**
     * @description A package in an overlay: `manager` is pip or r, `since` naive UTC in ISO 8601.
     *
     *     `requested` tells what somebody asked for from what came along. `source` is the address that it was
     *     installed from, empty for an index; `hides` the version that the build itself has, empty for none.
     *     `modules` are the names by which Python imports it.
     */
    Addition: {
      name: string;
      version: string;
      since: string;
      requested: boolean;
      manager: string;
      source: string;
      hides: string;
      modules: string[];
    };
    /** @description Additions to a build; `kept_for` is the folder of a project for which it outlives the copy. */
    AdditionList: {
      server: string;
      namespace: string;
      environment: string;
      build_id: number;
      key: string;
      prefix: string;
      kept_for: string | null;
      additions: components['schemas']['Addition'][];
    };
    /** @description Additions to every build. */
    AdditionLists: {
      lists: components['schemas']['AdditionList'][];
    };
    /** @description The text of a cell with a block. */
    Block: {
      source: string;
    };
    /** @description The text of a cell, perhaps with a block, and packages as pip's requirements. */
    BlockRequest: {
      source: string;
      packages: string[];
    };
    /** @description One build of an environment, as lists give it. */
    Build: {
      id: number;
      environment_id: number;
      namespace: string;
      environment: string;
      status: components['schemas']['BuildStatus'];
      scheduled_on: string | null;
      started_on: string | null;
      ended_on: string | null;
      size: number;
    };
    /**
     * @description One build with what only its own page of the server's API tells.
     *
     *     `artifacts` are conda-store's names (`CONDA_PACK`, `LOCKFILE`, ...); `launchable` is true once
     *     `CONDA_PACK` is among them; `reason` says in the log's own words why a build failed. A `deleted` one has
     *     lost its files: conda-store keeps it on its list. While one is `packing` its archive may still come.
     */
    BuildDetail: {
      id: number;
      environment_id: number;
      namespace: string;
      environment: string;
      status: components['schemas']['BuildStatus'];
      scheduled_on: string | null;
      started_on: string | null;
      ended_on: string | null;
      size: number;
      artifacts: string[];
      launchable: boolean;
      reason: string | null;
      deleted: boolean;
      packing: boolean;
    };
    /**
     * @description A build's log: all of it, or the end of a long one when `truncated`.
     *
     *     `complete` is true once the build has ended. `stage` is what it is doing now in a word or two, null before
     *     it starts and once it has ended.
     */
    BuildLog: {
      build_id: number;
      text: string;
      truncated: boolean;
      complete: boolean;
      stage: string | null;
      first_error: components['schemas']['FirstError'] | null;
    };
    /** @description A page of builds, newest first; `page` counts from 1, `count` is over all pages. */
    BuildPage: {
      builds: components['schemas']['Build'][];
      page: number;
      size: number;
      count: number;
    };
    /** @description A specification to build: YAML, or a lockfile's text, which names no `environment` of its own. */
    BuildRequest: {
      namespace: string;
      specification: string;
      is_lockfile?: boolean;
      environment?: string | null;
      description?: string | null;
    };
    /**
     * @description Status of a build, in conda-store's own words.
     * @enum {string}
     */
    BuildStatus: 'QUEUED' | 'BUILDING' | 'COMPLETED' | 'FAILED' | 'CANCELED';
    /**
     * @description Changes from one set of packages to another; each list by name.
     *
     *     `since` and `build_id` are the builds, null for what is not built. `rebuilt` are packages of the same
     *     version and another build string or channel. `specification` is the unified diff of the specifications,
     *     empty when they are equal.
     */
    Changes: {
      since: number | null;
      build_id: number | null;
      added: components['schemas']['Package'][];
      removed: components['schemas']['Package'][];
      upgraded: components['schemas']['VersionChange'][];
      downgraded: components['schemas']['VersionChange'][];
      rebuilt: components['schemas']['VersionChange'][];
      specification: string;
    };
    /**
     * @description A question about a clone: `path` (of Jupyter's files) is the clone's, or of something in it.
     *
     *     `packages` of conda and `pip` requirements are to be added to its manifest, and what was added to the
     *     build whose copy has the key `additions`. `lock` (`namespace/name` or `namespace/name:build`) names the
     *     build whose lockfile is to be written beside the manifest.
     */
    ChangesRequest: {
      path: string;
      packages?: string[];
      pip?: string[];
      additions?: string;
      lock?: string;
    };
    /** @description A file as a specification (YAML, or a lockfile's text); each note says what was not carried over. */
    Conversion: {
      name: string;
      specification: string;
      is_lockfile: boolean;
      notes: string[];
    };
    /** @description A file to turn into a specification: its name, and its text or, in whatever encoding, its bytes. */
    ConversionRequest: {
      filename: string;
      text?: string;
      base64?: string | null;
    };
    /** @description All local copies of a server. */
    CopyList: {
      copies: components['schemas']['LocalCopy'][];
    };
    /** @description A build to have on this machine; `build_id` null means the environment's active build. */
    CopyRequest: {
      namespace: string;
      environment: string;
      build_id?: number | null;
    };
    /**
     * @description State of a local copy.
     * @enum {string}
     */
    CopyState: 'waiting' | 'running' | 'ready' | 'failed' | 'cancelled';
    /**
     * @description An environment to make: of `folder`, named `name`, with the packages that `file` asks for.
     *
     *     An empty `name` is the provider's own choice. `file` is the path of a requirements file, a pyproject.toml
     *     or a lockfile, empty for none. `python` is a version such as `3.12`, or the path of an interpreter.
     */
    CreateRequest: {
      folder: string;
      name?: string;
      file?: string;
      python?: string;
    };
    /** @description Number of kernels whose start was ended. */
    EndedStarts: {
      ended: number;
    };
    /**
     * @description One environment of the server: a row of the panel.
     *
     *     `status` is that of the active build (null when there is none), `launchable` says whether that build
     *     has an archive to download, `running_build_id` names a newer build that is queued or being built and
     *     `running_status` which of the two. A `FAILED` environment is one whose active build failed. `may` is what
     *     the user is permitted to do with it.
     */
    Environment: {
      id: number;
      namespace: string;
      name: string;
      description: string;
      current_build_id: number | null;
      status: components['schemas']['BuildStatus'] | null;
      launchable: boolean;
      running_build_id: number | null;
      running_status: components['schemas']['BuildStatus'] | null;
      may: components['schemas']['Action'][];
    };
    /** @description Changes to an environment: its description, its active build, or both. */
    EnvironmentChange: {
      description?: string | null;
      current_build_id?: number | null;
    };
    /**
     * @description A provider's environments, those of the folder's own project first.
     *
     *     `problem` says in a sentence what was left out, null when nothing was.
     */
    EnvironmentListing: {
      environments: components['schemas']['ProvidedEnvironment'][];
      problem: string | null;
    };
    /** @description The packages of an environment, by name. */
    EnvironmentPackages: {
      packages: components['schemas']['Package'][];
    };
    /** @description A page of environments; `page` counts from 1, `count` is over all pages. */
    EnvironmentPage: {
      environments: components['schemas']['Environment'][];
      page: number;
      size: number;
      count: number;
    };
    /** @description An error as the panel and the command line show it. */
    ErrorInfo: {
      code: string;
      message: string;
    };
    /**
     * @description A lockfile or an archive to have the environment of, by its `path` below the Jupyter server's folder.
     *
     *     `name` is what the environment is called, null for the file's or its folder's name; `environment` the one
     *     that is meant in a pixi.lock. `trusted` says that the user was asked whether its code may run here.
     */
    FileCopyRequest: {
      path: string;
      name?: string | null;
      environment?: string | null;
      trusted?: boolean;
    };
    /**
     * @description One thing that was checked.
     *
     *     `about` names it in a word or two, `message` says in a sentence how it is, `advice` what to do; that is
     *     empty where nothing is to be done.
     */
    Finding: {
      about: string;
      verdict: components['schemas']['Verdict'];
      message: string;
      advice: string;
    };
    /** @description Everything that was checked, in the order in which it was. */
    Findings: {
      findings: components['schemas']['Finding'][];
    };
    /** @description The first line of a log that speaks of an error; `line` counts from 0 in the log's `text`. */
    FirstError: {
      line: number;
      text: string;
    };
    /** @description A folder's environment; `path` is the file that says so, from the root folder, null where none does. */
    FolderDefault: {
      path: string | null;
      namespace: string | null;
      environment: string | null;
      build_id: number | null;
    };
    /**
     * @description The environment that the kernel of a notebook's folder starts from: the nearest one upwards.
     *
     *     `environment` is null where there is none. `problem` says what keeps that kernel from starting, null when
     *     nothing does; its code is `not_found`, `no_kernel`, `python_gone`, `other_system` or `not_trusted`. `file`
     *     is the nearest file that says which packages such an environment has, a path of Jupyter's files, null
     *     where there is an environment or no file.
     */
    FolderEnvironment: {
      environment: components['schemas']['ProvidedEnvironment'] | null;
      problem: components['schemas']['ErrorInfo'] | null;
      file: string | null;
    };
    /** @description Packages as pip's requirements; with `hide`, other versions of what the build itself has may come. */
    InstallRequest: {
      packages: string[];
      hide?: boolean;
    };
    /**
     * @description An environment in the making: `state` is running, ready, failed or cancelled, `log` what was printed.
     *
     *     `environment` is set once it is ready, `error` when it failed.
     */
    Job: {
      id: string;
      provider: string;
      folder: string;
      state: string;
      log: string;
      environment: components['schemas']['ProvidedEnvironment'] | null;
      error: components['schemas']['ErrorInfo'] | null;
    };
    /** @description The jobs under way, and those that ended last. */
    JobList: {
      jobs: components['schemas']['Job'][];
    };
    /** @description The folder of Jupyter's files whose project an overlay is kept for; null for none any more. */
    KeepRequest: {
      folder: string | null;
    };
    /** @description A kernelspec that was registered from an environment. */
    Kernel: {
      name: string;
      display_name: string;
      language: string;
    };
    /** @description The owner of a kernel: one build, or an environment whose active build it tracks (`build_id` None). */
    KernelIdentity: {
      server: string;
      namespace: string;
      environment: string;
      build_id: number | null;
    };
    /** @description Environments that could be kernels. */
    KernelList: {
      kernels: components['schemas']['LaunchableKernel'][];
    };
    /** @description An environment that could be a kernel: its name as one, and whether that is registered already. */
    LaunchableKernel: {
      name: string;
      display_name: string;
      language: string;
      namespace: string;
      environment: string;
      build_id: number;
      registered: boolean;
    };
    /**
     * @description A build's local copy, whole or in the making.
     *
     *     `key` is unique among servers and builds. `bytes_done` and `bytes_total` count what travels, the archive
     *     or packages (`bytes_total` is null when the server does not say), `files` what was written so far.
     *     `way` is archive or packages once that was chosen here; with packages of a build `bytes_saved` tells how
     *     many bytes more the archive has.
     *     `prefix` is the folder once the copy is ready. `error` is set when `state` is failed, and with code
     *     `no_kernel` when a ready copy has nothing to launch, `activation` when its scripts failed as it came.
     */
    LocalCopy: {
      server: string;
      namespace: string;
      environment: string;
      build_id: number;
      key: string;
      state: components['schemas']['CopyState'];
      step: components['schemas']['Step'] | null;
      bytes_done: number;
      bytes_total: number | null;
      files: number;
      prefix: string | null;
      kernels: components['schemas']['Kernel'][];
      error: components['schemas']['ErrorInfo'] | null;
      way: string | null;
      bytes_saved: number | null;
    };
    /**
     * @description State of the embedded conda-store.
     * @enum {string}
     */
    LocalStoreState:
      'unavailable' | 'stopped' | 'starting' | 'running' | 'failed';
    /**
     * @description The embedded conda-store: `message` says in one sentence what is going on or in use.
     *
     *     `step` and `progress` (0 to 1, null when unknown) tell how far a start has come. `channel` is
     *     `conda-forge` or `local`, null before it is known.
     */
    LocalStoreStatus: {
      state: components['schemas']['LocalStoreState'];
      url: string | null;
      pid: number | null;
      channel: string | null;
      step: string | null;
      progress: number | null;
      message: string;
    };
    /** @description The package that brings a module, as pip and as conda-forge call it; null where no table knows it. */
    MissingModule: {
      module: string;
      package: string | null;
      conda: string | null;
    };
    /** @description A repository whose branches and tags are asked for. */
    NamesRequest: {
      repository: string;
    };
    /** @description A namespace, with how many environments of it match the search. */
    Namespace: {
      name: string;
      environments: number;
      may: components['schemas']['NamespaceAction'][];
    };
    /**
     * @description An action on a namespace.
     * @enum {string}
     */
    NamespaceAction: 'create_environment' | 'delete';
    /** @description All namespaces that may be seen, by name. */
    NamespaceList: {
      namespaces: components['schemas']['Namespace'][];
    };
    /** @description A namespace to make. */
    NamespaceRequest: {
      name: string;
    };
    /**
     * @description The build a notebook ran on: `kernel` is the kernelspec's name, `lockfile` the hash of its lockfile.
     *
     *     `lockfile` is null when the server could not be asked, `platform` is conda's name for it, e.g. linux-64.
     *     `additions` were installed beside the build, as `name==version`; R's begin with `r::`.
     */
    NotebookRecord: {
      server: string;
      namespace: string;
      environment: string;
      build_id: number;
      kernel: string;
      lockfile: string | null;
      platform: string | null;
      additions: string[];
    };
    /** @description The requirements in a notebook's block, and those of them that its kernel's environment lacks. */
    NotebookRequirements: {
      requirements: string[];
      missing: string[];
    };
    /**
     * @description State of a notebook's build.
     * @enum {string}
     */
    NotebookState:
      'here' | 'fetchable' | 'superseded' | 'deleted' | 'elsewhere' | 'unknown';
    /**
     * @description Status of a notebook's build: `message` says it, `here` whether it starts without a download.
     *
     *     `active_build_id` is another build that has become the environment's active one, and `changes` tells in a
     *     few words what that changed; of a notebook from elsewhere, it is the active build of the environment of
     *     the same name on the server in use. `rebuildable` says that its lockfile can be had. `missing_additions`
     *     were installed beside the build where the notebook ran, and are not here.
     */
    NotebookStatus: {
      state: components['schemas']['NotebookState'];
      message: string;
      here: boolean;
      fetchable: boolean;
      active_build_id: number | null;
      changes: string;
      rebuildable: boolean;
      missing_additions: string[];
    };
    /**
     * @description A repository to open, as it was seen: `seen` is what the look at it gave.
     *
     *     `trust` says that its code may run here, `build` that its environment may be built, or made of the
     *     packages that its files name. `unsaved` are paths of files that are changed in an editor: an update
     *     leaves them alone.
     */
    OpenRequest: {
      repository: string;
      ref?: string;
      path?: string;
      environment?: string;
      manifest?: string;
      folder?: string;
      beside?: boolean;
      seen?: string;
      trust?: boolean;
      build?: boolean;
      unsaved?: string[];
    };
    /**
     * @description The document to show: `path` of Jupyter's files, and the `kernel` that a notebook is to have.
     *
     *     `messages` say what became of the folder.
     */
    OpenedRepository: {
      path: string;
      is_notebook: boolean;
      kernel: string | null;
      folder: string;
      messages: string[];
    };
    /**
     * @description A package as it is in a build; `size` is its download's bytes where the server knows them.
     *
     *     `channel` is the channel's name without its host and folder; empty for pip's packages.
     */
    Package: {
      name: string;
      version: string;
      build: string;
      channel: string;
      summary: string;
      size: number | null;
      manager: components['schemas']['PackageManager'];
    };
    /**
     * @description The program that installs a package.
     * @enum {string}
     */
    PackageManager: 'conda' | 'pip';
    /** @description A page of the names of packages that the server's channels have, in alphabetical order. */
    PackageNames: {
      packages: string[];
      page: number;
      size: number;
      count: number;
    };
    /** @description A page of packages, by name; `page` counts from 1, `count` is over all pages. */
    PackagePage: {
      packages: components['schemas']['Package'][];
      page: number;
      size: number;
      count: number;
    };
    /** @description Packages to add and to upgrade, as requirements, and names of packages to remove. */
    PackageRequest: {
      add?: string[];
      upgrade?: string[];
      remove?: string[];
    };
    /** @description The versions of one package that the server's channels have, newest first. */
    PackageVersions: {
      versions: string[];
    };
    /** @description A file that could have been the manifest, and why it is not. */
    PassedOver: {
      path: string;
      why: string;
    };
    /**
     * @description Whom the server takes the user for; `create_namespace` says whether any namespace may be created.
     *
     *     `expires` is when the credentials stop to count, null when the server does not say.
     */
    Permissions: {
      authenticated: boolean;
      primary_namespace: string;
      create_namespace: boolean;
      expires: string | null;
    };
    /** @description The packages a specification is solved to; `size` is the sum of their downloads where all are known. */
    Preview: {
      packages: components['schemas']['Package'][];
      changes: components['schemas']['Changes'] | null;
      size: number | null;
    };
    /** @description A specification to solve without building it, compared with build `since` if that is given. */
    PreviewRequest: {
      namespace: string;
      specification: string;
      since?: number | null;
    };
    /** @description The path of the file that says what a project's notebooks start on. */
    ProjectFile: {
      path: string;
    };
    /** @description The environment of conda-store's, as `namespace/name`, that a project's notebooks are to start on. */
    ProjectRequest: {
      environment: string;
    };
    /** @description A specification with additions in it: `conda` and `pip` are its new lines, `left_out` what has none. */
    Promotion: {
      specification: string;
      conda: string[];
      pip: string[];
      left_out: string[];
    };
    /**
     * @description An environment as its provider lists it.
     *
     *     `key` tells it apart within its provider and stays the same as long as the environment stays where it is.
     *     `display_name` is the name people know it by, such as `analysis (.venv, Python 3.12)`. `project` is the
     *     folder whose own environment it is. `problem` says what keeps it from being launched and what to do,
     *     null for one that can be; its code is `no_kernel`, `no_python`, `python_gone` or `other_system`. `kernels`
     *     are the kernelspecs that are registered for it.
     */
    ProvidedEnvironment: {
      provider: string;
      key: string;
      name: string;
      display_name: string;
      kind: string;
      prefix: string | null;
      project: string | null;
      python: string | null;
      problem: components['schemas']['ErrorInfo'] | null;
      kernels: components['schemas']['Kernel'][];
    };
    /**
     * @description A provider as the panel shows it.
     *
     *     `creates` tells whether it makes environments from a folder, `changes` whether packages can be changed one
     *     by one.
     */
    Provider: {
      id: string;
      title: string;
      creates: boolean;
      changes: boolean;
    };
    /** @description The providers of environments, in the panel's order. */
    ProviderList: {
      providers: components['schemas']['Provider'][];
    };
    /** @description A kernel to have of an environment; an empty name is the one it had, else the environment's. */
    RegisterRequest: {
      display_name?: string;
    };
    /** @description The kernels of an environment, the one to launch first. */
    RegisteredKernels: {
      kernels: components['schemas']['Kernel'][];
    };
    /**
     * @description Changes to write back: `diff` is unified; `branch` is checked out, null for a commit by itself.
     *
     *     `new_branch` is a name that no branch has. `author` tells whether git knows who commits. `lockfile` is the
     *     path of the one beside the manifest, null where there is none. `left_out` names what was added and cannot
     *     be listed.
     */
    RepositoryChanges: {
      folder: string;
      files: string[];
      diff: string;
      branch: string | null;
      new_branch: string;
      author: boolean;
      lockfile: string | null;
      left_out: string[];
    };
    /** @description The query of a link to a file or folder of a clone; `badge` is the address of its picture. */
    RepositoryLink: {
      query: string;
      name: string;
      badge: string;
    };
    /**
     * @description A repository as it was looked at; nothing of it was used.
     *
     *     `revision` says in words which commit it is, both null for a folder that is opened where it lies. `folder`
     *     is where the files will be, a path of Jupyter's files; `exists` tells that it is there already. `state` of
     *     the environment is `here`, `built`, `building`, `locked` (it is made of a lockfile's packages), `machine`
     *     (it is made in its folder, by tools of this machine), `missing` (it can be built) or `none`; `message` is
     *     the sentence for that. `size` is the archive's, the copy's or that of all packages. `seen` stands for all
     *     of this in a request to open it, and `query` in a link to it.
     */
    RepositoryLook: {
      repository: string;
      ref: string;
      path: string;
      is_notebook: boolean;
      notebooks: string[];
      commit: string | null;
      revision: string | null;
      author: string | null;
      folder: string;
      exists: boolean;
      manifest: components['schemas']['RepositoryManifest'] | null;
      warnings: string[];
      environment: string | null;
      state: string;
      message: string;
      size: number | null;
      trusted: boolean;
      seen: string;
      query: string;
    };
    /**
     * @description The file that says what notebooks need, and the specification that it becomes.
     *
     *     `notes` say what was not carried over, `moved` what comes from conda instead of by pip.
     */
    RepositoryManifest: {
      path: string;
      specification: string;
      is_lockfile: boolean;
      channels: string[];
      packages: components['schemas']['RepositoryPackage'][];
      notes: string[];
      moved: string[];
      passed_over: components['schemas']['PassedOver'][];
    };
    /** @description The branches and tags of a repository, and the branch that it shows first. */
    RepositoryNames: {
      default: string | null;
      branches: string[];
      tags: string[];
    };
    /** @description A package that a manifest names; `is_new` tells that the user never said yes to it from there. */
    RepositoryPackage: {
      name: string;
      channel: string;
      is_new: boolean;
    };
    /**
     * @description A repository to look at; what is empty is left to the repository.
     *
     *     `repository` is an address, a folder or a link. `path` (of a notebook) and `manifest` are from its root,
     *     `environment` is `namespace/name` or `namespace/name:build`. `folder` is where a clone goes, a path of
     *     Jupyter's files; with `beside` into a folder of its own there.
     */
    RepositoryRequest: {
      repository: string;
      ref?: string;
      path?: string;
      environment?: string;
      manifest?: string;
      folder?: string;
      beside?: boolean;
    };
    /**
     * @description A step of a visit: `name` is look, build, clone, fetch, make, commit or push.
     *
     *     `state` is running, done or failed, `share` how many percent are done.
     */
    RepositoryStep: {
      name: string;
      state: string;
      detail: string;
      share: number | null;
    };
    /** @description The source of a build: YAML, or a lockfile's JSON as text. */
    Specification: {
      build_id: number;
      text: string;
      is_lockfile: boolean;
    };
    /**
     * @description Status of the connection to conda-store.
     *
     *     `url` is null when nothing is configured and no local store runs. `authenticated` is true when the
     *     server knows the credentials, or when none are configured. `error` carries the sentence to show
     *     when the server is not usable as configured.
     */
    Status: {
      url: string | null;
      reachable: boolean;
      authenticated: boolean;
      version: string | null;
      error: components['schemas']['ErrorInfo'] | null;
      local_store: components['schemas']['LocalStoreStatus'];
    };
    /**
     * @description The step that making a copy has reached.
     * @enum {string}
     */
    Step: 'connect' | 'extract' | 'prefix' | 'publish' | 'register';
    /** @description Environments, as `namespace/environment`, whose kernels are brought up to date before all others. */
    SyncRequest: {
      first?: string[] | null;
    };
    /** @description Outcome of a sync: kernels that were written (new or changed) and removed, how many there are. */
    SyncSummary: {
      written: string[];
      removed: string[];
      kernels: number;
    };
    /**
     * @description Verdict of a finding: as it should be, worth knowing, or in the way.
     * @enum {string}
     */
    Verdict: 'ok' | 'note' | 'problem';
    /** @description A package whose version changed; with the same version, `old` and `new` tell the build and channel. */
    VersionChange: {
      name: string;
      old: string;
      new: string;
    };
    /**
     * @description A look, an opening or a writing back under way: `state` is running, ready, failed or cancelled.
     *
     *     `build_id` is the build that is waited for, whose log can be read.
     */
    Visit: {
      id: string;
      state: string;
      steps: components['schemas']['RepositoryStep'][];
      build_id: number | null;
      look: components['schemas']['RepositoryLook'] | null;
      opened: components['schemas']['OpenedRepository'] | null;
      written: components['schemas']['WrittenBack'] | null;
      error: components['schemas']['ErrorInfo'] | null;
    };
    /**
     * @description A request to commit and push: `files` from the clone's root, all that changed if none is named.
     *
     *     `branch` is a new one, empty for the one that is checked out. `author` (`Name <mail>`) counts once.
     */
    WriteBackRequest: {
      path: string;
      packages?: string[];
      pip?: string[];
      additions?: string;
      lock?: string;
      files?: string[];
      message?: string;
      branch?: string;
      author?: string;
    };
    /**
     * @description A commit, and where it went: `pushed_to` an address, else it is saved as `saved_in` and `why` says so.
     *
     *     `request` is the address at which a pull request is opened.
     */
    WrittenBack: {
      branch: string;
      commit: string;
      pushed_to: string | null;
      request: string | null;
      saved_in: string | null;
      why: string | null;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
};
