package io.millrace.schemas.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

import java.util.Map;

class TopicsTest {

    private static final Map<String, String> A_WEEK = configs("delete", "604800000", 1 << 20);
    private static final Map<String, String> A_WEEK_OF_ANYTHING = configs("delete", "604800000", 16 << 20);
    private static final Map<String, String> FOR_EVER = configs("delete", "-1", 1 << 20);
    private static final Map<String, String> COMPACTED = configs("compact", "-1", 1 << 20);

    @Test
    void shouldNameEveryTopicOnce() {
        assertThat(Topics.ALL)
                .extracting(Topic::name)
                .containsExactly(
                        "examples",
                        "texts",
                        "probes",
                        "accepted-examples",
                        "rejected-examples",
                        "checkpoints",
                        "evaluations",
                        "drift",
                        "model-updates",
                        "model-requests",
                        "request-outcomes",
                        "task-histories")
                .doesNotHaveDuplicates();
    }

    @Test
    void shouldKeepRecordsOfTaskInTheSamePartitionNumberOnEveryTopic() {
        assertThat(Topics.ALL).extracting(Topic::partitions).containsOnly(4);
    }

    @Test
    void shouldKeepInputsForWeekAndLineageForEver() {
        assertThat(Topics.EXAMPLES.definition().configs()).isEqualTo(A_WEEK_OF_ANYTHING);
        assertThat(Topics.TEXTS.definition().configs()).isEqualTo(A_WEEK);
        assertThat(Topics.ACCEPTED_EXAMPLES.definition().configs()).isEqualTo(A_WEEK);
        assertThat(Topics.REJECTED_EXAMPLES.definition().configs()).isEqualTo(A_WEEK_OF_ANYTHING);
        assertThat(Topics.PROBES.definition().configs()).isEqualTo(COMPACTED);
        assertThat(Topics.TASK_HISTORIES.definition().configs()).isEqualTo(COMPACTED);
        assertThat(Topics.CHECKPOINTS.definition().configs()).isEqualTo(FOR_EVER);
        assertThat(Topics.EVALUATIONS.definition().configs()).isEqualTo(FOR_EVER);
        assertThat(Topics.DRIFT.definition().configs()).isEqualTo(FOR_EVER);
        assertThat(Topics.MODEL_UPDATES.definition().configs()).isEqualTo(FOR_EVER);
    }

    @Test
    void shouldLeaveReplicationToTheBroker() {
        // When
        NewTopic definition = Topics.EXAMPLES.definition();

        // Then
        assertThat(definition.numPartitions()).isEqualTo(4);
        assertThat(definition.replicationFactor()).isEqualTo((short) -1);
    }

    @Test
    void shouldKeepRawBytesWhereAnythingMayArrive() {
        // Given
        byte[] noJson = {1, 2, 3};

        // When
        byte[] read = Topics.EXAMPLES.valueSerde().deserializer().deserialize("examples", noJson);

        // Then
        assertThat(read).isEqualTo(noJson);
        assertThat(Topics.EXAMPLES.keySerde().serializer().serialize("examples", "intent"))
                .asString()
                .isEqualTo("intent");
    }

    private static Map<String, String> configs(String cleanupPolicy, String retentionMs, int maxMessageBytes) {
        return Map.of(
                "cleanup.policy",
                cleanupPolicy,
                "retention.ms",
                retentionMs,
                "retention.bytes",
                "-1",
                "max.message.bytes",
                Integer.toString(maxMessageBytes));
    }
}
