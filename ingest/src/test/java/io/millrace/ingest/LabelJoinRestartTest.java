package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.ingest.WaitingHalves.Entry;
import io.millrace.schemas.Origin;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.JsonSerde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;

/** What waits while ingest is stopped or killed: another instance gets the store. */
class LabelJoinRestartTest {

    private static final Duration WINDOW = Duration.ofHours(1);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final IngestMetrics metrics = new IngestMetrics(registry, Tasks.registry());
    private final MockProcessorContext<byte[], Candidate> context = new MockProcessorContext<>();
    private final KeyValueStore<String, Entry> store = Stores.keyValueStoreBuilder(
                    Stores.inMemoryKeyValueStore(WaitingHalves.STORE), Serdes.String(), new JsonSerde<>(Entry.class))
            .withLoggingDisabled()
            .build();

    private long nowMs = IngestFixture.NOW.toEpochMilli();
    private LabelJoin join;

    @BeforeEach
    void start() {
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(store);
        join = started();
    }

    @Test
    void shouldGoOnWaitingForTheRestOfTheWindowAfterALongStop() {
        // Given
        run(Duration.ofMinutes(1));
        join.process(text("1"));
        run(Duration.ofMinutes(50));

        // When
        join.close();
        nowMs += Duration.ofDays(30).toMillis();
        join = started();
        run(Duration.ofMinutes(10));
        int before = context.forwarded().size();
        run(Duration.ofMinutes(2));

        // Then
        assertThat(before).isZero();
        assertThat(context.forwarded()).singleElement().satisfies(forwarded -> assertThat(
                        forwarded.record().value().validation().rejected())
                .hasValueSatisfying(rejected -> assertThat(rejected.reason()).isEqualTo(RejectionReason.UNLABELLED)));
    }

    @Test
    void shouldMeasureByTheSameTimeAfterACrashRightAfterTheFirstHalf() {
        // Given
        run(Duration.ofDays(1));
        join.process(text("1"));

        // When
        join = started();
        run(WINDOW.plusMinutes(2));

        // Then
        assertThat(context.forwarded()).hasSize(1);
    }

    @Test
    void shouldCountWhatWaitsInThisProcess() {
        // Given
        join.process(text("1"));
        join.process(text("2"));

        // When
        join.close();
        int stopped = waiting();
        join = started();

        // Then
        assertThat(stopped).isZero();
        assertThat(waiting()).isEqualTo(2);
    }

    private int waiting() {
        return (int)
                registry.get(IngestMetrics.WAITING).tag("side", "text").gauge().value();
    }

    private LabelJoin started() {
        context.scheduledPunctuators().forEach(MockProcessorContext.CapturedPunctuator::cancel);
        context.setCurrentSystemTimeMs(nowMs);
        LabelJoin another = new LabelJoin(
                Map.of("tickets", WINDOW),
                new ExampleValidator(Tasks.registry(), Rejectable.MAX_RECORD_BYTES),
                metrics);
        another.init(context);
        return another;
    }

    private void run(Duration duration) {
        for (long i = 0; i < duration.dividedBy(LabelJoin.TICK); i++) {
            nowMs += LabelJoin.TICK.toMillis();
            context.setCurrentSystemTimeMs(nowMs);
            context.scheduledPunctuators().stream()
                    .filter(punctuator -> !punctuator.cancelled())
                    .forEach(punctuator -> punctuator.getPunctuator().punctuate(nowMs));
        }
    }

    private Record<String, Half> text(String id) {
        Half half = new Half(
                "tickets",
                Half.Side.TEXT,
                "intent",
                new Origin("acme.tickets", 0, 0, nowMs),
                Json.mapper().createObjectNode().put("id", id).put("text", "a text"));
        return new Record<>(half.key(), half, nowMs);
    }
}
