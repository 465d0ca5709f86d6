package io.millrace.encoder.torchscript;

import ai.djl.pytorch.jni.JniUtils;

/** Switches the recording of gradients on this thread, and back on close. The switch is per thread, and on in a new one. */
public final class GradMode implements AutoCloseable {

    private final boolean before;

    private GradMode(boolean enable) {
        NativeEngine.get();
        before = JniUtils.isGradMode();
        JniUtils.setGradMode(enable);
    }

    /** Records gradients until it is closed. */
    public static GradMode on() {
        return new GradMode(true);
    }

    /** Records no gradients until it is closed. */
    public static GradMode off() {
        return new GradMode(false);
    }

    @Override
    public void close() {
        JniUtils.setGradMode(before);
    }
}
