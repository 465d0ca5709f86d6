package io.millrace.trainer;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Writes and announces checkpoints beside training, on a thread of its own. One at a time for all tasks of the process: so there is never
 * more than one copy of a task's state in memory, and a slow disk or broker holds training up instead of filling the memory. Everything
 * but the work itself is called on the training thread.
 */
final class CheckpointThread implements AutoCloseable {

    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread started = new Thread(work, "millrace-checkpoints");
        started.setDaemon(true);
        return started;
    });
    private Future<?> newest = CompletableFuture.completedFuture(null);

    /** Whether a checkpoint is under way. */
    boolean isBusy() {
        return !newest.isDone();
    }

    /** Waits until none is under way, however it ends. */
    void awaitFree() {
        try {
            newest.get();
        } catch (ExecutionException e) {
            // Its task meets the failure when it takes the result.
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Starts to write a checkpoint. None may be under way. */
    <T> Future<T> start(Callable<T> work) {
        if (isBusy()) {
            throw new IllegalStateException("a checkpoint is under way; wait for it before the next is started");
        }
        Future<T> started = thread.submit(work);
        newest = started;
        return started;
    }

    /** Waits for a result, and throws what the work has thrown. */
    static <T> T result(Future<T> work) {
        try {
            return work.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException("cannot write a checkpoint: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while a checkpoint was under way", e);
    }

    /** Ends the thread once its work is done. */
    @Override
    public void close() {
        awaitFree();
        thread.shutdown();
    }
}
