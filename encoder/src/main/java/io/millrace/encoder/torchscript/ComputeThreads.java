package io.millrace.encoder.torchscript;

import ai.djl.pytorch.jni.JniUtils;

/**
 * How many threads libtorch divides a kernel over. It keeps that number per thread that calls kernels, and another for those threads that
 * will call their first one.
 */
public final class ComputeThreads {

    private ComputeThreads() {}

    /** The number of this thread: at first that of the process, which {@code OMP_NUM_THREADS} gives, or the number of cores. */
    public static int count() {
        NativeEngine.get();
        return JniUtils.getNumThreads();
    }

    /** Lets this thread run its kernels alone. Call it within {@link #keepingThatOfOthers}. */
    public static void one() {
        // A thread that has never asked would take over the number of the process with its first kernel.
        int unused = count();
        JniUtils.setNumThreads(1);
    }

    /**
     * Lets other threads call {@link #one}, and puts the number for new threads back, which that changes.
     *
     * @param limiting returns when these threads have done so
     */
    public static void keepingThatOfOthers(Runnable limiting) {
        synchronized (ComputeThreads.class) {
            int all = count();
            limiting.run();
            JniUtils.setNumThreads(all);
        }
    }
}
