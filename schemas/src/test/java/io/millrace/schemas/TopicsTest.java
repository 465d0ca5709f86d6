package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

import java.util.Map;

class TopicsTest {

    private static final Map<String, String> A_WEEK = Map.of("cleanup.policy", "delete", "retention.ms", "604800000");
    private static final Map<String, String> FOR_EVER = Map.of("cleanup.policy", "delete", "retention.ms", "-1");
    private static final Map<String, String> COMPACTED = Map.of("cleanup.policy", "compact", "retention.ms", "-1");

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
                        "model-updates")
                .doesNotHaveDuplicates();
    }

    @Test
    void shouldKeepRecordsOfTaskInTheSamePartitionNumberOnEveryTopic() {
        assertThat(Topics.ALL).extracting(Topic::partitions).containsOnly(4);
    }

    @Test
    void shouldKeepInputsForWeekAndLineageForEver() {
        assertThat(Topics.EXAMPLES.definition().configs()).isEqualTo(A_WEEK);
        assertThat(Topics.TEXTS.definition().configs()).isEqualTo(A_WEEK);
        assertThat(Topics.ACCEPTED_EXAMPLES.definition().configs()).isEqualTo(A_WEEK);
        assertThat(Topics.REJECTED_EXAMPLES.definition().configs()).isEqualTo(A_WEEK);
        assertThat(Topics.PROBES.definition().configs()).isEqualTo(COMPACTED);
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
}
