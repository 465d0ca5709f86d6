package io.millrace.trainer;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that must not hold training up: on Linux, its thread takes a core mainly when no other thread wants it. Java's own thread
 * priorities change nothing there without the rights of root. A thread that waits for such work leaves it its core.
 */
final class BackgroundThread {

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundThread.class);

    /** Of a core that training wants too, the work gets about a tenth: it never stands still. */
    static final int NICENESS = 10;

    /** {@code PRIO_PROCESS} of {@code setpriority(2)}; Linux takes a process of 0 as the calling thread. */
    private static final int ONE_THREAD = 0;

    private BackgroundThread() {}

    /** A daemon thread for {@code work}. */
    static Thread of(Runnable work, String name) {
        Thread thread = new Thread(
                () -> {
                    stepBack();
                    work.run();
                },
                name);
        thread.setDaemon(true);
        return thread;
    }

    private static void stepBack() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return;
        }
        try {
            Function setPriority = NativeLibrary.getInstance("c").getFunction("setpriority");
            if (setPriority.invokeInt(new Object[] {ONE_THREAD, 0, NICENESS}) != 0) {
                LOG.debug(
                        "the system refuses to lower the priority of {}",
                        Thread.currentThread().getName());
            }
        } catch (LinkageError e) {
            LOG.debug("cannot lower the priority of {}", Thread.currentThread().getName(), e);
        }
    }
}
