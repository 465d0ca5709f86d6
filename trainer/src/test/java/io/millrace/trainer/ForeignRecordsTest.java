package io.millrace.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.kafka.KeyPartition;
import io.millrace.trainer.config.Method;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import java.util.List;

class ForeignRecordsTest {

    private static final int PARTITIONS = 4;
    private static final int OWN = KeyPartition.of("sentiment", PARTITIONS);
    private static final int OTHER = (OWN + 1) % PARTITIONS;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ForeignRecords foreign =
            new ForeignRecords(Sentiments.KAFKA, registry, List.of(Sentiments.task(Method.PLAIN)));

    @Test
    void shouldCountRecordsOfTheTaskInAnotherPartition() {
        // When
        check("texts", OTHER, "sentiment");
        check("texts", OTHER, "sentiment");
        check("accepted-examples", OTHER, "sentiment");

        // Then
        assertThat(count("texts", "wrong-partition")).isEqualTo(2);
        assertThat(count("accepted-examples", "wrong-partition")).isEqualTo(1);
    }

    @Test
    void shouldCountRecordsOfStrangersWithoutAMeterPerStranger() {
        // When
        for (int i = 0; i < 100; i++) {
            check("accepted-examples", OWN, "stranger-" + i);
        }
        check("accepted-examples", OWN, null);

        // Then
        assertThat(count("accepted-examples", "unknown-task")).isEqualTo(101);
        assertThat(registry.getMeters()).as("two reasons on two topics").hasSize(4);
    }

    @Test
    void shouldNotCountRecordsInTheirOwnPartition() {
        // When
        check("accepted-examples", OWN, "sentiment");

        // Then
        assertThat(count("accepted-examples", "unknown-task")).isZero();
        assertThat(count("accepted-examples", "wrong-partition")).isZero();
    }

    private void check(String topic, int partition, String key) {
        foreign.check(new ConsumerRecord<>(topic, partition, 0, key, new byte[0]), PARTITIONS);
    }

    private double count(String topic, String reason) {
        Counter counter = registry.get("millrace.trainer.foreign")
                .tag("topic", topic)
                .tag("reason", reason)
                .counter();
        return counter.count();
    }
}
