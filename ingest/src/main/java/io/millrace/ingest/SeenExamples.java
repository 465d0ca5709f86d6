package io.millrace.ingest;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;

/**
 * The ids and contents seen within the window, in a window store. An entry is dated when it is added, and whole segments
 * are dropped when they are older than the window, so that the store holds about one and a half windows of traffic. Its
 * changelog restores it on another machine or after a crash.
 *
 * <p>Its time never moves back: the store would refuse entries that are older than the window. After a clock was set back,
 * entries get the newest date until the clock has caught up.
 *
 * <p>A {@link SeenFilter} spares most searches. It is in memory only: what a store holds at the start is read into it by and by, with {@link
 * #learn}, and until then the store is asked for everything.
 */
final class SeenExamples implements AutoCloseable {

    static final String STORE = "seen-examples";

    private static final String ID = "id:";
    private static final String CONTENT = "content:";

    private final WindowStore<String, String> store;
    private final SeenFilter filter;
    private final long windowMs;
    private long newestMs;

    /** What the filter has not learnt yet; null if it knows everything. */
    private @Nullable KeyValueIterator<Windowed<String>, String> unlearnt;

    SeenExamples(WindowStore<String, String> store, Duration window) {
        this.store = store;
        this.windowMs = window.toMillis();
        this.filter = new SeenFilter(windowMs);
        // Some entry of the newest segment: what is dated like it is taken.
        try (KeyValueIterator<Windowed<String>, String> newest = store.backwardFetchAll(0, Long.MAX_VALUE)) {
            if (newest.hasNext()) {
                this.newestMs = newest.next().key.window().start();
                this.unlearnt = store.all();
            }
        }
    }

    static StoreBuilder<WindowStore<String, String>> store(Duration window) {
        return Stores.windowStoreBuilder(
                Stores.persistentWindowStore(STORE, window, window, false), Serdes.String(), Serdes.String());
    }

    /** The time at which something was remembered last, or some time of the same segment after a restart; 0 if nothing was. */
    long newestMs() {
        return newestMs;
    }

    /**
     * Reads some of what the store held at the start into the filter.
     *
     * @param entries at most so many
     * @return whether there is more
     */
    boolean learn(int entries) {
        if (unlearnt == null) {
            return false;
        }
        for (int i = 0; i < entries && unlearnt.hasNext(); i++) {
            KeyValue<Windowed<String>, String> entry = unlearnt.next();
            filter.add(entry.key.key(), entry.key.window().start(), newestMs);
        }
        if (!unlearnt.hasNext()) {
            close();
        }
        return unlearnt != null;
    }

    /** The content fingerprint with which this id of a task was seen less than a window before {@code nowMs}. */
    Optional<String> contentOf(String task, String id, long nowMs) {
        return find(ID + task + "/" + id, nowMs);
    }

    /** Whether this content was seen less than a window before {@code nowMs}. */
    boolean holdsContent(String fingerprint, long nowMs) {
        return find(CONTENT + fingerprint, nowMs).isPresent();
    }

    void rememberId(String task, String id, String fingerprint, long nowMs) {
        put(ID + task + "/" + id, fingerprint, nowMs);
    }

    void rememberContent(String fingerprint, String id, long nowMs) {
        put(CONTENT + fingerprint, id, nowMs);
    }

    /** Ends reading; the store is Kafka Streams' own. */
    @Override
    public void close() {
        if (unlearnt != null) {
            unlearnt.close();
            unlearnt = null;
        }
    }

    private void put(String key, String value, long nowMs) {
        newestMs = Math.max(newestMs, nowMs);
        store.put(key, value, newestMs);
        filter.add(key, newestMs, newestMs);
    }

    private Optional<String> find(String key, long nowMs) {
        if (unlearnt == null && !filter.mayHold(key)) {
            return Optional.empty();
        }
        // Open to the right: a clock that was set back must not hide what came before.
        try (WindowStoreIterator<String> found = store.fetch(key, nowMs - windowMs + 1, Long.MAX_VALUE)) {
            return found.hasNext() ? Optional.of(found.next().value) : Optional.empty();
        }
    }
}
