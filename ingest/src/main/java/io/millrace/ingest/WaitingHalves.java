package io.millrace.ingest;

import io.millrace.schemas.kafka.JsonSerde;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The texts and labels that wait for each other, and the ids of those that have met, in one store with three kinds of keys: an
 * entry per id, an empty one per time at which an entry ends, in the order of these times, and the time of {@link WaitClock}.
 * An entry lives for the window of its source, so that the store is bounded by windows of traffic. Its changelog restores it
 * on another machine or after a crash.
 */
final class WaitingHalves {

    static final String STORE = "waiting-halves";

    private static final String ENTRY = "entry/";

    /** The character after the slash. */
    private static final String AFTER_ENTRIES = "entry0";

    private static final String END = "end/";
    private static final String CLOCK = "clock";

    private final KeyValueStore<String, Entry> store;

    /**
     * What is known of an id.
     *
     * @param half what waits; null once the two have met
     * @param text fingerprint of the text, once it has come
     * @param label the label, once it has come
     * @param endMs when the entry ends, by {@link WaitClock}
     */
    record Entry(@Nullable Half half, @Nullable String text, @Nullable String label, long endMs) {}

    WaitingHalves(KeyValueStore<String, Entry> store) {
        this.store = store;
    }

    /** {@code maxRecordBytes}: longest value that is read. */
    static StoreBuilder<KeyValueStore<String, Entry>> store(int maxRecordBytes) {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(STORE), Serdes.String(), new JsonSerde<>(Entry.class))
                .withLoggingEnabled(Map.of(
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(InternalTopic.room(maxRecordBytes))));
    }

    Optional<Entry> find(String key) {
        return Optional.ofNullable(store.get(ENTRY + key));
    }

    void put(String key, Entry entry) {
        remove(key);
        store.put(ENTRY + key, entry);
        store.put(endKey(entry.endMs(), key), new Entry(null, null, null, entry.endMs()));
    }

    void remove(String key) {
        Entry old = store.get(ENTRY + key);
        if (old != null) {
            store.delete(ENTRY + key);
            store.delete(endKey(old.endMs(), key));
        }
    }

    /** Removes the entries that have ended, at most {@code count}, and returns what still waited among them. */
    List<Half> removeEnded(long nowMs, int count) {
        List<String> ended = new ArrayList<>();
        try (KeyValueIterator<String, Entry> ends = store.range(END, endKey(nowMs + 1, ""))) {
            while (ends.hasNext() && ended.size() < count) {
                ended.add(ends.next().key.substring(endKey(0, "").length()));
            }
        }
        List<Half> halves = new ArrayList<>();
        for (String key : ended) {
            find(key).map(Entry::half).ifPresent(halves::add);
            remove(key);
        }
        return halves;
    }

    /** What waits now, for the counts at the start. */
    List<Half.Side> sides() {
        List<Half.Side> sides = new ArrayList<>();
        try (KeyValueIterator<String, Entry> entries = store.range(ENTRY, AFTER_ENTRIES)) {
            while (entries.hasNext()) {
                KeyValue<String, Entry> entry = entries.next();
                Half half = entry.value.half();
                if (half != null) {
                    sides.add(half.side());
                }
            }
        }
        return sides;
    }

    /** Whether there is no entry. */
    boolean isEmpty() {
        try (KeyValueIterator<String, Entry> entries = store.range(END, endKey(Long.MAX_VALUE, ""))) {
            return !entries.hasNext();
        }
    }

    /** The time that was stored last; 0 if none was. */
    long timeMs() {
        Entry clock = store.get(CLOCK);
        return clock == null ? 0 : clock.endMs();
    }

    void putTime(long timeMs) {
        store.put(CLOCK, new Entry(null, null, null, timeMs));
    }

    /** Hexadecimal digits of one length sort as the numbers do. */
    private static String endKey(long endMs, String key) {
        return END + String.format(Locale.ROOT, "%016x/", endMs) + key;
    }
}
