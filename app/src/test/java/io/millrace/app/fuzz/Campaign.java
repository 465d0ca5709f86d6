package io.millrace.app.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Gives one target many inputs, and stops at the first that fails or does not come to an end. */
final class Campaign {

    /** An input takes far less than a millisecond; what is still there after this long hangs. */
    private static final long PATIENCE_SECONDS = 10;

    private final Fuzzed fuzzed;
    private final FuzzTarget target;
    private final Mutator mutator;
    private final long seed;

    /** Of the input that the target has now; another thread watches it. */
    private final AtomicLong number = new AtomicLong();

    private long accepted;

    Campaign(Fuzzed fuzzed, long seed) throws IOException {
        this.fuzzed = fuzzed;
        this.target = fuzzed.open();
        this.mutator = new Mutator(target.seeds(), seed);
        this.seed = seed;
    }

    /**
     * Runs, and says in one line what came of the inputs.
     *
     * @throws AssertionError if the target fails on one, does not come to an end, or refuses all: then it tests the refusal alone
     */
    String run(long inputs) throws InterruptedException {
        long startedNanos = System.nanoTime();
        FutureTask<Void> work = new FutureTask<>(() -> giveAll(inputs), null);
        Thread worker = new Thread(work, "fuzz-" + fuzzed);
        worker.setDaemon(true);
        worker.start();
        await(work, worker);
        if (accepted == 0) {
            throw new AssertionError("fuzz " + fuzzed + ": the target has refused all " + inputs + " inputs of seed "
                    + seed + ", expected that it reads some. Look at its seeds and at accepts().");
        }
        return String.format(
                Locale.ROOT,
                "fuzz %s: %,d inputs of seed %d in %.1f s: %,d accepted, %,d refused, 0 findings",
                fuzzed,
                inputs,
                seed,
                (System.nanoTime() - startedNanos) / 1e9,
                accepted,
                inputs - accepted);
    }

    private void giveAll(long inputs) {
        for (; number.get() < inputs; number.incrementAndGet()) {
            try {
                accepted += target.accepts(mutator.input(number.get())) ? 1 : 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void await(FutureTask<Void> work, Thread worker) throws InterruptedException {
        for (long before = -1; ; before = number.get()) {
            try {
                work.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                return;
            } catch (ExecutionException e) {
                throw finding("fails: " + e.getCause(), e.getCause());
            } catch (TimeoutException e) {
                if (number.get() == before) {
                    IllegalStateException where = new IllegalStateException("where it was");
                    where.setStackTrace(worker.getStackTrace());
                    throw finding("has not come to an end after " + PATIENCE_SECONDS + " s", where);
                }
            }
        }
    }

    private AssertionError finding(String what, Throwable cause) {
        Path input = fuzzed.folder().resolve("seed-" + seed + "-input-" + number);
        try {
            Files.write(input, mutator.input(number.get()));
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        return new AssertionError(
                "fuzz " + fuzzed + ": input " + number + " of seed " + seed + " " + what + "\nRepeat it with "
                        + FuzzRepeat.command(fuzzed, input),
                cause);
    }
}
