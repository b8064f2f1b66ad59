/** Before any browser test: the app is built once, so that no test has to wait for it. */
import { ensureBuilt } from '../../relay/build.ts';

export default async (): Promise<void> => {
  if (!(await ensureBuilt())) throw new Error('The app could not be built.');
};
