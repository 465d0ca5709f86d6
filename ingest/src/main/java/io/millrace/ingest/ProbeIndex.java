package io.millrace.ingest;

import io.millrace.schemas.JsonSerde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which texts stand in probe sets, in one store that is read both ways: the key of a probe leads to the fingerprint of
 * its text, so that the probe can be replaced or deleted; a fingerprint leads to the keys of all probes with that text.
 * Both are single look-ups.
 *
 * <p>The store lives in memory and is filled from the {@code probes} topic at every start, so it cannot disagree with
 * the topic. Its size is that of the probe sets, some 400 bytes for each probe.
 */
final class ProbeIndex {

    static final String STORE = "probe-index";

    private static final String PROBE = "probe:";
    private static final String TEXT = "text:";

    private final KeyValueStore<String, String[]> store;

    ProbeIndex(KeyValueStore<String, String[]> store) {
        this.store = store;
    }

    static StoreBuilder<KeyValueStore<String, String[]>> store() {
        return Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(STORE), Serdes.String(), new JsonSerde<>(String[].class))
                .withLoggingDisabled();
    }

    /** Puts a probe in, in place of the one with the same key; true if there was none. */
    boolean put(String probe, String fingerprint) {
        Optional<String> before = fingerprintOf(probe);
        if (before.isEmpty() || !before.get().equals(fingerprint)) {
            // The new text goes in before the old one goes out: stream threads look in here at any moment.
            store.put(
                    TEXT + fingerprint,
                    Stream.concat(probesWith(fingerprint), Stream.of(probe)).toArray(String[]::new));
            store.put(PROBE + probe, new String[] {fingerprint});
            before.ifPresent(old -> removeText(probe, old));
        }
        return before.isEmpty();
    }

    /** Takes a probe out; true if it was in. */
    boolean remove(String probe) {
        Optional<String> fingerprint = fingerprintOf(probe);
        fingerprint.ifPresent(old -> {
            removeText(probe, old);
            store.delete(PROBE + probe);
        });
        return fingerprint.isPresent();
    }

    /** The key of a probe whose text has this fingerprint, if there is one. */
    Optional<String> find(String fingerprint) {
        return probesWith(fingerprint).findFirst();
    }

    private Optional<String> fingerprintOf(String probe) {
        return Optional.ofNullable(store.get(PROBE + probe)).map(fingerprint -> fingerprint[0]);
    }

    private Stream<String> probesWith(String fingerprint) {
        String[] probes = store.get(TEXT + fingerprint);
        return probes == null ? Stream.empty() : Stream.of(probes);
    }

    private void removeText(String probe, String fingerprint) {
        String[] left =
                probesWith(fingerprint).filter(other -> !other.equals(probe)).toArray(String[]::new);
        store.put(TEXT + fingerprint, left.length == 0 ? null : left);
    }
}
