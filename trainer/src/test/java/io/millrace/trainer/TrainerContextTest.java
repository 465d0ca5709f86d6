package io.millrace.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class TrainerContextTest {

    private final KafkaConnection kafka = new KafkaConnection("localhost:1", Map.of(), "ours-");
    private final List<Object> told = new ArrayList<>();

    @Test
    void shouldTellOfDriftAndThenOfTheCheckpointThatItWasPublishedWith() {
        // Given
        TrainerContext context =
                new TrainerContext(kafka, Path.of("store"), new SimpleMeterRegistry(), new TrainerListener() {

                    @Override
                    public void checkpoint(CheckpointAnnouncement announcement) {
                        told.add(announcement);
                    }

                    @Override
                    public void drift(DriftEvent event) {
                        told.add(event);
                    }
                });
        CheckpointAnnouncement announcement = new CheckpointAnnouncement(
                new CheckpointReference("mood", "checkpoint-000001", 1, "mood/checkpoint-000001", "ab"),
                null,
                new OffsetRange(0, 0, 4),
                4,
                Map.of());
        DriftEvent drift = new DriftEvent(
                "mood",
                DriftPhase.STARTED,
                "prequentialAccuracy",
                "detector",
                new DriftEvent.Reading(0.4, 0.8, 0.4, 500),
                1);

        // When
        context.published(
                announcement,
                List.of(
                        new ProducerRecord<>(kafka.named(Topics.REJECTED_EXAMPLES.name()), "mood", new byte[] {'{'}),
                        record(drift)));

        // Then
        assertThat(told).containsExactly(drift, announcement);
    }

    private ProducerRecord<String, byte[]> record(DriftEvent event) {
        Topic<DriftEvent> topic = kafka.topic(Topics.DRIFT);
        return new ProducerRecord<>(
                topic.name(), event.task(), topic.valueSerde().serializer().serialize(topic.name(), event));
    }
}
