package io.millrace.ingest;

import io.millrace.schemas.kafka.JsonSerde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which texts are in probe sets, in one store that is read both ways: the key of a probe leads to the fingerprints of its
 * texts, so that they can be replaced or deleted; a fingerprint leads to the keys of all probes with that text. Both are
 * single look-ups.
 *
 * <p>A key has one text in each partition where clients have put it, and all of them count: a record in one partition does
 * not change another's entry. So the order in which partitions are read does not matter.
 *
 * <p>The store lives in memory and is filled from the {@code probes} topic at every start, so it cannot disagree with
 * the topic. Its size is that of the probe sets, some 400 bytes for each probe.
 */
final class ProbeIndex {

    static final String STORE = "probe-index";

    private static final String PROBE = "probe:";
    private static final String TEXT = "text:";
    private static final String IN_PARTITION = "=";

    private final KeyValueStore<String, String[]> store;

    ProbeIndex(KeyValueStore<String, String[]> store) {
        this.store = store;
    }

    static StoreBuilder<KeyValueStore<String, String[]>> store() {
        return Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(STORE), Serdes.String(), new JsonSerde<>(String[].class))
                .withLoggingDisabled();
    }

    /**
     * Adds a probe, replacing the one with the same key in the same partition.
     *
     * @return whether the key is new in every partition
     */
    boolean put(int partition, String probe, String fingerprint) {
        String[] before = entriesOf(probe);
        Optional<String> replaced = fingerprintIn(partition, before);
        if (replaced.isEmpty() || !replaced.get().equals(fingerprint)) {
            // The new text is added before the old one is removed: stream threads read at any moment.
            addText(probe, fingerprint);
            String[] now = Stream.concat(
                            elsewhere(partition, before), Stream.of(partition + IN_PARTITION + fingerprint))
                    .toArray(String[]::new);
            store.put(PROBE + probe, now);
            replaced.ifPresent(old -> removeText(probe, old, now));
        }
        return before.length == 0;
    }

    /**
     * Removes a partition's entry for a probe.
     *
     * @return whether the key was present, and now is in no partition
     */
    boolean remove(int partition, String probe) {
        String[] before = entriesOf(probe);
        Optional<String> removed = fingerprintIn(partition, before);
        String[] left = elsewhere(partition, before).toArray(String[]::new);
        removed.ifPresent(old -> {
            removeText(probe, old, left);
            store.put(PROBE + probe, orNull(left));
        });
        return removed.isPresent() && left.length == 0;
    }

    boolean isEmpty() {
        return store.approximateNumEntries() == 0;
    }

    /** The key of a probe whose text has this fingerprint, if there is one. */
    Optional<String> find(String fingerprint) {
        return probesWith(fingerprint).findFirst();
    }

    /** Of each partition that a key is in, the partition and the fingerprint. */
    private String[] entriesOf(String probe) {
        String[] entries = store.get(PROBE + probe);
        return entries == null ? new String[0] : entries;
    }

    private static Optional<String> fingerprintIn(int partition, String[] entries) {
        String prefix = partition + IN_PARTITION;
        return Stream.of(entries)
                .filter(entry -> entry.startsWith(prefix))
                .map(entry -> entry.substring(prefix.length()))
                .findFirst();
    }

    private static Stream<String> elsewhere(int partition, String[] entries) {
        return Stream.of(entries).filter(entry -> !entry.startsWith(partition + IN_PARTITION));
    }

    private Stream<String> probesWith(String fingerprint) {
        String[] probes = store.get(TEXT + fingerprint);
        return probes == null ? Stream.empty() : Stream.of(probes);
    }

    private void addText(String probe, String fingerprint) {
        store.put(
                TEXT + fingerprint,
                Stream.concat(probesWith(fingerprint), Stream.of(probe))
                        .distinct()
                        .toArray(String[]::new));
    }

    /** Unless the key has the same text in another partition. */
    private void removeText(String probe, String fingerprint, String[] left) {
        if (Stream.of(left).noneMatch(entry -> entry.endsWith(IN_PARTITION + fingerprint))) {
            store.put(
                    TEXT + fingerprint,
                    orNull(probesWith(fingerprint)
                            .filter(other -> !other.equals(probe))
                            .toArray(String[]::new)));
        }
    }

    private static String @Nullable [] orNull(String[] values) {
        return values.length == 0 ? null : values;
    }
}
