package io.millrace.ingest;

import static io.millrace.ingest.Tasks.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

/** A key that lies in two partitions, because clients differ in where they put it. A start reads them in any order. */
class ProbeIndexerTest {

    private static final int JAVAS = 1;
    private static final int FOREIGN = 3;

    private final MockProcessorContext<Void, Void> context = new MockProcessorContext<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ProbeIndexer indexer = new ProbeIndexer(new IngestMetrics(registry, Tasks.registry()));
    private ProbeIndex index;

    @BeforeEach
    void start() {
        KeyValueStore<String, String[]> store = ProbeIndex.store().build();
        store.init(context.getStateStoreContext(), store);
        index = new ProbeIndex(store);
        indexer.init(context);
    }

    static List<List<Integer>> orders() {
        return List.of(List.of(JAVAS, FOREIGN), List.of(FOREIGN, JAVAS));
    }

    @ParameterizedTest
    @MethodSource("orders")
    void shouldGuardWhatEachPartitionSaysInWhicheverOrderTheyAreRead(List<Integer> order) {
        // When
        for (int partition : order) {
            take(partition, partition == JAVAS ? "a text" : "another text");
        }

        // Then
        assertThat(isGuarded("a text")).isTrue();
        assertThat(isGuarded("another text")).isTrue();
        assertThat(probes()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("orders")
    void shouldLiftByATombstoneOnlyWhatItsOwnPartitionSays(List<Integer> order) {
        // When the foreign partition has the probe and Java's a tombstone that came later, or was loaded earlier
        for (int partition : order) {
            take(partition, partition == FOREIGN ? "a text" : null);
        }

        // Then
        assertThat(isGuarded("a text")).isTrue();
        assertThat(probes()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("orders")
    void shouldGuardATextOfSeveralPartitionsUntilTheLastOfThemLetsItGo(List<Integer> order) {
        // Given
        order.forEach(partition -> take(partition, "a text"));
        assertThat(probes()).isEqualTo(1);

        // When
        take(order.get(0), "another text");
        boolean isGuardedByTheOther = isGuarded("a text");
        order.forEach(partition -> take(partition, null));

        // Then
        assertThat(isGuardedByTheOther).isTrue();
        assertThat(isGuarded("a text")).isFalse();
        assertThat(isGuarded("another text")).isFalse();
        assertThat(probes()).isZero();
    }

    /** {@code text}: null for a tombstone. */
    private void take(int partition, String text) {
        context.setRecordMetadata(Topics.PROBES.name(), partition, 0);
        byte[] value = text == null
                ? null
                : bytes(Json.write(
                        new ProbeExample("intent", "typos", Distribution.OUT_OF_DISTRIBUTION, example(text))));
        indexer.process(new Record<>(bytes("intent/typos/p1"), value, 0));
    }

    private boolean isGuarded(String text) {
        return index.find(TextFingerprint.ofText("intent", example(text))).isPresent();
    }

    private static LabelledExample example(String text) {
        return Tasks.example("p1", text, "translate");
    }

    private int probes() {
        return (int) registry.get(IngestMetrics.PROBES).gauge().value();
    }
}
