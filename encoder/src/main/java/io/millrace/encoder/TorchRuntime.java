package io.millrace.encoder;

import ai.djl.engine.Engine;
import io.millrace.encoder.torchscript.NativeEngine;

/**
 * PyTorch as this process has loaded it.
 *
 * @param version its version
 * @param gpus how many GPUs it sees
 */
public record TorchRuntime(String version, int gpus) {

    /**
     * Loads the native library, if nothing has loaded it yet.
     *
     * @throws RuntimeException or a {@link LinkageError} if it does not load here
     */
    public static TorchRuntime load() {
        Engine engine = NativeEngine.get();
        return new TorchRuntime(engine.getVersion(), NativeEngine.gpus());
    }
}
