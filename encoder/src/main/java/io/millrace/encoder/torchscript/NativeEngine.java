package io.millrace.encoder.torchscript;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** DJL's PyTorch engine, loaded once, from the class path alone. */
public final class NativeEngine {

    private static final Engine ENGINE = load();

    private NativeEngine() {}

    /** The engine, after its native libraries are loaded. */
    public static Engine get() {
        return ENGINE;
    }

    /**
     * How many GPUs libtorch can use. DJL counts them by CUDA's runtime library, if that lies where the system or JNA looks for libraries;
     * PyTorch's own packages have it elsewhere. Then libtorch is asked for one GPU after the other.
     */
    public static int gpus() {
        int counted = ENGINE.getGpuCount();
        if (counted > 0 || !ENGINE.hasCapability("CUDA")) {
            return counted;
        }
        int gpus = 0;
        while (isUsable(Device.gpu(gpus))) {
            gpus++;
        }
        return gpus;
    }

    /** Whether a value can be written on a device, as nothing can be if it is not there or its driver does not fit. */
    static boolean isUsable(Device device) {
        try (NDManager scope = ENGINE.newBaseManager(device)) {
            return scope.ones(new Shape(1)).getFloat() == 1;
        } catch (EngineException e) {
            return false;
        }
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
