package io.millrace.evaluator;

import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The thread that judges, separate from the polling thread. It does one piece of work at a time, and owns all native memory
 * and the consumers of the state.
 */
final class Worker implements AutoCloseable {

    private static final String THREAD_NAME = "millrace-evaluator-judge";

    /** Pause between two looks at the group membership while work is done. */
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> new Thread(work, THREAD_NAME));
    private volatile boolean cancelled;

    /** Starts a piece of work; the previous one must be closed. */
    <T> Work<T> start(Supplier<T> computation) {
        cancelled = false;
        return new Work<>(thread.submit(computation::get));
    }

    /**
     * Does a piece of work, and looks every now and then whether it is still wanted.
     *
     * @param computation the work
     * @param isWanted asked on the calling thread; false cancels the work
     * @return the result; empty if it was cancelled
     */
    <T> Optional<T> doWhile(Supplier<T> computation, BooleanSupplier isWanted) {
        try (Work<T> work = start(computation)) {
            while (!work.isDoneWithin(PAUSE)) {
                if (!isWanted.getAsBoolean()) {
                    work.cancel();
                }
            }
            return work.result();
        }
    }

    /** Throws a {@link CancellationException} if the work has been cancelled; the work calls this now and then. */
    void throwIfCancelled() {
        if (cancelled) {
            throw new CancellationException("the partition has moved to another evaluator");
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }

    /** A piece of work. Closing it cancels it unless it is done, and waits for it. */
    final class Work<T> implements AutoCloseable {

        private final Future<T> future;

        private Work(Future<T> future) {
            this.future = future;
        }

        /** Whether it is done; waits for at most {@code patience}. */
        boolean isDoneWithin(Duration patience) {
            try {
                future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException e) {
                return false;
            } catch (ExecutionException e) {
                return true;
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }

        /** Asks it to end, which it does between two calls of the model. Its result is not used. */
        void cancel() {
            cancelled = true;
        }

        /**
         * The result; empty if it was cancelled.
         *
         * @throws RuntimeException the exception of the work, if it failed
         */
        Optional<T> result() {
            if (cancelled) {
                return Optional.empty();
            }
            try {
                return Optional.of(future.get());
            } catch (ExecutionException e) {
                throw unchecked(e.getCause());
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }

        private static RuntimeException unchecked(@Nullable Throwable cause) {
            if (cause instanceof Error error) {
                throw error;
            }
            return cause instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(cause);
        }

        @Override
        public void close() {
            if (!future.isDone()) {
                cancel();
                while (!isDoneWithin(Duration.ofDays(1))) {
                    // The caller may close the clients next: nobody may be using them then.
                }
            }
        }
    }
}
