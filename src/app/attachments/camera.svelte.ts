import { openCamera, type Camera } from '../../media/camera.browser.ts';
import type { CameraProblem } from '../../media/camera.ts';

/** A camera from the question for it until its picture is taken, or it is closed. */
export class CameraState {
  problem = $state<CameraProblem | undefined>(undefined);
  camera = $state.raw<Camera | undefined>(undefined);
  #isGone = false;

  readonly start = async (): Promise<void> => {
    const opened = await openCamera();
    if (!opened.ok) {
      this.problem = opened.error;
      return;
    }
    if (this.#isGone) opened.value.close();
    else this.camera = opened.value;
  };

  readonly close = (): void => {
    this.#isGone = true;
    this.camera?.close();
  };
}
