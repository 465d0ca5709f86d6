package io.millrace.encoder;

import io.millrace.encoder.torchscript.NativeEngine;

/** Whether tests of a GPU can run. */
public final class Gpu {

    /** Why they do not. */
    public static final String MISSING = "PyTorch, as these tests load it, sees no GPU: docs/performance.md, GPUs";

    private Gpu() {}

    /** Whether PyTorch sees one. */
    public static boolean isThere() {
        return NativeEngine.gpus() > 0;
    }
}
