package io.millrace.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.contract.Topicwise;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import io.millrace.schemas.store.Sha256;
import io.millrace.trainer.checkpoint.CheckpointAnnouncer;
import io.millrace.trainer.checkpoint.UnsettledAnnouncementException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Two trainers of one task: only the younger can announce. */
class FencingIT {

    private static final String TASK = "plain";

    @TempDir
    private Path folder;

    @Test
    void shouldLetOnlyTheYoungerTrainerAnnounce() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            KafkaConnection kafka = broker.connection();
            ChaosStream.createTopics(kafka);
            try (CheckpointAnnouncer older = announcer(kafka);
                    CheckpointAnnouncer younger = announcer(kafka)) {
                // Given
                older.takeOver();
                announce(older, "checkpoint-000001");

                // When
                younger.takeOver();

                // Then
                assertThatThrownBy(() -> announce(older, "checkpoint-000002"))
                        .isInstanceOf(UnsettledAnnouncementException.class)
                        .hasMessageContaining("cannot announce plain/checkpoint-000002");
                announce(younger, "checkpoint-000003");
                assertThat(ChaosStream.announcements(kafka))
                        .extracting(announcement -> announcement.checkpoint().id())
                        .containsExactly("checkpoint-000001", "checkpoint-000003");
                assertThat(Topicwise.records(kafka, Topics.REJECTED_EXAMPLES))
                        .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
                        .containsExactly("checkpoint-000001", "checkpoint-000003");
            }
        }
    }

    private static CheckpointAnnouncer announcer(KafkaConnection kafka) {
        return new CheckpointAnnouncer(kafka, TASK, new SimpleMeterRegistry(), 1 << 20);
    }

    /** With a record for another topic in the same transaction: none of the two may be seen without the other. */
    private static void announce(CheckpointAnnouncer announcer, String id) {
        announcer.announce(
                new CheckpointAnnouncement(
                        new CheckpointReference(TASK, id, 1, TASK + "/" + id, Sha256.of(id)),
                        null,
                        new OffsetRange(0, 0, 1),
                        1,
                        Map.of()),
                List.of(new ProducerRecord<>(
                        Topics.REJECTED_EXAMPLES.name(), TASK, id.getBytes(StandardCharsets.UTF_8))));
    }
}
