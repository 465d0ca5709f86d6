package io.millrace.encoder.torchscript;

import ai.djl.engine.Engine;

/** DJL's PyTorch engine, loaded once, from the class path alone. */
public final class NativeEngine {

    private static final Engine ENGINE = load();

    private NativeEngine() {}

    /** The engine, after its native libraries are loaded. */
    public static Engine get() {
        return ENGINE;
    }

    private static Engine load() {
        // DJL would otherwise look for newer libraries on the network and report its use.
        setDefault("ai.djl.offline", "true");
        setDefault("OPT_OUT_TRACKING", "true");
        return Engine.getEngine("PyTorch");
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
