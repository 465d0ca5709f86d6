package io.millrace.schemas.follow;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The model that serves now, swapped without a gap: the new one is loaded before it replaces the old one, and the old one is closed as soon
 * as nobody uses it any more. For that time both are in memory.
 *
 * <p>Calls of {@link #use} do not wait for each other or for a swap. If the model is for one thread at a time, synchronize on it.
 *
 * @param <M> a loaded model
 */
public final class LentModel<M extends AutoCloseable> implements ModelReceiver, AutoCloseable {

    private static final System.Logger LOG = System.getLogger(LentModel.class.getName());

    private final Loader<M> loader;
    private final CountDownLatch first = new CountDownLatch(1);
    private @Nullable Held<M> held;
    private boolean closed;

    /** Lends what {@code loader} makes of a directory. */
    public LentModel(Loader<M> loader) {
        this.loader = loader;
    }

    /**
     * Loads a model.
     *
     * @param <M> what it becomes
     */
    @FunctionalInterface
    public interface Loader<M> {

        /** The model in a Hugging Face directory; what it throws leaves the old model in place. */
        M load(Path directory) throws Exception;
    }

    /** A model, its directory, and how many use it; the place that lends it counts as one. */
    private static final class Held<M extends AutoCloseable> {

        private final M model;
        private final VerifiedModel source;
        private int users = 1;

        private Held(M model, VerifiedModel source) {
            this.model = model;
            this.source = source;
        }
    }

    /** Loads a model, lends it from now on, and closes the one before once its last user is done. */
    @Override
    public void accept(VerifiedModel model) throws Exception {
        Held<M> next = new Held<>(loader.load(model.directory()), model);
        Held<M> replaced;
        synchronized (this) {
            // A model that arrives after the end serves nobody: it is released like the one that it would replace.
            replaced = closed ? next : held;
            held = closed ? null : next;
        }
        first.countDown();
        release(replaced);
    }

    /**
     * Waits for the first model.
     *
     * @return whether there is one; false if none has come in time, or this is closed
     */
    public boolean awaitFirst(Duration atMost) throws InterruptedException {
        return first.await(atMost.toMillis(), TimeUnit.MILLISECONDS) && source().isPresent();
    }

    /**
     * Uses the current model, which stays open for that long; keep no reference to it.
     *
     * @return what {@code work} returns
     * @throws IllegalStateException if there is no model, because none has been promoted yet or this is closed
     */
    public <R> R use(Function<? super M, R> work) {
        Held<M> borrowed = borrow();
        try {
            return work.apply(borrowed.model);
        } finally {
            release(borrowed);
        }
    }

    /** What is known of the current model; absent before the first. */
    public synchronized Optional<VerifiedModel> source() {
        return Optional.ofNullable(held).map(current -> current.source);
    }

    /** Closes the current model once its last user is done. Close the {@link ModelFollower} first. */
    @Override
    public void close() {
        Held<M> last;
        synchronized (this) {
            closed = true;
            last = held;
            held = null;
        }
        first.countDown();
        release(last);
    }

    private synchronized Held<M> borrow() {
        Held<M> current = held;
        if (current == null) {
            throw new IllegalStateException(
                    closed
                            ? "there is no model: it was closed"
                            : "there is no model yet: wait until the evaluator has promoted one");
        }
        current.users++;
        return current;
    }

    private void release(@Nullable Held<M> used) {
        if (used == null) {
            return;
        }
        boolean last;
        synchronized (this) {
            used.users--;
            last = used.users == 0;
        }
        if (last) {
            close(used);
        }
    }

    private static void close(Held<?> unused) {
        try {
            unused.model.close();
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The model of " + unused.source.directory() + " is replaced, but could not be closed.",
                    e);
        }
    }
}
