package io.millrace.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.kafka.KafkaConnection;
import org.junit.jupiter.api.Test;

import java.util.Map;

class CheckpointAnnouncerTest {

    @Test
    void shouldLetTheUserSetWhatNoGuaranteeDependsOn() {
        // Given
        KafkaConnection kafka = new KafkaConnection(
                "localhost:9092",
                Map.of(
                        "transaction.timeout.ms", "60000",
                        "delivery.timeout.ms", "40000",
                        "max.block.ms", "50000",
                        "security.protocol", "SSL"));

        // When
        Map<String, Object> settings = CheckpointAnnouncer.settings(kafka, "intent", 1 << 20);

        // Then
        assertThat(settings)
                .containsEntry("transaction.timeout.ms", "60000")
                .containsEntry("delivery.timeout.ms", "40000")
                .containsEntry("max.block.ms", "50000")
                .containsEntry("security.protocol", "SSL");
    }

    @Test
    void shouldKeepTheSettingsThatItsGuaranteesDependOn() {
        // Given
        KafkaConnection kafka = new KafkaConnection(
                "localhost:9092",
                Map.of("transactional.id", "mine", "max.request.size", "1000", "compression.type", "zstd"));

        // When
        Map<String, Object> settings = CheckpointAnnouncer.settings(kafka, "intent", 16 << 20);

        // Then
        assertThat(settings)
                .containsEntry("transactional.id", "millrace-trainer-intent")
                .containsEntry("max.request.size", 16 << 20)
                .containsEntry("compression.type", "none")
                .containsEntry("delivery.timeout.ms", 300_000);
    }

    @Test
    void shouldFenceOnlyTrainersOfItsOwnInstallation() {
        // Given
        KafkaConnection kafka = new KafkaConnection("localhost:9092", Map.of(), "ours-");

        // When
        Map<String, Object> settings = CheckpointAnnouncer.settings(kafka, "intent", 1 << 20);

        // Then
        assertThat(settings)
                .containsEntry("transactional.id", "ours-millrace-trainer-intent")
                .containsEntry("client.id", "ours-millrace-trainer-intent");
    }

    @Test
    void shouldLeaveRoomForAnAnnouncementWhereRejectedRecordsAreSmall() {
        // When
        Map<String, Object> settings =
                CheckpointAnnouncer.settings(new KafkaConnection("localhost:9092", null), "intent", 16 << 10);

        // Then
        assertThat(settings).containsEntry("max.request.size", 1 << 20);
    }
}
