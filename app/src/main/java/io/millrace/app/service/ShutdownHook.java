package io.millrace.app.service;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Turns Ctrl-C and SIGTERM into an orderly end with exit code 0: {@link #requested} becomes true, the command closes what
 * it has opened, and the process waits for that until {@link #close}.
 */
public final class ShutdownHook implements AutoCloseable {

    private static final long CLOSING_LIMIT_S = 60;

    private final CompletableFuture<Void> requested = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stopInOrder, "stop-signal");

    public ShutdownHook() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Whether the process was asked to stop. */
    public boolean requested() {
        return requested.isDone();
    }

    /**
     * Waits until the process is asked to stop or {@code work} ends.
     *
     * @throws ExecutionException with the cause if the work failed
     */
    public void await(CompletableFuture<?> work) throws InterruptedException, ExecutionException {
        CompletableFuture.anyOf(requested, work).get();
    }

    /** Waits like {@link #await(CompletableFuture)}, but no longer than {@code millis}. */
    public void await(CompletableFuture<?> work, long millis) throws InterruptedException, ExecutionException {
        try {
            CompletableFuture.anyOf(requested, work).get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // The time is over and nothing happened: that is one of the two ways in which this returns.
        }
    }

    /** Lets the process end; call it when everything else is closed. */
    @Override
    public void close() {
        closed.countDown();
        if (!requested()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The signal came in this very moment: the hook finds everything closed and ends the process.
            }
        }
    }

    /** A JVM that a signal ends would exit with 128 + the signal's number; a stop in order is no failure. */
    private void stopInOrder() {
        requested.complete(null);
        try {
            if (closed.await(CLOSING_LIMIT_S, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(0);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
