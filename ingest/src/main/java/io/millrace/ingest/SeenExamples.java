package io.millrace.ingest;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;

import java.time.Duration;
import java.util.Optional;

/**
 * The ids and contents seen within the window, in a window store. An entry is dated when it is added, and whole segments
 * are dropped when they are older than the window, so that the store holds about one and a half windows of traffic. Its
 * changelog restores it on another machine or after a crash.
 *
 * <p>Its time never moves back: the store would refuse entries that are older than the window. After a clock was set back,
 * entries get the newest date until the clock has caught up.
 */
final class SeenExamples {

    static final String STORE = "seen-examples";

    private static final String ID = "id:";
    private static final String CONTENT = "content:";

    private final WindowStore<String, String> store;
    private final long windowMs;
    private long newestMs;

    SeenExamples(WindowStore<String, String> store, Duration window) {
        this.store = store;
        this.windowMs = window.toMillis();
        // Some entry of the newest segment: what is dated like it is taken.
        try (KeyValueIterator<Windowed<String>, String> newest = store.backwardFetchAll(0, Long.MAX_VALUE)) {
            this.newestMs = newest.hasNext() ? newest.next().key.window().start() : 0;
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

    private void put(String key, String value, long nowMs) {
        newestMs = Math.max(newestMs, nowMs);
        store.put(key, value, newestMs);
    }

    private Optional<String> find(String key, long nowMs) {
        // Open to the right: a clock that was set back must not hide what came before.
        try (WindowStoreIterator<String> found = store.fetch(key, nowMs - windowMs + 1, Long.MAX_VALUE)) {
            return found.hasNext() ? Optional.of(found.next().value) : Optional.empty();
        }
    }
}
