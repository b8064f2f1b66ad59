/** The built app and its relay in a process of their own, ended with the row. */
import { startApp, type App } from '../../support/app-process.ts';

export const withApp = async <T>(run: (app: App) => Promise<T>): Promise<T> => {
  const app = await startApp();
  try {
    return await run(app);
  } finally {
    await app.dispose();
  }
};
